"""What stands below a mail's words: only lines that are nothing else are cut."""

import time

import pytest

from cases.thread.signatures import without_signature
from tests.tables import table

SIGNATURES = """
王爱丽 / 信息中心 / 电话：010-00000000
-- / Alice Wang / IT Manager / Quality first, customers foremost
发自我的iPhone
Sent from my iPhone
Sent from Mail for Windows
获取 Outlook for iOS
從我的 iPhone 傳送
发自我的小米手机
来自我的华为手机
Sent from Spark
Envoyé à partir de Outlook pour iOS
Verzonden vanaf mijn iPhone
Skickat från min iPad
Lähetetty iPhonesta
Wysłane z iPhone'a
Отправлено из мобильной Яндекс Почты
Inviato dal mio iPhone
Hent Outlook til iOS
iPhone'umdan gönderildi
Best regards, / Alice
此致 / 敬礼 / / 李雷 / 2020年11月27日
王爱丽 | 信息中心 | 示例集团 / T: 010-00000000 | E: a@e.example
Mit freundlichen Grüßen / Alice Wang / Example GmbH
Alice Wang / Senior IT Engineer / 1 Example Road, Example City / M: +86 138 0000 0000
"""

WORDS = """
还是不行
Urgent
Not solved
请转给技术部
连不上
服务停了
发自我的iPhone，日志明天上传
电话：打不通
地址：0x7FFF0000
另外请问什么时候上门？
[error.png]
王爱丽 / / 另外服务没有启动
-- / It still fails
Отправлено с ошибкой
Skickat till er igår
"""


@pytest.mark.parametrize("signature", table(SIGNATURES))
def test_a_signature_is_cut_and_alone_it_leaves_nothing(signature: str) -> None:
    assert without_signature(f"日志已经上传。\n\n{signature}\n") == "日志已经上传。"
    assert without_signature(signature) == ""


@pytest.mark.parametrize("words", table(WORDS))
def test_what_says_something_stays(words: str) -> None:
    assert without_signature(f"谢谢\n{words}") == f"谢谢\n{words}"


@pytest.mark.parametrize(
    "shape", ["王爱丽\n", "\n", "a@", "1 ", "市", "A. ", "<http:", "[", "电话 1", "-- \n", "Sent from my "]
)
def test_megabytes_take_no_time(shape: str) -> None:
    began = time.process_time()
    without_signature(shape * (2_000_000 // len(shape)))
    assert time.process_time() - began < 1
