"""Simple commands, wherever they stand."""

from __future__ import annotations

import pytest

from interlock.commands.language import NotUnderstood
from interlock.commands.shell_tree import read_script


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a; b && c || d & e", ["a", "b", "c", "d", "e"]),
        ("a | b |& c", ["a", "b", "c"]),
        ('a "$(b `c`)" <(d)', ["a", "b", "c", "d"]),
        ("if a; then b; elif c; then d; else e; fi", ["a", "b", "c", "d", "e"]),
        ("for x in $(a); do b; done; until c; do d; done", ["a", "b", "c", "d"]),
        ("a <<X | b\n$(c)\nX", ["a", "b", "c"]),
        ("a > $(b)", ["a", "b"]),
    ],
)
def test_every_command_is_found(text: str, names: list[str]) -> None:
    """No construct hides a command."""
    assert sorted(simple.words[0].text for simple in read_script(text).commands if simple.words) == names


def test_words_behind_a_redirection_belong_to_the_command() -> None:
    """`rm >out -rf x` has its options."""
    (found,) = read_script("rm >out -rf x").commands

    assert [word.text for word in found.words] == ["rm", "-rf", "x"]


def test_a_redirection_after_a_pipeline_feeds_its_last_command() -> None:
    """The here-document is read by `b`."""
    found = read_script("a | b <<X\ntext\nX").commands

    assert found[1].stdin.text == "text\n"


@pytest.mark.parametrize("text", ["cat <<'A B'\nx\nA B", "cat <<E\\F\nx\nEF"])
def test_odd_here_documents_are_refused(text: str) -> None:
    """Where a here-document ends must be certain."""
    with pytest.raises(NotUnderstood):
        read_script(text)
