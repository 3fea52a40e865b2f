"""Heads time-stamped by RFC 3161, by a real time-stamper."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.x509 import Certificate
from rfc3161_client import decode_timestamp_response
from tests.servers.tsa import TimeStamper

from interlock.errors import InterlockError
from interlock.recording.anchor import Target
from interlock.recording.anchors.rfc3161 import PART
from interlock.recording.stamps import read_authorities, time_of

_LINE = b'{"a": "head"}'


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TimeStamper]:
    found = TimeStamper(tmp_path_factory.mktemp("tsa"))
    yield found
    found.close()


@pytest.fixture
def stamper(shared: TimeStamper) -> TimeStamper:
    shared.spoil = ""
    return shared


def _target(stamper: TimeStamper) -> Target:
    return Target(url=lambda: stamper.url, authorities=stamper.authorities)


def test_the_answer_is_about_the_head_and_holds(stamper: TimeStamper) -> None:
    """It comes back as it was given; its time is now; nobody else's authorities vouch for it."""
    answer = PART.send(_LINE, _target(stamper), 0.0)
    assert decode_timestamp_response(answer).tst_info.message_imprint.message == hashlib.sha256(_LINE).digest()
    authorities = read_authorities(stamper.authorities.read_bytes())
    at = time_of(answer, _LINE, authorities)
    assert abs((datetime.now(UTC) - datetime.fromisoformat(at)).total_seconds()) < 60
    assert time_of(answer, _LINE, ()) == at
    with pytest.raises(OSError, match="of something else"):
        time_of(answer, b"another head", authorities)
    with pytest.raises(OSError, match="does not hold"):
        time_of(answer, _LINE, _others(stamper))


def _others(stamper: TimeStamper) -> list[Certificate]:
    other = TimeStamper(stamper.folder / "other")
    other.close()
    return read_authorities(other.authorities.read_bytes())


@pytest.mark.parametrize(
    ("spoil", "says"),
    [("junk", "does not hold"), ("large", "too large"), ("status", "answered 503"), ("other", "does not hold")],
)
def test_an_answer_that_does_not_hold_is_no_anchor(stamper: TimeStamper, spoil: str, says: str) -> None:
    """It is asked again later."""
    stamper.spoil = spoil
    with pytest.raises(OSError, match=says):
        PART.send(_LINE, _target(stamper), 0.0)


def test_what_cannot_work_is_said(stamper: TimeStamper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No address that may be, nobody there, no authorities, no package."""
    (tmp_path / "empty.pem").write_text("")
    for target, says in (
        (Target(url=lambda: "http://example.com", authorities=stamper.authorities), "must be https"),
        (Target(url=lambda: "http://127.0.0.1:9/", authorities=stamper.authorities), "cannot be reached"),
        (Target(url=lambda: stamper.url), "no authorities"),
        (Target(url=lambda: stamper.url, authorities=tmp_path / "empty.pem"), "holds no certificates"),
    ):
        with pytest.raises(OSError, match=says):
            PART.send(_LINE, target, 0.0)
    monkeypatch.setitem(__import__("sys").modules, "rfc3161_client", None)
    with pytest.raises(InterlockError) as raised:
        PART.send(_LINE, _target(stamper), 0.0)
    assert "interlock[timestamps]" in raised.value.hint
