"""What the grammar reads over is found."""

from __future__ import annotations

import pytest

from interlock.commands import analyse
from interlock.commands.language import NotUnderstood
from interlock.commands.shell_gaps import none_lost
from interlock.commands.shell_parse import parse
from interlock.commands.shell_tree import read_script


@pytest.mark.parametrize(
    "text", ["make -f - <<EOF\nall:\nEOF", "cd src && make -f - <<EOF\nall:\nEOF", "true; make -f - <<'EOF'\nall:\nEOF"]
)
def test_a_lost_dash_is_given_back(text: str) -> None:
    """The grammar drops a lone dash before a here-document; the command has it all the same."""
    last = analyse(text, "shell")[-1]
    assert last.arguments["words"] == ["-f", "-"]


def test_everything_else_is_kept() -> None:
    """Nothing is added where nothing was lost."""
    assert analyse("cat -n <<EOF\na\nEOF", "shell")[0].arguments["words"] == ["-n"]


@pytest.mark.parametrize(
    "text",
    ['for x; do rm -rf src; done', 'E=; for x in $E; do rm -rf src; done', 'set -- a; for x\ndo rm -rf src; done',
     'f() { for d; do rm -rf "$d"; done; }; f src'],
)  # fmt: skip
def test_a_loop_over_whatever_words_there_are_is_read(text: str) -> None:
    """What the text gives no values for may still have some, and its body runs."""
    assert "rm" in [one.resource for top in analyse(text, "shell") for one in top.walk()]


def test_a_command_that_was_read_over_is_not_understood() -> None:
    """Whatever the tree holds stands in the script, or nobody can say what it does."""
    _, nodes, _ = parse("ls; rm -rf src")

    with pytest.raises(NotUnderstood):
        none_lost(read_script("ls"), nodes)
    assert none_lost(read_script("ls; rm -rf src"), nodes).commands
