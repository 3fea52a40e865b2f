"""Facts about a statement only ever add up."""

from __future__ import annotations

import pytest

from interlock.commands.language import NotUnderstood
from interlock.commands.sql_facts import Facts
from interlock.model import Access


def test_access_never_falls() -> None:
    """A harmless part after a dangerous one changes nothing."""
    facts = Facts()
    facts.raise_to(Access.ADMIN, "files")
    facts.raise_to(Access.READ)

    assert (facts.access, list(facts.flags)) == (Access.ADMIN, ["files"])


def test_too_many_names_are_refused() -> None:
    """Names are counted, so that arguments stay small."""
    facts = Facts(columns=dict.fromkeys(map(str, range(5000))))

    with pytest.raises(NotUnderstood):
        facts.arguments()
