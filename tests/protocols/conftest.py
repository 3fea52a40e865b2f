"""What the protocol tests share: exchanges, connections, captured bodies, an analysis that repeats its question."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from interlock.model import JSON, BodyState, Exchange, Operation, Origin, Refusal, Side
from interlock.paths import compile_path
from interlock.protocols.body import read_json
from interlock.protocols.replies import Find, Treatment
from interlock.settings import CommandPlace, Connection, compile_glob

CAPTURES = Path(__file__).parent.parent / "captures"
ORIGIN = Origin("https", "api.example.com", 443)


@pytest.fixture
def capture() -> Callable[[str], bytes]:
    """The bytes of one captured body, by `folder/file`."""
    return lambda name: (CAPTURES / name).read_bytes()


@pytest.fixture
def request_of() -> Callable[..., Exchange]:
    """A complete request: method, target, body, headers."""

    def make(method: str, target: str, body: bytes = b"", **headers: str) -> Exchange:
        named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
        return Exchange(Side.REQUEST, "c", method, ORIGIN, target, named, body, BodyState.COMPLETE)

    return make


@pytest.fixture
def reply_to() -> Callable[..., Exchange]:
    """A complete response to a request."""

    def make(request: Exchange, body: bytes, status: int = 200) -> Exchange:
        return Exchange(
            Side.RESPONSE,
            "c",
            request.method,
            ORIGIN,
            request.target,
            (),
            body,
            BodyState.COMPLETE,
            status,
            request,
        )

    return make


@pytest.fixture
def connection() -> Callable[..., Connection]:
    """A connection whose command places are given as (at, path, language, dialect, also)."""

    def make(*places: tuple[str, str, str, str, list[str]]) -> Connection:
        found = []
        for at, path, language, dialect, also in places:
            method, _, glob = at.partition(" ")
            others = tuple(map(compile_path, also))
            found.append(CommandPlace(method, compile_glob(glob), compile_path(path), path, language, dialect, others))
        return Connection("c", "http", (ORIGIN,), commands=tuple(found))

    return make


@pytest.fixture
def analyse() -> Callable[..., tuple[Operation, ...]]:
    """One operation for each text: its language, its text, its place."""

    def spoken(
        text: str, language: str, dialect: str = "", *, place: str = "", agent: bool = False
    ) -> tuple[Operation, ...]:
        return (Operation(language, "said", arguments={"dialect": dialect}, text=text, place=place, agent=agent),)

    return spoken


class Plain:
    """A text stream that masks nothing."""

    def feed(self, text: str) -> str:
        """The text itself."""
        return text

    def close(self) -> str:
        """Nothing was held."""
        return ""


@pytest.fixture
def treatment(analyse: Callable[..., tuple[Operation, ...]]) -> Callable[..., Treatment]:
    """A treatment that refuses the operations of these names, masks nothing, and keeps what was proposed in `seen`."""

    def make(*forbidden: str, seen: list[tuple[Operation, ...]] | None = None) -> Treatment:
        def bad(operation: Operation) -> bool:
            return any(part.name in forbidden for part in operation.walk())

        def judge(find: Find) -> Refusal | None:
            try:
                found: Sequence[Operation] = find()
            except Exception as error:
                return Refusal("body-unparsable", type(error).__name__)
            if seen is not None and found:
                seen.append(tuple(found))
            return Refusal("forbidden", "It is forbidden.") if any(map(bad, found)) else None

        def document(body: bytes, read: JSON = None) -> bytes:
            if read is None:
                read_json(body)
            return body

        return Treatment(judge, lambda operation: not bad(operation), analyse, Plain, document, document, 1 << 20)

    return make


class Holding:
    """A text stream that holds everything to the end and masks one word: the hardest one for the order of events."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, text: str) -> str:
        """Holds the text."""
        self._held += text
        return ""

    def close(self) -> str:
        """All of it, masked."""
        return self._held.replace("clean", "*****")


@pytest.fixture
def masking(treatment: Callable[..., Treatment]) -> Callable[..., Treatment]:
    """A treatment that masks the word `clean`, across pieces too."""

    def document(body: bytes, read: JSON = None) -> bytes:
        if read is None:
            read_json(body)
        return body.replace(b"clean", b"*****")

    def make(*forbidden: str, seen: list[tuple[Operation, ...]] | None = None) -> Treatment:
        given = treatment(*forbidden, seen=seen)
        return dataclasses.replace(given, text=Holding, document=document, input=document)

    return make
