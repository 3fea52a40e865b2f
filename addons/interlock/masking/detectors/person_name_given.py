"""Names of people in a field that is only called `name`: two to four words, and the first is a given name."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.masking.detector import Detector
from interlock.masking.detectors._given_names import GIVEN, NO_SURNAMES
from interlock.masking.nearby import directly

__all__ = ["PART"]


_ASKS = directly("name")


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    at = start
    while text[at - 1 : at] in (b" ", b'"', b"'", b"\\"):
        at -= 1
    if not _ASKS(text, at - 1):
        return []
    words = text[start:end].decode("utf-8", "replace").lower().split(" ")
    given = words[-1] not in NO_SURNAMES and all(part in GIVEN for part in words[0].split("-"))
    return [(start, end, "medium")] if given and text[end : end + 1] not in (b"_", b"/", b"(") else []


_LARGE = r"(?:[A-Z]|[\x{c0}-\x{de}]|\x{141}|\x{160}|\x{17d})"
_SMALL = r"[a-z'\x{df}-\x{17f}\-]"

PART = Detector(
    name="person-name-given",
    kind="person-name",
    pattern=(
        rf"[:=][ \"'\\]{{0,4}}({_LARGE}{_SMALL}{{1,14}}(?:-{_LARGE}{_SMALL}{{1,14}})?(?: {_LARGE}\.?)?"
        rf"(?: (?:von|van|de|der|den|da|di|la|zu|el|al|bin)){{0,2}}(?: {_LARGE}{_SMALL}{{1,20}}(?:[A-Z][a-z]{{1,20}})?"
        rf"(?:-{_LARGE}{_SMALL}{{1,20}})?){{1,2}})"
    ),
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz '.-:=\"\\",
    wide=True,
    length=300,
    confidence="medium",
    words=("name",),
    begins=":=",
    escaped=True,
    judge=_judge,
    hits=(
        '{"name": "«Erika Mustermann»", "id": 1}',
        "Name: «Max von Muster»\nuser name: «Jean-Luc Picard»",
        "customer_name: «Anna-Lena Schmidt-Meyer»; name = «John Q. Public»",
    ),
    misses=(
        '{"name": "Release Pipeline"}',
        "name: Erika",
        "name: web server",
        "Name: Max Length",
        "name: Martin Muster_X",
    ),
)
