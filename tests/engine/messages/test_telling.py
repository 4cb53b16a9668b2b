"""Of a long report the sentence keeps what tells the fault."""

import pytest

from engine.messages.telling import telling

ASP_NET = """An unhandled exception occurred and the process was terminated.

Application ID: /LM/W3SVC/2/ROOT

Process ID: 4124

Exception: System.Data.SqlClient.SqlException

Message: Execution Timeout Expired.

StackTrace:    at Orders.Web.PriceTimer.Refresh(Object state)
   at System.Threading.TimerQueueTimer.Fire()
"""
NO_RUNTIME = """Description: A .NET application failed.
Application: LabelAgent.exe
Path: C:\\Program Files\\Label Agent\\LabelAgent.exe
Message: You must install or update .NET to run this application.
Architecture: x64
Framework: 'Microsoft.NETCore.App', version '8.0.0' (x64)
.NET location: C:\\Program Files\\dotnet\\
"""


@pytest.mark.parametrize(
    ("said", "limit", "told"),
    [
        (ASP_NET, 120, "Exception: System.Data.SqlClient.SqlException; Message: Execution Timeout Expired"),
        (ASP_NET, 60, "Exception: System.Data.SqlClient.SqlException"),
        (
            NO_RUNTIME,
            160,
            "Application: LabelAgent.exe; Message: You must install or update .NET to run this application; "
            "Framework: 'Microsoft.NETCore.App', version '8.0.0' (x64)",
        ),
        (
            "starting\nreading the settings of the service\ncould not bind to address 0.0.0.0:8080\nstopping",
            45,
            "could not bind to address 0.0.0.0:8080",
        ),
        ("short\nas it is", 120, "short\nas it is"),
        ("x" * 30, 10, "x" * 9 + "…"),
        ("Process ID: 1\n" * 20, 20, "Process ID: 1"),
    ],
)
def test_the_fault_is_kept_and_the_head_left_out(said: str, limit: int, told: str) -> None:
    assert telling(said, limit) == told
