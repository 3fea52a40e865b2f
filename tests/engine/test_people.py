"""Claims become a principal by the mapping that tokens go through."""

from __future__ import annotations

import pytest
from tests.engine.conftest import BASE, Load

from interlock.engine.people import choose_identity, claims_for, principal_from
from interlock.errors import InterlockError, TokenRejected
from interlock.reasons import Reason


def test_subject_groups_and_acting_for_stand_where_the_identity_reads_them(load: Load) -> None:
    """What is written by the mapping is read back by it."""
    identity = load().identities[0]
    claims = claims_for(identity, "erika", ["b", "a"], "max", {"department": "finance"})
    assert claims == {
        "sub": "erika",
        "realm": {"groups": ["a", "b"]},
        "act": {"sub": "max"},
        "department": "finance",
    }
    principal = principal_from(identity, claims, now=1000.0)
    assert (principal.subject, principal.groups, principal.acting_for) == ("erika", {"a", "b"}, "max")
    assert principal.claims["department"] == "finance"
    assert principal.expires > 1000.0


def test_a_claim_that_was_written_stays(load: Load) -> None:
    """Further claims win over what would be filled in, and the caller's mapping is not changed."""
    identity = load().identities[0]
    extra = {"sub": "svc", "realm": {"roles": ["x"]}}
    assert claims_for(identity, "erika", ["a"], extra=extra) == {
        "sub": "svc",
        "realm": {"roles": ["x"], "groups": ["a"]},
    }
    assert extra == {"sub": "svc", "realm": {"roles": ["x"]}}


def test_claims_that_collide_are_an_error(load: Load) -> None:
    """A text where a mapping has to be."""
    with pytest.raises(InterlockError, match="not a mapping"):
        claims_for(load().identities[0], "erika", ["a"], extra={"realm": "text"})


def test_an_identity_without_acting_for_cannot_play_it(load: Load) -> None:
    """It would never come out of a token."""
    rules = load(base=BASE.replace(", acting_for: act.sub", ""))
    with pytest.raises(InterlockError, match="acting_for"):
        claims_for(rules.identities[0], "erika", acting_for="max")


def test_claims_that_no_token_may_have_are_refused(load: Load) -> None:
    """The same check that tokens meet."""
    with pytest.raises(TokenRejected) as caught:
        principal_from(load().identities[0], {"sub": "a\x1bb"}, now=1.0)
    assert caught.value.reason is Reason.TOKEN_CLAIMS


def test_an_identity_is_named_or_the_only_one(load: Load) -> None:
    """Never the first of several."""
    one = load().identities
    assert choose_identity(one) is choose_identity(one, "corp", demo=True) is one[0]
    with pytest.raises(InterlockError, match="'other'"):
        choose_identity(one, "other")
    with pytest.raises(InterlockError, match="more than one"):
        choose_identity([*one, *one])
    with pytest.raises(InterlockError, match="no identity"):
        choose_identity([])
