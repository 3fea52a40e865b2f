"""An operator's own patterns: found like any value, in streams too, and refused where they take too long."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.errors import BodyRejected, InterlockError, RulesInvalid
from interlock.masking import Masker, MaskRule, read_masking
from interlock.masking.timed import Timed, check
from interlock.schema import Reader
from interlock.source import read_yaml_text

KEY = b"k" * 32


def rules(text: str) -> tuple[MaskRule, ...]:
    reader = Reader()
    found = read_masking(read_yaml_text(text, "rules/masking.yaml"), reader)
    reader.finish()
    return found


OWN = Masker(rules(r"- {id: customer, pattern: '(?<=no )CUST-\d{4}(?!\d)|^Ä.+$', with: redact}"), KEY)


def test_a_pattern_is_found_in_text_and_in_documents():
    """With look-around, at the ends of lines, behind other characters, in strings with escapes."""
    assert (
        OWN.text("é no CUST-1234, CUST-1234, no CUST-12345").text
        == "é no [redacted:customer], CUST-1234, no CUST-12345"
    )
    assert OWN.text("a\nÄrger\nb").text == "a\n[redacted:customer]\nb"
    body = '{"a": "x \\"no CUST-1234\\"", "CUST-1": ["no CUST-0000\\n"]}'
    assert OWN.json(body.encode()).body.decode() == body.replace("CUST-1234", "[redacted:customer]").replace(
        "CUST-0000", "[redacted:customer]"
    )


@settings(max_examples=60, deadline=None)
@given(
    bits=st.lists(st.sampled_from(["no ", "CUST-", "1234", "5", "\n", "\0", "Ä", "é", "x ", "\ud83d"]), max_size=20),
    size=st.integers(1, 9),
)
def test_a_stream_equals_the_whole(bits, size):
    """Lines are decided when they end, however they arrive."""
    text = "".join(bits)
    stream = OWN.stream()
    pieces = [stream.feed(text[at : at + size]) for at in range(0, len(text), size)]
    assert "".join(pieces) + stream.close() == OWN.text(text).text


def test_a_pattern_that_takes_too_long_refuses():
    """Neither the text nor the document passes, and a stream ends."""
    slow = Masker(rules("- {id: slow, pattern: '(a|aa)+$'}"), KEY)
    hostile = "a" * 60 + "!"
    with pytest.raises(BodyRejected, match="a masking pattern took too long"):
        slow.text(hostile)
    with pytest.raises(BodyRejected, match="a masking pattern took too long"):
        slow.json(f'{{"x": "{hostile}"}}'.encode())
    with pytest.raises(BodyRejected, match="a masking pattern took too long"):
        slow.stream().feed(hostile + "\n")


@pytest.mark.parametrize(
    ("pattern", "message"), [("(", "malformed"), ("x*", "empty"), ("x" * 5000, "4096"), ("(?P<a>x)(?P=b)", "malformed")]
)
def test_patterns_are_checked(pattern, message):
    """What could not be run, or would match everywhere, is refused at load."""
    with pytest.raises(InterlockError) as caught:
        check(pattern)
    assert message in str(caught.value)
    with pytest.raises(RulesInvalid):
        rules(f"- {{id: a, pattern: '{pattern}'}}")


def test_a_rule_is_not_called_like_a_detector():
    """Its findings could not be told apart."""
    with pytest.raises(RulesInvalid):
        rules("- {id: email, pattern: 'x+'}")


@settings(max_examples=200, deadline=None)
@given(
    lines=st.lists(st.text("ab é𝄞\ud83d", max_size=8), max_size=8),
    ends=st.lists(st.sampled_from(["\n", "\r", "\0", "\r\n"]), min_size=8, max_size=8),
    pattern=st.sampled_from(["a+", "^b|b$", "(?<=é)a|b(?= )", "𝄞", "b*", r"\s+"]),
)
def test_a_search_is_one_of_each_line_alone(lines, ends, pattern):
    """What is found, and where, is what the pattern finds in the lines one by one; empty matches are none."""
    expected, text = [], b""
    for line, end in zip(lines, ends, strict=False):
        for match in regex.finditer(pattern, line):
            before = [line[:at].encode("utf-8", "surrogatepass") for at in match.span()]
            expected += [tuple(len(text) + len(one) for one in before)] if match.group() else []
        text += (line + end).encode("utf-8", "surrogatepass")
    timed, at, found = Timed(pattern), 0, []
    while (match := timed.search(text, at)) is not None:
        found.append(match.span())
        at = match.span()[1]
    assert found == expected


def test_many_matches_in_a_line_are_not_a_slow_pattern():
    """The calls themselves take longer than a text of this size may: they are not the pattern's time."""
    text = ("é" + "ab") * 20_000
    timed, at, count = Timed("ab"), 0, 0
    data = text.encode()
    while (match := timed.search(data, at)) is not None:
        at, count = match.span()[1], count + 1
    assert count == 20_000
