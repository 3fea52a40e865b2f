"""What jsonpath-ng gets to read."""

from __future__ import annotations

import pytest

from interlock.paths.screen import screen


def test_blanks_are_taken_out_but_for_names():
    """Where RFC 9535 allows blanks the parser sees none; quoted text keeps its own."""
    assert screen("$ [ 'a b' ]\r\n.c [?  @ .x  ==\t'y z' ]") == "$['a b'].c[?@.x=='y z']"


@pytest.mark.parametrize(
    "text",
    [
        *("$['a'", "$.a]", "$[?(@.a]", "$[?@.a)]", "$..", "$.a $", "$[?@.a==$", "$[?]", "$[1,]", "", "$ ", "$.a ]"),
        *(r"$['\n']", "$[?1==@.a]", "$.größe", "$[?length(@.a)>1]", "$[?!(@.a)]", "$[?@.a==1e1]"),
        *("$[?@.a|@.b]", "$.a.`parent`", "$[-0]", "$[99999999999999999999]", "$[?@.a==99999999999999999999]"),
    ],
)
def test_what_jsonpath_ng_would_misread_or_not_read_is_kept_from_it(text):
    """Unfinished paths, and those that jsonpath-ng reads otherwise than RFC 9535, are left to our own parser."""
    assert screen(text) is None
