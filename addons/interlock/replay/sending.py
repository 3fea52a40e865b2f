"""A session's requests once more, to another upstream: a staging system, and what it answers otherwise.

Only what the gateway forwarded is sent, in its order. What was masked is not what was sent: such a request goes only
with something in its place. The recording holds no credential; what the upstream wants comes from the caller.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from interlock.credentials.places import STEERING, STEERING_PREFIXES
from interlock.credentials.strip import is_credential_header
from interlock.errors import InterlockError
from interlock.replay.entry import Entry
from interlock.replay.marks import MARKS
from interlock.replay.shape import changes, shape_of
from interlock.replay.substitutes import Substitute, masked_places, substituted

if TYPE_CHECKING:
    import httpx

__all__ = ["Sent", "Target", "send"]

_MOST: Final = 32 << 20
_DOTS: Final = frozenset((".", ".."))
_NOT_SENT: Final = frozenset(
    (
        "host", "content-length", "content-encoding", "accept-encoding", "connection", "keep-alive", "te", "trailer",
        "transfer-encoding", "upgrade", "proxy-connection", "x-interlock-run", "expect",
    )
)  # fmt: skip


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
    """What became of one recorded request. `why` says why it was not sent (empty: it was), `places` where it is masked.

    `skipped` marks one that the gateway refused then, so that it is none of the upstream's. `status` is 0 where there
    was no answer. `differs` says in words what the answer is made of otherwise.
    """

    reference: str
    request: str
    recorded: int
    status: int = 0
    why: str = ""
    places: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()
    skipped: bool = False

    @property
    def same(self) -> bool:
        """Whether it was sent and answered as before."""
        return not self.why and not self.differs and self.status == self.recorded


def send(
    entries: Sequence[Entry], target: Target, client: httpx.Client, substitutes: Sequence[Substitute] = ()
) -> Iterator[Sent]:
    """Each request in its order, with what came of it. Never raises for one of them."""
    for entry in entries:
        flow = entry.flow
        shown = f"{flow.method} {flow.path.partition('?')[0]}"
        if not entry.forwarded:
            yield Sent(entry.reference, shown, flow.status, why="the gateway refused it then", skipped=True)
            continue
        if not flow.path.startswith("/") or not _DOTS.isdisjoint(flow.path.partition("?")[0].split("/")):
            # it could name another host, or leave the folder of the base URL
            yield Sent(entry.reference, shown, flow.status, why="its path is none")
            continue
        body, done = substituted(flow.body, substitutes)
        places = masked_places(body)
        hidden = tuple(place for place in entry.hidden if place not in done and place not in places)
        in_path = ("the path",) if MARKS.search(flow.path.encode("utf-8", "replace")) else ()
        if places or hidden or in_path:
            found = (*places, *hidden, *in_path)
            yield Sent(entry.reference, shown, flow.status, why="what it held there was masked", places=found)
            continue
        yield _sent(entry, shown, body, target, client)


def _sent(entry: Entry, shown: str, body: bytes, target: Target, client: httpx.Client) -> Sent:
    import httpx

    flow = entry.flow
    headers = [(name, value) for name, value in flow.headers if _goes(name) and name not in target.headers]
    try:
        with client.stream(
            flow.method, target.url.rstrip("/") + flow.path, content=body, headers=[*headers, *target.headers.items()]
        ) as answer:
            found = bytearray()
            for piece in answer.iter_bytes():
                found += piece
                if len(found) > _MOST:
                    return Sent(entry.reference, shown, flow.status, answer.status_code, why="its answer is too large")
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        return Sent(entry.reference, shown, flow.status, why=f"no answer: {type(error).__name__}")
    then = shape_of(flow.answer, dict(flow.answer_headers).get("content-type", ""))
    now = shape_of(bytes(found), answer.headers.get("content-type", ""))
    return Sent(entry.reference, shown, flow.status, answer.status_code, differs=changes(then, now))


def _goes(name: str) -> bool:
    steers = name in STEERING or name.startswith(STEERING_PREFIXES)  # it could name the recorded host to staging
    return name not in _NOT_SENT and not steers and not is_credential_header(name)
