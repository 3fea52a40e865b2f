"""The face of the package: analyse, heavy, languages."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

import interlock
from interlock import commands
from interlock.commands import analyse, heavy, languages
from interlock.model import Access


def test_languages_are_the_parts() -> None:
    """Every file in the folder is a language."""
    assert tuple(languages()) == ("cmd", "powershell", "shell", "sql")


def test_unknown_language_is_not_understood() -> None:
    """A language without a part gives an operation of access UNKNOWN."""
    (found,) = analyse("x", "cobol")

    assert found.access is Access.UNKNOWN
    assert "unknown-language" in found.arguments["flags"]


def test_place_and_agent_reach_nested_operations() -> None:
    """What a command carries stands at the same place and is run by the same agent."""
    (found,) = analyse("sh -c 'psql -c \"select 1\"'", "shell", place="/a/0", agent=True)

    assert len(found.walk()) == 3
    assert {(one.place, one.agent) for one in found.walk()} == {("/a/0", True)}


def test_a_text_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second analysis of a text comes from memory."""
    first = analyse("SELECT 1 AS parsed_once", "sql", "postgres")
    monkeypatch.setattr(commands, "_fresh", lambda *_: pytest.fail("parsed again"))

    assert analyse("SELECT 1 AS parsed_once", "sql", "postgres") is first


def test_long_text_is_heavy_and_not_remembered() -> None:
    """Text above the limits belongs in a worker thread and is not kept."""
    text = "SELECT 1 -- " + "x" * 9000

    assert heavy(text, "sql")
    assert not heavy("SELECT 1", "sql")
    assert not heavy(text, "cobol")
    assert analyse(text, "sql", "postgres") is not analyse(text, "sql", "postgres")


def test_depth_alone_does_not_spoil_the_memory() -> None:
    """A text refused because it lay too deep is judged afresh when it comes alone."""
    text = "ls depth"
    for _ in range(10):
        text = f"bash <<'E{len(text)}'\n{text}\nE{len(text)}"

    assert max(one.access for found in analyse(text, "shell") for one in found.walk()) is Access.UNKNOWN
    assert analyse("ls depth", "shell")[0].access is Access.READ


def test_threads_share_the_memory() -> None:
    """Several threads may analyse at once."""
    found: list[Access] = []
    threads = [
        threading.Thread(target=lambda n=n: found.append(analyse(f"ls {n % 3}", "shell")[0].access)) for n in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [Access.READ] * 12


def test_import_loads_no_parser() -> None:
    """Importing the package is instant: parsers wait for the first text."""
    folder = Path(interlock.__file__).parent.parent
    script = "import sys, interlock.commands; print(sorted({'sqlglot', 'tree_sitter'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env={"PYTHONPATH": str(folder)}
    )

    assert done.stdout.strip() == "[]"


def test_what_nobody_waits_for_is_not_read_and_not_remembered() -> None:
    """Once that is said; nested texts too, and the same text is read as ever afterwards."""
    text = "sh -c 'ls nobody-waits'; sh -c 'ls nobody-waits-either'"
    asked = iter([False, False] + [True] * 100)
    with commands.stopping(lambda: next(asked)):
        found = analyse(text, "shell")
    flags = [one.arguments["flags"] for operation in found for one in operation.walk()]
    assert ["not-understood", "unfinished"] in flags
    assert all(one.access is not Access.UNKNOWN for operation in analyse(text, "shell") for one in operation.walk())
    with commands.stopping(lambda: True):
        assert analyse(text, "shell")[0].name == "shell.read"  # what is known already costs nothing
        assert analyse("true nobody-waits", "shell")[0].access is Access.UNKNOWN
    assert analyse("true nobody-waits", "shell")[0].access is Access.READ


def test_stopping_ends_with_its_block_and_is_of_one_thread() -> None:
    """Another thread reads on, and so does this one afterwards."""
    seen: list[Access] = []
    with commands.stopping(lambda: True):
        other = threading.Thread(target=lambda: seen.append(analyse("true other-thread", "shell")[0].access))
        other.start()
        other.join()
        assert analyse("true this-thread", "shell")[0].access is Access.UNKNOWN
    assert analyse("true this-thread", "shell")[0].access is Access.READ
    assert seen == [Access.READ]


def test_what_is_placed_is_remembered_as_it_was_placed() -> None:
    """The same text at the same place gives the same operations, at another one others."""
    first = analyse("select 1 as remembered", "sql", place="/query", agent=True)
    assert analyse("select 1 as remembered", "sql", place="/query", agent=True) is first
    (elsewhere,) = analyse("select 1 as remembered", "sql", place="/other", agent=True)
    (unplaced,) = analyse("select 1 as remembered", "sql")
    (own,) = analyse("select 1 as remembered", "sql", place="/query")
    assert (first[0].place, first[0].agent) == ("/query", True)
    assert (elsewhere.place, unplaced.place, own.agent) == ("/other", "", False)
