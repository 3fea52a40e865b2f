"""What a decision may look at."""

from __future__ import annotations

from interlock.model import Principal
from interlock.policy import Context


def test_a_context_shows_no_body() -> None:
    """A body is for judging and never for a log."""
    context = Context(Principal("corp", "i", "s"), "warehouse", document={"canary": "s3cr3t"})

    assert "s3cr3t" not in repr(context)
    assert not context.observe
