"""Steps judge what they see."""

from __future__ import annotations

import httpx

from interlock.demo.steps import STEPS, said


def test_every_step_says_what_it_expects() -> None:
    """Titles differ, and none is empty."""
    assert len({step.title for step in STEPS}) == len(STEPS) >= 13
    assert all(step.title and step.expects for step in STEPS)


def test_the_gateways_own_words_are_shown() -> None:
    """The detail of a problem, or the text that came."""
    assert said(httpx.Response(403, json={"detail": "stopped"})) == "403 stopped"
    assert said(httpx.Response(502, text="bad")) == "502 bad"
