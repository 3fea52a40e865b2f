"""What filters share."""

from __future__ import annotations

import pytest

from interlock.errors import BodyRejected
from interlock.paths.scope import MAX_WORK, Scope
from interlock.reasons import Reason


def test_work_is_bounded():
    """The last bit of work is done, the one after it is refused."""
    scope = Scope(None)
    scope.spend(MAX_WORK)
    with pytest.raises(BodyRejected) as caught:
        scope.spend()
    assert caught.value.reason is Reason.BODY_UNPARSABLE


def test_what_no_candidate_changes_is_worked_out_once():
    """The second question gets the first answer."""
    scope, asked = Scope(None), list[int]()
    assert [scope.once("key", lambda: asked.append(1) or 7) for _ in range(3)] == [7, 7, 7]
    assert asked == [1]
