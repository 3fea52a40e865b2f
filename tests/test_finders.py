"""Who is asked for keys, when one is needed."""

from __future__ import annotations

from interlock.finders import ask_finders, find_with


def test_each_is_asked_once() -> None:
    """When somebody needs it, and not before; also one that asks again itself."""
    asked: list[str] = []
    ask_finders()
    asked.clear()

    def nested() -> None:
        asked.append("nested")
        ask_finders()

    find_with(lambda: asked.append("one"))
    find_with(nested)
    assert asked == []
    ask_finders()
    ask_finders()
    assert sorted(asked) == ["nested", "one"]
