"""Forms and query strings."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.masking import Masker, MaskRule

MASKER = Masker(
    [
        MaskRule("names", "redact", fields=frozenset({"ssn", "lastname"})),
        MaskRule("mails", "redact", detect=("email",)),
        MaskRule("pins", "nullify", fields=frozenset({"pin"})),
    ],
    b"k" * 32,
)
X, M = "[redacted:names]", "[redacted:email]"


@pytest.mark.parametrize(
    ("form", "masked"),
    [
        ("a=1&ssn=12+3&x", f"a=1&ssn={X}&x"),
        ("ss%6E=1;last_name[]=M&last-name=%C3%BC", f"ss%6E={X};last_name[]={X}&last-name={X}"),
        ("mail=erika%40example.com&m=a+b", f"mail={M}&m=a+b"),
        ("m=to+erika%40example.com%2C+now", f"m=to+{M}%2C+now"),
        ("erika%40example.com=1&ssn", f"{M}=1&ssn"),
        ("ssn=&a=%zz%41", "ssn=&a=%zz%41"),
        ("", ""),
    ],
)
def test_names_choose_values_and_detectors_read_what_they_say(form, masked):
    """However a name or a value is encoded; what was not found keeps its spelling."""
    assert MASKER.fields(form, "form").text == masked


def test_findings_say_the_pair():
    """By its number."""
    findings = MASKER.fields("a=1&ssn=2&b=erika%40example.com", "form").findings
    assert [(found.rule, found.place) for found in findings] == [("names", "pair 2"), ("mails", "pair 3")]


@given(pairs=st.lists(st.tuples(st.sampled_from(["a", "ssn", "SSN", "b c"]), st.text(max_size=8)), max_size=5))
@settings(max_examples=100, deadline=None)
def test_a_readers_values_are_what_is_masked(pairs):
    """The standard library reads the same form back, but for the chosen values."""
    pairs = [(name, value.encode("utf-8", "replace").decode()) for name, value in pairs]
    found = parse_qsl(MASKER.fields(urlencode(pairs), "form").text, keep_blank_values=True)
    assert found == [(name, X if value and name.lower() == "ssn" else value) for name, value in pairs]


NUMBERS = Masker([MaskRule("numbers", detect=("nl-bsn", "us-ssn-bare"))], b"k" * 32)


@pytest.mark.parametrize(
    ("form", "masked"),
    [
        ("bsn=123456782&order=123456782", "bsn=[redacted:nl-bsn]&order=123456782"),
        ("user%5Bbsn%5D=123456782", "user%5Bbsn%5D=[redacted:nl-bsn]"),
        ("ssn=536901234&a=1", "ssn=[redacted:us-ssn]&a=1"),
        ("bsn=&bsn", "bsn=&bsn"),
    ],
)
def test_a_members_name_says_what_its_value_is(form, masked):
    """As a word before it would."""
    assert NUMBERS.fields(form, "form").text == masked
