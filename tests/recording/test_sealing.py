"""Sealed events."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.recording.event import GENESIS, Event, parse
from interlock.recording.keys import DataKey
from interlock.recording.sealing import Nonces, Opener, Sealer, is_sealed, unread

_KEY = DataKey("01JD3ZK7V00000000000000000", bytes(32))
_AT = "2026-01-01T00:00:00.000Z"


def _event(line: bytes) -> Event:
    event, fault = parse(line.removesuffix(b"\n"))
    assert event is not None
    assert not fault
    return event


def _sealed(kind: str = "decision", data: dict | None = None, seq: int = 2) -> Event:
    line, digest = Sealer(_KEY).line(kind, {"subject": "erika"} if data is None else data, seq, GENESIS, _AT)
    assert _event(line).hash == digest
    return _event(line)


def test_a_line_tells_nothing_but_when_and_what_kind() -> None:
    """The rest is one member, and the line is an intact event for whoever has no key."""
    event = _sealed()
    assert set(event.data) == {"sealed"}
    assert b"erika" not in base64.b64decode(event.data["sealed"])
    assert (event.seq, event.at, event.kind, is_sealed(event)) == (2, _AT, "decision", True)


_TEXTS = st.text(st.characters(codec="utf-8"), max_size=40)


@given(st.dictionaries(_TEXTS, st.one_of(st.none(), st.booleans(), st.integers(-9, 9), _TEXTS), max_size=6))
@settings(max_examples=50)
def test_what_was_sealed_opens(data) -> None:
    """Whatever it says."""
    assert dict(Opener(_KEY).open(_sealed(data=data)).data) == data


def test_the_first_event_keeps_what_names_nobody() -> None:
    """Session, format, rules; not the issuer, subject, identity or run."""
    said = {
        "format": 1,
        "session": _KEY.session,
        "gateway": "0",
        "rules": "ab",
        "salt": "cd",
        "whose": "ef",
        "key": "0",
    }
    who = {"issuer": "https://issuer.example", "subject": "erika", "identity": "corp", "run": "r", "later": "unknown"}
    event = _sealed("opened", {**said, **who}, 1)
    assert {name: value for name, value in event.data.items() if name != "sealed"} == said
    assert dict(Opener(_KEY).open(event).data) == {**said, **who}


@pytest.mark.parametrize("kind", ["closed", "gap", "reopened"])
def test_what_recovery_writes_needs_no_key(kind) -> None:
    """It speaks of the recording alone, and verification reads it without a key."""
    event = _sealed(kind, {"bytes": 3})
    assert dict(event.data) == {"bytes": 3}
    assert Opener(_KEY).open(event) is event


@pytest.mark.parametrize("other", [{"seq": 3}, {"kind": "response"}])
def test_an_event_opens_only_where_it_was_sealed(other) -> None:
    """Another number or kind: its words are not those of this event."""
    moved = replace(_sealed(), **other)
    assert dict(Opener(_KEY).open(moved).data) == {"sealed": "changed"}


def test_another_sessions_event_does_not_open() -> None:
    """Neither with the other's key nor under the other's name."""
    for key in (DataKey(_KEY.session, bytes([1]) * 32), DataKey(_KEY.session[:-1] + "1", bytes(32))):
        assert dict(Opener(key).open(_sealed()).data) == {"sealed": "changed"}


@pytest.mark.parametrize("text", ["", "x", "AAAA", "A" * 400, "é", base64.b64encode(bytes(28)).decode()])
def test_hostile_ciphertext_is_said_and_nothing_raises(text) -> None:
    """Short, not base64, not ours."""
    event = replace(_sealed(), data={"sealed": text})
    assert dict(Opener(_KEY).open(event).data) == {"sealed": "changed"}


def test_without_a_key_the_event_says_why() -> None:
    """`sealed` or `erased` instead of ciphertext; an event in clear stays as it is."""
    assert dict(unread(_sealed(), "erased").data) == {"sealed": "erased"}
    plain = replace(_sealed(), data={"a": 1})
    assert unread(plain, "sealed") is plain


def test_a_number_that_is_sealed_twice_has_two_nonces() -> None:
    """After a failed write the number comes again, in this process or after a crash: never with the same nonce."""
    sealer = Sealer(_KEY)
    lines = [sealer.line("decision", {"n": n}, 7, GENESIS, _AT)[0] for n in range(3)]
    lines += [Sealer(_KEY).line("decision", {"n": n}, 7, GENESIS, _AT)[0] for n in range(3)]
    nonces = {base64.b64decode(json.loads(line)["data"]["sealed"])[:12] for line in lines}
    assert len(nonces) == 6


def test_nonces_end_before_they_repeat(monkeypatch) -> None:
    """2^32 of them, then an error that refuses the request: never the first one again."""
    monkeypatch.setattr("interlock.recording.sealing._MAX_ATTEMPTS", 3)
    nonces = Nonces()
    assert len({nonces.next() for _ in range(3)}) == 3
    with pytest.raises(OSError, match="too long"):
        nonces.next()
