"""System Information saved as .nfo or as text."""

from pathlib import Path

from tests.engine.parsers.machine.reading import read

NFO = (
    '<?xml version="1.0"?>\r\n<MsInfo>\r\n<Metadata><Version>8.0</Version></Metadata>\r\n'
    '<Category name="System Summary">\r\n'
    "<Data><Item><![CDATA[OS Name]]></Item><Value><![CDATA[Microsoft Windows 10 Pro]]></Value></Data>\r\n"
    "<Data><项目><![CDATA[系统名称]]></项目><数值><![CDATA[PC-01]]></数值></Data>\r\n"
    "</Category></MsInfo>"
)
TEXT = (
    "系统信息报告写入时间: 05/07/21 09:00:00\r\n系统名称: PC-01\r\n[系统摘要]"
    "\r\n\r\n项目\t数值\t\r\nBIOS 版本/日期\tDell 1.0\t\r\n"
)
EXAMPLES = [NFO.encode(), NFO.encode("utf-16"), TEXT.encode("utf-16")]


def test_the_summary_is_read_whatever_its_elements_are_called(tmp_path: Path) -> None:
    for content in EXAMPLES[:2]:
        artifact, told = read(tmp_path, content, "msinfo.nfo")

        assert artifact.kind == "msinfo"
        assert told == [("windows", "Microsoft Windows 10 Pro", 5, ""), ("computer", "PC-01", 6, "")]


def test_the_text_form_is_read_by_its_columns(tmp_path: Path) -> None:
    _, told = read(tmp_path, EXAMPLES[2], "msinfo.txt")

    assert told == [("bios", "Dell 1.0", 6, "")]
