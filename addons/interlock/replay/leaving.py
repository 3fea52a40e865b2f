"""What of a recorded request may leave for another upstream: headers by a list, and a query without credentials.

A recording should hold no credential, but whoever made it may have had other rules, or may mean ill. So nothing leaves
because nobody thought of it: of headers only those that say what a body is and which version of an API is spoken, of
the query what is neither called nor looks like a credential. What stays here is named.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final
from urllib.parse import quote, unquote_plus

from interlock.credentials.strip import fold_member, is_credential_member
from interlock.errors import InterlockError
from interlock.masking import Masker, MaskRule, known_detectors
from interlock.replay.entry import Entry
from interlock.replay.marks import MARKS

__all__ = ["Leaving", "leaving"]

_HEADERS: Final = frozenset(
    (
        "accept", "accept-language", "anthropic-beta", "anthropic-version", "apollo-require-preflight",
        "content-language", "content-type", "graphql-require-preflight", "if-match", "if-unmodified-since",
        "mcp-method", "mcp-name", "mcp-protocol-version", "openai-beta", "prefer", "user-agent", "x-requested-with",
    )
)  # fmt: skip
_REPEATED: Final = "mcp-param-"
"""Headers that repeat an argument of a tool; an MCP server refuses a call without them, as without `mcp-name`."""
_LONGEST: Final = 1024
_READING: Final = frozenset(("GET", "HEAD", "OPTIONS"))
_NAMED: Final = re.compile(
    r"(?:^|-)(?:auth|bearer|jwt|key|pass|pwd|session|sid|sig|signature)s?(?:-|$)|apikey|passw|secret|token|credential"
)
_SECRETS: Final = re.compile(
    r".*-(?:account|argument|authorization|bearer|dsn|element|jwt|key|password|sas|secret|string|token|value|webhook)|jwt"
)


@dataclass(frozen=True, slots=True)
class Leaving:
    """What goes, and by name what does not. Nothing goes where something is `withheld` that it cannot go without."""

    target: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    left_out: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()


def leaving(entry: Entry, given: Collection[str] = (), query: Mapping[str, str] | None = None) -> Leaving:
    """What of an exchange's target and headers leaves. Never raises.

    `given` are headers that the caller sends in any case (lower case), `query` the members that get another value.
    Of the query a masked member withholds the request, for it would ask for something else without; one that only
    looks like a credential does where more than reading is asked for. What is always a credential's was not forwarded
    then either.
    """
    flow = entry.flow
    path, mark, rest = flow.path.partition("?")
    if _is_masked(path) or _is_secret(path):
        return Leaving(path, withheld=("the path",))
    kept, out = [], list[str]()
    for name, value in flow.headers:
        fine = len(value) <= _LONGEST and value.isascii() and value.isprintable()
        if name in given:
            continue
        known = name in _HEADERS or name.startswith(_REPEATED)
        if known and fine and not _is_masked(value) and not _is_secret(value):
            kept.append((name, value))
        else:
            out.append(f"header {name}")
    members, missing, withheld = _query(rest, query or {}, reading=flow.method in _READING)
    found = "&".join(members)
    left_out = tuple(dict.fromkeys([*missing, *out]))
    return Leaving(f"{path}{mark}{found}" if found or not rest else path, tuple(kept), left_out, withheld)


def _query(query: str, given: Mapping[str, str], *, reading: bool) -> tuple[list[str], list[str], tuple[str, ...]]:
    """The members that go, as they stand; those that do not; and those without which the rest does not either."""
    kept, out, withheld = list[str](), list[str](), list[str]()
    for member in re.split("[&;]", query) if query else ():
        raw, equals, _ = member.partition("=")
        name, text = unquote_plus(raw), unquote_plus(member)
        shown = f"query {name if equals and not _is_masked(name) else '(no name)'}"
        if name in given:
            kept.append(f"{raw}={quote(given[name], safe='')}")
        elif is_credential_member(raw):
            out.append(shown)
        elif _is_masked(text):
            withheld.append(shown)
        elif _NAMED.search(fold_member(raw)) or _is_secret(text):
            (out if reading else withheld).append(shown)
        else:
            kept.append(member)
    return kept, out, tuple(dict.fromkeys(withheld))


def _is_masked(text: str) -> bool:
    return MARKS.search(text.encode("utf-8", "surrogatepass")) is not None


def _is_secret(text: str) -> bool:
    """Whether some detector of keys, tokens and passwords finds something; what cannot be searched counts as one."""
    try:
        return bool(text) and _masker().text(text).text != text
    except (InterlockError, ValueError, TimeoutError):
        return True


@cache
def _masker() -> Masker:
    names = tuple(name for name in known_detectors() if _SECRETS.fullmatch(name))
    return Masker((MaskRule(id="leaving", detect=names),), bytes(32))
