"""Words as the shell would expand them."""

from __future__ import annotations

import pytest

from interlock.commands.shell_tree import read_script


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("echo 'a b' \"c d\"", ["echo", "a b", "c d"]),
        ('echo "  a $HOME  "', ["echo", "  a $HOME  "]),
        ("echo a\\ b \\$x", ["echo", "a b", "$x"]),
        ("echo $'a\\tb\\x41\\101\\u0041'", ["echo", "a\tbAAA"]),
        ("echo {a,b}c {1..3}", ["echo", "ac", "bc", "{1..3}"]),
        ("echo \"{a,b}\" '' x", ["echo", "{a,b}", "", "x"]),
        ("echo a${IFS}b", ["echo", "a", "b"]),
        ("echo a.$$ b.$$.c $$", ["echo", "a.9999", "b.9999.c", "9999"]),
    ],
)
def test_static_words(text: str, words: list[str]) -> None:
    """Quotes, escapes, braces and splitting are undone."""
    (found,) = read_script(text).commands

    assert [word.text for word in found.words] == words
    assert not any(word.dynamic for word in found.words)


@pytest.mark.parametrize("word", ["$x", "${x:-a}", "$(ls)", "`ls`", "a$1", '"$@"', "${!x}", "<(ls)", "{a..c}"])
def test_what_the_run_decides_is_dynamic(word: str) -> None:
    """A word that depends on the run says so."""
    assert read_script(f"echo {word}").commands[0].words[1].dynamic
