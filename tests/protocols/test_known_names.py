"""What names say is remembered for few and short ones, and asked each time for others."""

from __future__ import annotations

from interlock.protocols.known_names import remembered


def test_few_and_short_names_are_asked_about_once() -> None:
    """Whatever object they come from; order counts."""
    asked: list[tuple[str, ...]] = []

    @remembered
    def count(names: tuple[str, ...]) -> int:
        asked.append(names)
        return len(names)

    assert [count({"a": 1, "b": 2}), count({"a": 3, "b": 4}), count(["b", "a"]), count({})] == [2, 2, 2, 0]
    assert asked == [("a", "b"), ("b", "a"), ()]


def test_many_or_long_names_are_not_kept() -> None:
    """Nobody fills the memory with names."""
    asked: list[tuple[str, ...]] = []
    count = remembered(lambda names: asked.append(names) or len(names))
    for names in ([f"n{n}" for n in range(30)], ["x" * 300]):
        assert count(names) == count(names) == len(names)
    assert len(asked) == 4
