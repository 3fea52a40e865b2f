"""Every base64 of a text that holds the token holds one of its shapes."""

from __future__ import annotations

import base64

from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.identity import token_shapes
from interlock.model import Secret

_TEXT = st.text(alphabet="abcXYZ019._~+/=-", min_size=12, max_size=60)


@settings(max_examples=100, deadline=None)
@given(_TEXT, st.binary(max_size=9), st.binary(max_size=9))
def test_token_is_found_in_any_base64_around_it(token: str, before: bytes, after: bytes) -> None:
    """Whatever stands before and after, in both alphabets."""
    shapes = token_shapes(Secret(token))
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        encoded = encode(before + token.encode() + after).decode()
        assert any(shape in encoded for shape in shapes)
        left = encoded
        for shape in shapes:
            left = left.replace(shape, "")
        assert len(left) <= len(encoded) - len(token) * 8 // 6 + 5


def test_shapes_are_longest_first() -> None:
    """So that masking one does not break another; the raw token is among them."""
    shapes = token_shapes(Secret("header.claims.signature"))
    assert "header.claims.signature" in shapes
    assert list(shapes) == sorted(shapes, key=len, reverse=True)
    assert base64.b64encode(b"run:header.claims.signature").decode()[6:-3] in "".join(shapes)


def test_short_texts_have_no_shapes() -> None:
    """Nothing so short that masking it would hit innocent text."""
    assert token_shapes(Secret("ab")) == ()
