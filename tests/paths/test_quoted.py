"""Escapes in quoted text."""

from __future__ import annotations

import pytest

from interlock.errors import InterlockError
from interlock.paths.quoted import QUOTED, unquoted


@pytest.mark.parametrize(
    ("token", "text"),
    [
        (r"'\b\f\n\r\t\/\\'", "\b\f\n\r\t/\\"),
        (r"'\u0041\u00e9\uD834\uDD1E'", "Aé𝄞"),
        (r"""'\'"'""", "'\""),
        (r""" "\"'" """.strip(), "\"'"),
    ],
)
def test_every_escape_is_what_rfc_9535_says(token, text):
    """One letter, four hexadecimal digits, a pair of surrogates, the quote itself."""
    assert QUOTED.fullmatch(token)
    assert unquoted("$", token) == text


@pytest.mark.parametrize("token", [r"'\a'", r"'\u12'", r"'\ud834'", r"'\udd1e\ud834'", r"""'\"'""", r"'\U00000041'"])
def test_what_is_no_escape_is_refused(token):
    """Half a pair of surrogates, too few digits, the other quote."""
    with pytest.raises(InterlockError) as caught:
        unquoted("$", token)
    assert "escapes are" in caught.value.hint


def test_control_characters_and_open_ends_are_no_quoted_text():
    """They never become a token."""
    assert not any(QUOTED.fullmatch(token) for token in ("'a", "'a\n'", "'\\'", "a'", "'\ud800'"))
