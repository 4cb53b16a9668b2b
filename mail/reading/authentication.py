"""Who sent a mail, and whether the operator's own mail server has proven it.

The From address counts as proven by the topmost ``Authentication-Results`` field (RFC 8601) of that
server: a DMARC pass for the address's domain (RFC 7489), or else a DKIM pass whose signing domain is
that domain or one above it (RFC 6376). The server must take away such fields that others wrote in its
name, as RFC 8601, section 5, asks.
"""

import re

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


def sole_address(field: str) -> str | None:
    """The address of a From field in lower case; ``None`` unless it is plainly one and no other.

    Forms that two programs may read differently (comments, groups, quoted local parts) are none.
    """
    rest = _QUOTED.sub(" ", field).strip()
    if any(sign in rest for sign in '"(),:;\\'):
        return None
    if rest.endswith(">"):
        name, _, rest = rest[:-1].partition("<")
        if "@" in name or ">" in name:
            return None
    return rest.lower() if _ADDRESS.fullmatch(rest) else None


def is_proven(address: str, fields: list[str], authserv_id: str) -> bool:
    """Whether the topmost of ``fields`` (Authentication-Results) that is ours proves ``address``."""
    domain = address.rpartition("@")[2]
    for field in fields:
        results = _results(field)
        if authserv_id and results and results[0] and results[0][0].lower() == authserv_id.lower():
            return _proves(domain, results[1:])
    return False


def _proves(domain: str, results: list[list[str]]) -> bool:
    aligned = False
    for method, *rest in filter(None, results):
        facts = dict(_pair(word) for word in rest)
        match _pair(method):
            case "dmarc", "pass" if facts.get("header.from") == domain:
                return True
            case "dmarc", "fail":
                return False
            case "dkim", "pass":
                signer = facts.get("header.d", "")
                aligned |= "." in signer and f".{domain}".endswith(f".{signer}")
    return aligned


def _pair(word: str) -> tuple[str, str]:
    name, _, value = word.lower().partition("=")
    return name.partition("/")[0], value


def _results(field: str) -> list[list[str]]:
    """The words of each part between semicolons, without comments; none where quotes or brackets are open.

    Parts of it repeat what the sender wrote (smtp.mailfrom), so quoting is read to the letter; a quoted
    string stays in its quotes and therefore equals nothing that is looked for.
    """
    parts: list[list[str]] = [[]]
    word, depth, quoted, escaped = "", 0, False, False
    for sign in f"{field} ":
        if escaped:
            escaped = False
        elif sign == "\\" and (quoted or depth):
            escaped = True
        elif sign == '"' and not depth:
            quoted = not quoted
        elif not quoted and sign in "()":
            depth += 1 if sign == "(" else -1
            if depth < 0:
                return []
            sign = " "
        if depth or (not quoted and (sign.isspace() or sign == ";")):
            if word:
                parts[-1].append(word)
            word = ""
            if sign == ";" and not depth:
                parts.append([])
        else:
            word += sign
    return [] if depth or quoted else parts
