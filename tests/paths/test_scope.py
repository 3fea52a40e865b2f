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


def test_work_that_is_not_left_is_not_begun():
    """What may take more than is left is refused; what may not counts nothing yet."""
    scope = Scope(None)
    scope.afford(MAX_WORK)
    scope.spend(1)
    with pytest.raises(BodyRejected):
        scope.afford(MAX_WORK)
    scope.spend(MAX_WORK - 1)


def test_time_counts_as_work():
    """What cannot be counted is measured."""
    scope = Scope(None)
    assert scope.timed(lambda: sum(range(100_000))) == 4999950000
    with pytest.raises(BodyRejected):
        scope.afford(MAX_WORK)
