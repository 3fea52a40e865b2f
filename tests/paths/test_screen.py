"""What jsonpath-ng gets to read."""

from __future__ import annotations

import pytest

from interlock.errors import InterlockError
from interlock.paths.screen import screen


def test_blanks_are_taken_out_but_for_names():
    """Where RFC 9535 allows blanks the parser sees none; quoted text keeps its own."""
    assert screen("$ [ 'a b' ]\r\n.c [?  @ .x  ==\t'y z' ]") == "$['a b'].c[?@.x=='y z']"


@pytest.mark.parametrize(
    "text", ["$['a'", "$.a]", "$[?(@.a]", "$[?@.a)]", "$..", "$.a $", "$[?@.a==$", "$[?]", "$[1,]"]
)
def test_what_is_not_complete_is_refused_with_a_hint(text):
    """Unbalanced and unfinished paths never reach the parser."""
    with pytest.raises(InterlockError) as caught:
        screen(text)
    assert text in str(caught.value)
    assert caught.value.hint
