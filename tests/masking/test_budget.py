"""A detector that raises or takes too long forbids: whole, in streams and in conversations; and says why."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest

from interlock.errors import BodyRejected
from interlock.masking import Masker, MaskRule, budget, known_detectors
from interlock.masking.budget import check
from interlock.reasons import Reason

MAIL = "erika.mustermann@example.com"


def _raising(text: bytes, start: int, end: int):
    raise ValueError(text[start:end].decode())


def _later(text: bytes, start: int, end: int):
    yield start, end, "high"
    raise RecursionError


_judged: list[int] = []


def _slow(text: bytes, start: int, end: int):
    _judged.append(start)
    until = time.thread_time() + 0.02
    while time.thread_time() < until:
        pass
    return [(start, end, "high")]


def _masker(judge) -> Masker:
    planted = replace(known_detectors()["email"], name="planted", judge=judge)
    return Masker([MaskRule("planted", detect=("planted",), own=(planted,))], b"k" * 32)


@pytest.fixture
def patience(monkeypatch):
    """Less of it, so that the tests are quick."""
    monkeypatch.setattr(budget, "TIME", 0.1)


WAYS = [
    lambda masker, mails: masker.json(json.dumps({"a": mails}).encode()),
    lambda masker, mails: masker.json(
        json.dumps(
            {"messages": [{"content": f"{mail} {number} {'x' * 90}"} for number, mail in enumerate(mails)]}
        ).encode()
    ),
    lambda masker, mails: masker.text(" ".join(mails)),
    lambda masker, mails: masker.fields("\n".join(mails), "csv"),
    lambda masker, mails: masker.fields("&".join(f"a={mail}" for mail in mails), "form"),
    lambda masker, mails: (
        [masker.stream().feed(f"{mail} and ") for mail in mails] + [masker.stream().feed(" ".join(mails))]
    ),
]


@pytest.mark.parametrize("judge", [_raising, _later])
@pytest.mark.parametrize("way", WAYS)
def test_a_detector_that_raises_refuses(judge, way):
    """Whatever it raises; and the error tells nothing of the text."""
    with pytest.raises(BodyRejected) as caught:
        way(_masker(judge), [MAIL])
    assert caught.value.reason is Reason.DETECTOR_FAILED
    assert "mustermann" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("way", WAYS[:4])
@pytest.mark.usefixtures("patience")
def test_a_detector_that_takes_too_long_refuses(way):
    """It is stopped soon after its time: in one text with many candidates, and in many texts with one each."""
    _judged.clear()
    with pytest.raises(BodyRejected) as caught:
        way(_masker(_slow), [MAIL] * 200)
    assert caught.value.reason is Reason.DETECTOR_FAILED
    assert len(_judged) < 20


@pytest.mark.usefixtures("patience")
def test_a_slow_piece_of_a_stream_refuses():
    """Each piece has its own time."""
    stream = _masker(_slow).stream()
    with pytest.raises(BodyRejected) as caught:
        stream.feed(" ".join([MAIL] * 200) + " ")
    assert caught.value.reason is Reason.DETECTOR_FAILED


def test_large_texts_have_more_time():
    """A budget a byte, on top of what any text has."""
    began = budget.begin() - budget.TIME - 1
    check(began, 1_000_000)
    with pytest.raises(BodyRejected):
        check(began, 1000)
