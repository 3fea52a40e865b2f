"""Sends heads to one anchor, beside everything else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from interlock.errors import Reason, Refused
from interlock.recording.anchor import Sink, Target
from interlock.recording.sender import Sender

_PATIENCE = 10


class Anchor:
    """Keeps heads, while `open` is set; fails while `broken` says why."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []
        self.tries = 0
        self.broken: Exception | None = None
        self.open = threading.Event()
        self.open.set()
        self.asked = threading.Event()
        self.proof = b""

    def send(self, line: bytes, target: Target, now: float) -> bytes:
        self.tries += 1
        self.asked.set()
        assert self.open.wait(_PATIENCE)
        if self.broken is not None:
            raise self.broken
        self.kept.append(line)
        return self.proof


@pytest.fixture
def anchor() -> Anchor:
    return Anchor()


@pytest.fixture
def stamped() -> list[tuple[bytes, str, str]]:
    return []


@pytest.fixture
def sender(anchor: Anchor, clock, stamped, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Sender]]:
    monkeypatch.setattr("interlock.recording.sender._FIRST_WAIT", 0.01)
    made: list[Sender] = []

    def make(every: float = 0.0) -> Sender:
        sink = Sink("test", anchor.send)
        made.append(Sender(sink, Target(every=every), clock, lambda *stamp: stamped.append(stamp)))
        return made[-1]

    yield make
    anchor.open.set()
    for each in made:
        each.close(0)


def test_a_head_is_kept_and_its_age_told(sender, anchor: Anchor, clock, stamped) -> None:
    """What the anchor answered is noted; nothing waits."""
    anchor.proof = b"proof"
    found = sender()
    assert found.health() == {"to": "test", "age": None, "waiting": 0.0, "failing": False}
    found.offer(b"one")
    assert found.close(_PATIENCE)
    assert (anchor.kept, stamped) == ([b"one"], [(b"one", "test", "cHJvb2Y=")])
    clock.advance(7)
    assert found.health() == {"to": "test", "age": 7.0, "waiting": 0.0, "failing": False}


def test_only_the_newest_head_waits(sender, anchor: Anchor, clock) -> None:
    """A slow anchor costs no memory: a later head vouches for what an earlier one did."""
    anchor.open.clear()
    found = sender()
    found.offer(b"0")
    assert anchor.asked.wait(_PATIENCE)
    for number in range(1, 100):
        found.offer(b"%d" % number)
    clock.advance(30)
    assert found.health()["waiting"] == 30.0
    anchor.open.set()
    assert found.close(_PATIENCE)
    assert anchor.kept == [b"0", b"99"]


@pytest.mark.parametrize("error", [OSError("no room"), Refused(Reason.SECRET_UNAVAILABLE), RuntimeError("secret")])
def test_a_failing_anchor_is_tried_again_and_said(
    sender, anchor: Anchor, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever it raises; loud, without what an unforeseen error may hold."""
    anchor.broken = error
    found = sender()
    found.offer(b"one")
    while anchor.tries < 3:
        anchor.asked.clear()
        assert anchor.asked.wait(_PATIENCE)
    assert found.health()["failing"] is True
    assert "The anchor test does not keep tree heads: " in caplog.text
    assert "secret" not in caplog.text.replace("credential", "")
    anchor.broken = None
    while not anchor.kept:
        anchor.asked.clear()
        assert anchor.asked.wait(_PATIENCE) or anchor.kept
    assert found.close(_PATIENCE)
    assert anchor.kept == [b"one"]
    assert "keeps tree heads again" in caplog.text


def test_closing_does_not_wait_for_an_anchor_that_is_away(
    sender, anchor: Anchor, caplog: pytest.LogCaptureFixture
) -> None:
    """It says that the last head was not kept."""
    anchor.broken = OSError("away")
    found = sender()
    found.offer(b"one")
    while not found.health()["failing"]:
        assert anchor.asked.wait(_PATIENCE)
    assert not found.close(_PATIENCE)
    assert "was not kept by the anchor test" in caplog.text


def test_an_anchor_that_is_to_be_asked_seldom_gets_the_last_head(sender, anchor: Anchor) -> None:
    """In between heads wait; the gateway's last one does not."""
    found = sender(every=1000.0)
    found.offer(b"one")
    while not anchor.kept:
        assert anchor.asked.wait(_PATIENCE)
    for number in range(5):
        found.offer(b"%d" % number)
    assert anchor.kept == [b"one"]
    assert found.close(_PATIENCE)
    assert anchor.kept == [b"one", b"4"]
