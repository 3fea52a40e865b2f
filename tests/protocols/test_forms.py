"""Forms and queries."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.errors import BodyRejected
from interlock.model import JSON
from interlock.protocols.forms import loose_members, read_form
from interlock.reasons import Reason


@pytest.mark.parametrize(
    ("text", "document"),
    [
        ("", {}),
        ("q=SELECT+1&limit=5", {"q": "SELECT 1", "limit": "5"}),
        ("q=SELECT 1", {"q": "SELECT 1"}),
        ("q=%C3%BC%3B%26%3D", {"q": "ü;&="}),
        ("q=a=b", {"q": "a=b"}),
        ("q", {"q": ""}),
        ("job%5Bsql%5D=x", {"job": {"sql": "x"}}),
    ],
)
def test_a_form_is_a_document(text: str, document: JSON) -> None:
    """As servers decode it."""
    assert read_form(text) == document
    assert read_form(text.encode()) == document


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"q=1&q=2", Reason.BODY_AMBIGUOUS),
        (b"q=1&Q=2", Reason.BODY_AMBIGUOUS),
        (b"q=1&%71=2", Reason.BODY_AMBIGUOUS),
        (b"a=1;q=2", Reason.BODY_AMBIGUOUS),
        (b"a=1&&q=2", Reason.BODY_AMBIGUOUS),
        (b"q=1&", Reason.BODY_AMBIGUOUS),
        (b"q=%00x", Reason.BODY_AMBIGUOUS),
        (b"q=%FF", Reason.BODY_AMBIGUOUS),
        (b"q=%C0%AF", Reason.BODY_AMBIGUOUS),
        (b'{"q":"x"}', Reason.BODY_AMBIGUOUS),
        (b'["q"]', Reason.BODY_AMBIGUOUS),
        (b"_charset_=utf-7&q=x", Reason.BODY_AMBIGUOUS),
        (b"q=\xc3\xbc", Reason.BODY_UNPARSABLE),
        (b"q=%", Reason.BODY_UNPARSABLE),
        (b"q=%u0044", Reason.BODY_UNPARSABLE),
        (b"q=%4", Reason.BODY_UNPARSABLE),
        (b"q=a\nb", Reason.BODY_UNPARSABLE),
        (b"q=a\x00", Reason.BODY_UNPARSABLE),
        (b"&".join(b"a%d=1" % index for index in range(1001)), Reason.BODY_AMBIGUOUS),
    ],
)
def test_a_form_with_two_readings_is_refused(body: bytes, reason: Reason) -> None:
    """Doubled names, other separators, other charsets, broken escapes."""
    with pytest.raises(BodyRejected) as caught:
        read_form(body)
    assert caught.value.reason is reason


def test_a_member_is_found_however_it_is_spelt() -> None:
    """For names that change what the whole request means."""
    text = "a=1;_METHOD=put&%5Fmethod=DELETE&+_method+=x&_methods=y"
    assert loose_members(text, "_method") == ["put", "DELETE", "x"]


@given(st.binary(max_size=100) | st.text("aq=&;%+[]0", max_size=40).map(str.encode))
@settings(max_examples=100, deadline=None)
def test_nothing_else_is_raised(body: bytes) -> None:
    """On any bytes."""
    try:
        read_form(body)
    except BodyRejected:
        return
