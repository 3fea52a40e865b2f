"""The memory of analyses is bounded."""

from __future__ import annotations

from interlock.commands.cache import MAX_TEXT, Cache
from interlock.model import Operation


def test_least_recently_used_goes_first() -> None:
    """A full memory forgets what was not asked for longest."""
    cache, one = Cache(2), (Operation("sql", "read"),)
    cache.put(("a", "sql", "", "", False), one)
    cache.put(("b", "sql", "", "", False), one)
    cache.get(("a", "sql", "", "", False))
    cache.put(("c", "sql", "", "", False), one)

    assert (cache.get(("a", "sql", "", "", False)), cache.get(("b", "sql", "", "", False)), len(cache)) == (
        one,
        None,
        2,
    )


def test_long_text_is_not_kept() -> None:
    """A text above the limit is not remembered."""
    cache = Cache()
    cache.put(("x" * (MAX_TEXT + 1), "sql", "", "", False), ())

    assert len(cache) == 0
