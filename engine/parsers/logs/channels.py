"""The names that text logs, reports and dumps have as channels of the index, and where Windows keeps them."""

from collections.abc import Mapping

CBS, DISM, SETUPACT = "CBS.log", "dism.log", "setupact.log"
SETUPAPI, WINDOWS_UPDATE = "setupapi.dev.log", "WindowsUpdate.log"
MSI, CODEMETER, PLAIN = "MSI log", "CodeMeter.log", "Text log"
WER, CRASH_DUMP, PROCESS_DUMP = "Report.wer", "Crash dump", "Process dump"

PLACES: Mapping[str, str] = {
    CBS: r"C:\Windows\Logs\CBS\CBS.log",
    DISM: r"C:\Windows\Logs\DISM\dism.log",
    SETUPACT: r"C:\Windows\Panther\setupact.log",
    SETUPAPI: r"C:\Windows\INF\setupapi.dev.log",
    WINDOWS_UPDATE: r"%USERPROFILE%\Desktop\WindowsUpdate.log (Get-WindowsUpdateLog)",
    MSI: "msiexec /i … /l*v install.log",
    CODEMETER: r"C:\ProgramData\CodeMeter\Logs",
    PLAIN: "",
    WER: r"C:\ProgramData\Microsoft\Windows\WER\ReportArchive",
    CRASH_DUMP: r"C:\Windows\Minidump",
    PROCESS_DUMP: r"%LOCALAPPDATA%\CrashDumps",
}
"""A channel → where its file is, or how it is made; empty where no single place is known."""
