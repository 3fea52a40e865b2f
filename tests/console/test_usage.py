"""How permissions were used: counted once a minute, not at all where that would take too long."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.access.values import rules_in
from tests.approval.values import ManualClock
from tests.console.recorded import ISSUER, record

from interlock.clocks import SystemClock
from interlock.console import usage
from interlock.console.archive import Archive
from interlock.console.usage import Counted, used_by
from interlock.errors import InterlockError
from interlock.model import Permission, Scope


def counted(folder: Path) -> Counted:
    """Over a folder of recordings."""
    return Counted(Archive(folder, SystemClock()), SystemClock())


@pytest.mark.parametrize(
    ("scope", "uses", "people"),
    [(Scope(), 5, 2), (Scope(ISSUER, "erika"), 2, 1), (Scope(ISSUER, "nobody"), 0, 0), (Scope(group="dba"), 0, 0)],
)
def test_uses_are_counted_by_scope(tmp_path: Path, scope: Scope, uses: int, people: int) -> None:
    """Of those whom it covers, with what they did."""
    record(tmp_path / "kept", "erika", run="one", more=2, rule="analysts-read")
    record(tmp_path / "kept", "max", run="two", more=3, rule="analysts-read")
    found = used_by(counted(tmp_path / "kept").usage(rules_in(tmp_path)), Permission("analysts-read", "", scope))
    assert (found.uses, found.people, bool(found.last)) == (uses, people, uses > 0)
    assert sum(count for _, count in found.operations) == uses


def test_it_is_kept_for_a_minute(tmp_path: Path) -> None:
    """Who opens a page often reads the recordings once."""
    record(tmp_path / "kept", run="one")
    clock = ManualClock()
    known = Counted(Archive(tmp_path / "kept", clock), clock)
    rules = rules_in(tmp_path)
    first = known.usage(rules)
    assert known.usage(rules) is first
    clock.ran += 61
    assert known.usage(rules) is not first


def test_what_is_too_much_is_not_counted_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what lies elsewhere cannot be: it says what to do instead."""
    record(tmp_path / "kept", run="one")
    monkeypatch.setattr(usage, "_MOST_BYTES", 10)
    with pytest.raises(InterlockError, match="too much"):
        counted(tmp_path / "kept").usage(rules_in(tmp_path))
    with pytest.raises(InterlockError, match="another machine"):
        counted(tmp_path / "gone").usage(rules_in(tmp_path))
