"""A session's requests once more, to another upstream: a staging system, and what it answers otherwise.

Only what the gateway forwarded is sent, in its order. What was masked is not what was sent: such a request goes only
with something in its place. The recording holds no credential; what the upstream wants comes from the caller.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from interlock.errors import BodyRejected, InterlockError
from interlock.protocols.coding import decode_body
from interlock.replay.entry import Entry
from interlock.replay.leaving import Leaving, leaving
from interlock.replay.shape import changes, shape_of
from interlock.replay.substitutes import Substitute, masked_places, substituted

if TYPE_CHECKING:
    import httpx

__all__ = ["Sent", "Target", "send"]

_MOST: Final = 32 << 20
_PIECE: Final = 64 << 10
_DOTS: Final = frozenset((".", ".."))


@dataclass(frozen=True, slots=True)
class Target:
    """Where requests go: a base URL, and headers that are added."""

    url: str
    headers: Mapping[str, str]

    def __post_init__(self) -> None:
        """Raises InterlockError for what is no base URL."""
        try:
            parts = urlsplit(self.url)
            fine = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            fine = False
        if not fine or parts.query or parts.fragment or parts.username:
            raise InterlockError(f"{self.url!a} is no base URL", hint="as in https://staging.example.com")


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one recorded request. `why` says why it was not sent (empty: it was), `places` what it lacks.

    `skipped` marks one that the gateway refused then, so that it is none of the upstream's. `status` is 0 where there
    was no answer. `differs` says in words what the answer is made of otherwise, `left_out` what of the request stayed.
    """

    reference: str
    request: str
    recorded: int
    status: int = 0
    why: str = ""
    places: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()
    skipped: bool = False
    left_out: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Whether it was sent and answered as before."""
        return not self.why and not self.differs and self.status == self.recorded


def send(
    entries: Sequence[Entry], to: Target | Mapping[str, Target], client: httpx.Client,
    substitutes: Sequence[Substitute] = (), query: Mapping[str, str] | None = None,
) -> Iterator[Sent]:  # fmt: skip
    """Each request in its order, with what came of it. Never raises for one of them.

    `to` is where all of them go, or each by the name of its connection; one that is not named there is not sent.
    `query` has the members of queries that get another value, by name.
    """
    for entry in entries:
        flow = entry.flow
        shown = f"{flow.method} {flow.path.partition('?')[0]}"
        if not entry.forwarded:
            yield Sent(entry.reference, shown, flow.status, why="the gateway refused it then", skipped=True)
            continue
        if not _stays(flow.path.partition("?")[0]):
            yield Sent(entry.reference, shown, flow.status, why="its path is none")
            continue
        target = to if isinstance(to, Target) else to.get(entry.connection)
        if target is None:
            yield Sent(entry.reference, shown, flow.status, why="nobody said where it goes")
            continue
        body, done = substituted(flow.body, substitutes)
        places = masked_places(body)
        hidden = tuple(place for place in entry.hidden if place not in done and place not in places)
        going = leaving(entry, target.headers, query)
        if places or hidden or going.withheld:
            lacks = (*places, *hidden, *going.withheld)
            yield Sent(entry.reference, shown, flow.status, why="what it held there was masked", places=lacks)
            continue
        found = _sent(entry, going, body, target, client)
        yield replace(found, request=shown, left_out=going.left_out)


def _stays(path: str) -> bool:
    """Whether a path names no other host, and no folder above that of the base URL, however it is read."""
    read = unquote(unquote(path)).replace("\\", "/")
    return path.startswith("/") and _DOTS.isdisjoint(part.partition(";")[0] for part in read.split("/"))


def _sent(entry: Entry, going: Leaving, body: bytes, target: Target, client: httpx.Client) -> Sent:
    import httpx

    flow, shown = entry.flow, ""
    url, headers = target.url.rstrip("/") + going.target, [*going.headers, *target.headers.items()]
    try:
        with client.stream(flow.method, url, content=body, headers=headers) as answer:
            found = bytearray()
            for piece in answer.iter_raw(_PIECE):
                found += piece
                if len(found) > _MOST:
                    break
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        return Sent(entry.reference, shown, flow.status, why=f"no answer: {type(error).__name__}")
    try:
        read = decode_body(bytes(found), answer.headers.get("content-encoding", ""), _MOST)
    except BodyRejected:
        return Sent(entry.reference, shown, flow.status, answer.status_code, why="its answer cannot be read")
    then = shape_of(flow.answer, dict(flow.answer_headers).get("content-type", ""))
    now = shape_of(read, answer.headers.get("content-type", ""))
    return Sent(entry.reference, shown, flow.status, answer.status_code, differs=changes(then, now))
