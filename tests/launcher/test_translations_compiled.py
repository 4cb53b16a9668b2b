"""Our compiler of catalogues agrees with Python's reader of them."""

import gettext
from io import BytesIO

import polib

from launcher.parts import ROOT
from launcher.translations import compiled

ODD = r"""
msgid ""
msgstr ""
"Language: zh_Hans\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=1; plural=0;\n"

# A comment.
#: file.py:1
msgid "one \"word\"\n"
"and a second line"
msgstr "一个“词”\n"
"第二行"

msgctxt "verb"
msgid "Open"
msgstr "打开"

msgid "Open"
msgstr "未结"

msgid "%(count)d event"
msgid_plural "%(count)d events"
msgstr[0] "%(count)d 个事件"

#, fuzzy
msgid "not sure"
msgstr "不确定"

msgid "not yet"
msgstr ""

#~ msgid "gone"
#~ msgstr "没了"
"""


def test_every_kind_of_entry_is_found() -> None:
    catalogue = gettext.GNUTranslations(BytesIO(compiled(ODD)))
    assert catalogue.gettext('one "word"\nand a second line') == "一个“词”\n第二行"
    assert catalogue.gettext("Open") == "未结"
    assert catalogue.pgettext("verb", "Open") == "打开"
    assert catalogue.ngettext("%(count)d event", "%(count)d events", 5) == "%(count)d 个事件"
    for unknown in ("not sure", "not yet", "gone"):
        assert catalogue.gettext(unknown) == unknown


def test_it_agrees_with_polib_on_our_catalogues() -> None:
    for file in (ROOT / "locale").rglob("*.po"):
        ours = gettext.GNUTranslations(BytesIO(compiled(file.read_text("utf-8"))))
        theirs = gettext.GNUTranslations(BytesIO(polib.pofile(str(file)).to_binary()))
        assert ours._catalog == theirs._catalog  # type: ignore[attr-defined]  # No other way to all of them.
