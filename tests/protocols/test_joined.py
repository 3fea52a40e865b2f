"""Commands put together from several values: each operation stands in the one where it begins."""

from __future__ import annotations

import re
import shlex

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock import commands
from interlock.model import JSON, Access, Operation
from interlock.model.places import offset
from interlock.protocols.blocks import block_operations
from interlock.protocols.commands import known_commands
from interlock.protocols.joined import Joined, joined_lines, joined_words, plain_text, together
from interlock.protocols.perhaps_commands import perhaps_commands


def at(joined: Joined, start: int) -> tuple[str, int]:
    """Where an operation stands that begins at an offset of the text."""
    (found,) = joined.stand([Operation("shell", "read", "", Access.READ, {"at": start}, place=joined.place)])
    return found.place, offset(found)


@given(st.lists(st.text("ab' \"$\n", min_size=1, max_size=8), min_size=1, max_size=4), st.data())
@settings(max_examples=100, deadline=None)
def test_every_character_of_a_word_is_found_again(words: list[str], data: st.DataObject) -> None:
    """Whatever was quoted: the text from there on begins with what follows in the word."""
    joined = joined_words([(("argv", index), word) for index, word in enumerate(words)])
    assert shlex.split(joined.text) == words
    index = data.draw(st.integers(0, len(words) - 1))
    word = words[index]
    cut = data.draw(st.integers(0, len(word) - 1))
    before = " ".join(map(shlex.quote, words[:index])) + (" " if index else "")
    quoted = shlex.quote(word)
    start = len(before) + (cut if quoted == word else 1 + len(word[:cut].replace("'", "'\"'\"'")))
    assert at(joined, start) == (f"/argv/{index}", cut)


def test_lines_and_plain_texts_stand_as_they_are() -> None:
    """No quotation marks were put around them; the text of one value is that value."""
    joined = joined_lines([(("c", 0), "ls -l"), (("c", 1), "rm x")])
    assert (joined.text, at(joined, 3), at(joined, 6), at(joined, 9)) == (
        "ls -l\nrm x",
        ("/c/0", 3),
        ("/c/1", 0),
        ("/c/1", 3),
    )
    assert at(plain_text("ls -l", ("c",)), 3) == ("/c", 3)


def test_an_offset_never_leaves_its_value() -> None:
    """A quotation mark, or the blank behind a value, belongs to the value before it."""
    joined = together([plain_text("sh", ("command",)), joined_words([(("args", 0), "a b"), (("args", 1), "c")])])
    assert joined.text == "sh 'a b' c"
    assert [at(joined, start) for start in range(11)] == [
        *[("/command", 0), ("/command", 1), ("/command", 2)],
        *[("/args/0", 0), ("/args/0", 0), ("/args/0", 1), ("/args/0", 2), ("/args/0", 3), ("/args/0", 3)],
        *[("/args/1", 0), ("/args/1", 1)],
    ]


def value(document: JSON, place: str) -> JSON:
    """What stands at a pointer."""
    for step in place.split("/")[1:]:
        document = document[int(step)] if isinstance(document, list) else document[step]  # type: ignore[index, call-overload]
    return document


@pytest.mark.parametrize(
    "arguments",
    [
        {"command": "sudo psql -c 'drop table x'"},
        {"command": ["bash", "-c", "ls; rm -rf 'a b'"]},
        {"command": ["bash", "-lc", "psql -c \"drop table x\""]},
        {"command": "bash", "args": ["-c", "true; rm -rf x"]},
        {"cmd": {"command": "bash", "args": ["-c", "rm -rf x"]}},
        {"steps": [{"program": "bash", "args": [["-c"], {"0": "ls && rm -rf x"}]}]},
        {"commands": ["ls -l", "true; rm -rf x"]},
        {"sql": ["select 1", "drop table x"]},
        {"note": {"script": ["see", "then: ; rm -rf /etc/x"]}, "query": "drop table x"},
        {"text": "please do; rm -rf /etc/x"},
    ],
)  # fmt: skip
def test_operations_of_tool_arguments_stand_where_they_say(arguments: dict[str, JSON]) -> None:
    """At the pointer there is a text, and at the offset the operation's own; quoting alone may differ."""
    found = known_commands("run", arguments, ("a",), "", commands.analyse)
    found += perhaps_commands("run", arguments, ("a",), commands.analyse)
    nested = [one for operation in found for one in operation.walk()]
    assert nested
    for one in nested:
        text = value({"a": arguments}, one.place)
        assert isinstance(text, str), one
        first = re.split(r"[\s;]", text[offset(one) :].strip("'\""))[0]
        assert one.text.startswith(first), (one, text)


@pytest.mark.parametrize(
    ("tool", "members", "expected"),
    [
        ("Bash", {"command": "true; psql -c 'drop table x'"}, {("sql.ddl", "/b/input/command", 15)}),
        ("WebFetch", {"url": "https://a.example/x"}, {("http.get", "/b/input/url", 0)}),
        ("Write", {"file_path": "/etc/passwd"}, {("shell.admin", "/b/input/file_path", 0)}),
        ("mcp__db__run", {"sql": "drop table x"}, {("sql.ddl", "/b/input/sql", 0)}),
        ("mcp__x__y", {"n": "run cm0gLXJmIC9ldGMveCAmJiBybSAtcmYgL2V0Yy95"}, {("shell.destroy", "/b/input/n", 4)}),
        ("Bash", {"command": "ls", "env": {"LD_PRELOAD": "/tmp/x.so"}}, {("shell.unknown", "/b/input/env", 0)}),
    ],
)  # fmt: skip
def test_what_a_model_proposes_says_where_it_stands(
    tool: str, members: dict[str, JSON], expected: set[tuple[str, str, int]]
) -> None:
    """The worst of it, in a block of a reply."""
    block: dict[str, JSON] = {"type": "tool_use", "id": "x", "name": tool, "input": members}
    (call,) = block_operations(block, ("b",), commands.analyse)
    assert expected <= {(one.name, one.place, offset(one)) for one in call.walk()[1:]}
    assert all("at" in one.arguments for one in call.walk()[1:] if one.protocol != "mcp")


def test_all_that_an_encoding_hides_stands_at_the_encoding() -> None:
    """Nested operations too, with the encodings that they came out of."""
    import base64

    hidden = base64.b64encode(b"sudo sh -c 'rm -rf /etc/x'").decode()
    found = known_commands("x", {"note": f"see {hidden}"}, ("a",), "", commands.analyse)
    nested = [one for operation in found for one in operation.walk()]
    assert len(nested) > 1
    assert {(one.place, offset(one), one.arguments["how"]) for one in nested} == {("/a/note", 4, "base64")}
