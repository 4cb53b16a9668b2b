"""Which kinds of events our own rules ask for: of all others the portal knows nothing but their text."""

from engine.rules.prepared import prepared
from engine.rules.rule_files import own_rules
from engine.rules.sql import any_of

_TELLING = ("provider", "event_id", "channel")


def known() -> str:
    """An SQL condition on the table ``kind`` (see ``EventIndex.kinds_that``): some rule of ours might match
    an event of the kind, whatever it then asks of its values. What looks for a code in events of every source
    knows none of them."""
    ready = [prepared(file, True).compiled for file in own_rules()]
    possible = [need.possible for compiled in ready if compiled is not None for need in compiled.needs]
    return any_of([one for one in possible if any(column in one for column in _TELLING)])
