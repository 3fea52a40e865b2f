"""What a command line is told to do, wherever its options stand."""

from __future__ import annotations

import pytest

from interlock.policy.verb import verb


@pytest.mark.parametrize(
    ("phrase", "words", "says"),
    [
        ("push", "push -f origin main", True),
        ("push", "-C /srv/x push", True),
        ("push", "-c user.name=x push", True),
        ("push", "--no-pager push", True),
        ("push", "--git-dir=/x push", True),
        ("push", "log push", False),
        ("push", "--no-pager log push", False),
        ("push", "", False),
        ("push", "-C", False),
        ("push", "-C /x", False),
        ("stash drop|clear", "stash clear", True),
        ("stash drop|clear", "stash -q drop", True),
        ("stash drop|clear", "stash list drop", False),
        ("delete ns|namespace|ns/*", "-n x delete --wait ns/prod", True),
        ("delete ns|namespace|ns/*", "--context prod delete --grace-period 0 namespace prod", True),
        ("delete ns|namespace|ns/*", "get ns delete", False),
        ("* delete-*", "--profile prod dynamodb delete-table --table-name x", True),
        ("* delete-*", "s3 ls delete-me", False),
        ("* * delete", "vm show -n delete", False),
        ("* * delete", "compute --project x instances --quiet delete web", True),
        ("* * delete", "compute --zone=x instances delete web", True),
        ("* * delete", "compute instances --name delete", False),
    ],
)
def test_verbs(phrase: str, words: str, says: bool) -> None:
    """The first words that are no options, and no option's value, in order."""
    assert verb(phrase)(words.split()) is says


def test_many_options_take_linear_time() -> None:
    """A hostile line is no slower than its length."""
    assert not verb("a b c")(["-x"] * 100_000)
