"""A call taken apart."""

from __future__ import annotations

from interlock.commands.shell_call import Call, Verdict, hosts, raised
from interlock.commands.shell_tree import Simple
from interlock.commands.shell_words import Word


def _call(*words: str) -> Call:
    return Call("x", [Word(word) for word in words], Simple())


def test_options_are_taken_apart() -> None:
    """Bundles count letter by letter, long options without their value, nothing after `--`."""
    assert _call("-rf", "--name=v", "--", "-x").options() == ["-rf", "-r", "-f", "--name"]
    assert _call("--recurs").has("--recursive")
    assert not _call("--", "-r").has("-r")


def test_operands_skip_option_values() -> None:
    """A valued option takes the next word; after `--` everything is an operand."""
    assert [word.text for word in _call("-o", "f", "a", "--", "-b").operands(("-o",))] == ["a", "-b"]


def test_verdicts_only_get_worse() -> None:
    """A lesser action leaves the verdict as it is."""
    verdict = Verdict()
    verdict.at_least("destroy")
    verdict.at_least("write")

    assert (verdict.action, raised("admin", "read")) == ("destroy", "admin")


def test_hosts_in_every_spelling() -> None:
    """URLs with user and port, IPv6, scp targets and /dev/tcp name hosts."""
    texts = ["https://u:p@A.example:1/x", "http://[2001:db8::1]/", "me@b.example:/x", "/dev/tcp/c.example/1"]

    assert list(hosts(texts)) == ["a.example", "2001:db8::1", "b.example", "c.example"]


def test_hosts_far_into_a_word_are_found() -> None:
    """However long the word is: it is read once, from its beginning to its end."""
    assert list(hosts(["x" * 200_000 + " https://far.example/"])) == ["far.example"]
    assert list(hosts(["a.b-c" * 40_000 + "@"])) == []
