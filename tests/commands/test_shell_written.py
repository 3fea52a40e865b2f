"""Files that a text has written."""

from __future__ import annotations

from interlock.commands.shell_written import Written


def test_content_is_kept_and_extended() -> None:
    """What is known stays known until something unknown is added."""
    written = Written()

    written.add("./a", "x")
    written.append("a", "y")
    assert written.content("a") == "xy"
    written.append("a", None)
    assert "a" in written
    assert written.content("a") is None


def test_folders_and_copies() -> None:
    """A folder brought from elsewhere brings all that is in it; a copy holds what its source held."""
    written = Written()
    written.update(["repo"])
    written.add("a", "x")
    written.copied("a", "b")
    written.copied("repo/x", "c")

    assert "repo/run.sh" in written
    assert written.is_fetched("repo/run.sh")
    assert written.content("b") == "x"
    assert "other" not in written


def test_an_unpacked_archive_could_be_anything_here() -> None:
    """But nothing outside this folder."""
    written = Written()
    written.unpacked = True

    assert "x/run" in written
    assert "/usr/bin/env" not in written
