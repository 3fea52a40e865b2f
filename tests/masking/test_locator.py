"""Places found by reading all tokens."""

from __future__ import annotations

import pytest

from interlock.errors import BodyRejected
from interlock.masking.edits import Edit, all_found, tree_of
from interlock.masking.locator import Locator
from interlock.reasons import Reason


def test_places_are_found_however_deep_they_lie():
    """What a reader in steps would read again and again is read once."""
    body = b'{"a":' * 300 + b'[1,{"b" : 2}]' + b"}" * 300
    root = tree_of({("a",) * 300 + (1, "b"): Edit(value=b"3", key=b'"c"')})
    splices = sorted(Locator(body, root).run())
    assert [(body[start:end], text) for start, end, text in splices] == [(b'"b"', b'"c"'), (b"2", b"3")]
    assert all_found(root)


def test_a_name_that_stands_twice_on_the_way_is_ambiguous():
    """Elsewhere nobody asks."""
    for body, twice in ((b'{"a":1,"a":2}', True), (b'{"b":{"c":1,"c":2},"a":1}', False)):
        root = tree_of({("a",): Edit(value=b"3")})
        if twice:
            with pytest.raises(BodyRejected) as caught:
                Locator(body, root).run()
            assert caught.value.reason is Reason.BODY_AMBIGUOUS
        else:
            assert len(Locator(body, root).run()) == 1
