"""Secrets are checked before they go on any wire."""

from __future__ import annotations

import pytest

from interlock.credentials.parts import MAX_SECRET, checked
from interlock.errors import Refused


def test_a_plain_secret_passes() -> None:
    """Blanks inside are a secret's own business."""
    assert checked("a b", "env:X").reveal() == "a b"


@pytest.mark.parametrize("text", ["", "a\nb", "a\rb", "a\0b", " a", "a\t", "x" * (MAX_SECRET + 1)])
def test_what_could_split_a_header_is_refused(text: str) -> None:
    """The reference is named, the secret is not."""
    with pytest.raises(Refused) as caught:
        checked(text, "env:X")

    assert caught.value.reason == "secret-unavailable"
    assert "env:X" in str(caught.value)
