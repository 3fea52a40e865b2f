"""Bodies that nobody read before."""

from __future__ import annotations

import pytest

from interlock.errors import BodyRejected
from interlock.masking.strict import read_strictly
from interlock.reasons import Reason


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"a":1,"a":2}', Reason.BODY_AMBIGUOUS),
        (b'{"a":1,"\\u0061":2}', Reason.BODY_AMBIGUOUS),
        (b"[NaN]", Reason.BODY_UNPARSABLE),
        (b"{", Reason.BODY_UNPARSABLE),
        (b"\xff", Reason.BODY_UNPARSABLE),
        (b"[" * 100_000, Reason.BODY_UNPARSABLE),
    ],
)
def test_what_two_readers_could_read_in_two_ways_is_rejected(body, reason):
    """Names that stand twice, constants that JSON does not have, what is cut off."""
    with pytest.raises(BodyRejected) as caught:
        read_strictly(body)
    assert caught.value.reason is reason


def test_a_document_is_what_it_says():
    """Anything else is read."""
    assert read_strictly(b'{"a":[1,2.5,null]}') == {"a": [1, 2.5, None]}
