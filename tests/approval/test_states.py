"""What may become of an approval, and what never does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.approval.values import AGENT, ERIKA, LENA, MAX, NOW, RULE, approval, vote

from interlock.approval import states
from interlock.approval.people import is_concerned
from interlock.errors import Refused
from interlock.model import Approval, ApprovalKind, ApprovalState, Ask, Person, Vote
from interlock.reasons import Reason

PENDING, APPROVED, DENIED = ApprovalState.PENDING, ApprovalState.APPROVED, ApprovalState.DENIED
EXPIRED, WITHDRAWN, USED = ApprovalState.EXPIRED, ApprovalState.WITHDRAWN, ApprovalState.USED
MARK = "f" * 64


def _refused(call: Callable[[], object]) -> Reason:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.reason


def test_one_yes_is_enough_where_one_is_asked() -> None:
    """It is approved, one version further, with the vote as it counts and the moment it was given."""
    after = states.vote(approval(), vote(rules=(RULE, "other")), NOW + 5)

    assert (after.state, after.version) == (APPROVED, 1)
    assert (after.votes[0].rules, after.votes[0].at) == ((RULE,), NOW + 5)


def test_each_rule_gets_its_people() -> None:
    """Two rules, one wanting two people: a person who may speak for both counts for both, once."""
    asked = approval(asks=(Ask("a", 2), Ask("b", 1)))
    one = states.vote(asked, vote(MAX, rules=("a", "b")), NOW)
    assert one.state is PENDING
    assert [states.missing(one, ask) for ask in one.asks] == [1, 0]
    assert _refused(lambda: states.vote(one, vote(MAX, rules=("a",)), NOW)) is Reason.VOTE_REFUSED
    assert states.vote(one, vote(LENA, rules=("b",)), NOW).state is PENDING
    assert states.vote(one, vote(LENA, rules=("a",)), NOW).state is APPROVED


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (vote(AGENT), "the requester"),
        (vote(ERIKA), "whom it acts for"),
        (vote(MAX, rules=()), "no rule that asks names them"),
        (vote(MAX, rules=("another",)), "a rule that does not ask"),
        (vote(MAX, False, reason=" \n"), "a no without a reason"),
        (vote(MAX, False, reason="\u200b\ufeff \u2800"), "a no with a reason that nobody can see"),
        (vote(MAX, reason="x" * 501), "a reason without end"),
        (vote(AGENT, False), "the requester says no"),
    ],
)
def test_who_may_not_speak(said: Vote, why: str) -> None:
    """Nothing changes by the word of somebody who may not give it."""
    assert _refused(lambda: states.vote(approval(), said, NOW)) is Reason.VOTE_REFUSED, why


def test_nobody_asked_is_never_a_yes() -> None:
    """An approval without asking rules cannot be approved, and a rule that wants nobody wants somebody."""
    assert _refused(lambda: states.vote(approval(asks=()), vote(), NOW)) is Reason.VOTE_REFUSED
    assert states.missing(approval(), Ask(RULE, 0)) == 1


def test_break_glass_wants_two() -> None:
    """Even where its rule says one."""
    asked = approval(kind=ApprovalKind.BREAK_GLASS)
    one = states.vote(asked, vote(MAX), NOW)
    assert one.state is PENDING
    two = states.vote(one, vote(LENA), NOW)
    assert (two.state, two.outcome) == (USED, states.GRANTED)


def test_a_no_wins() -> None:
    """While others still say yes, and after the last yes, as long as nothing ran."""
    one = states.vote(approval(asks=(Ask(RULE, 2),)), vote(MAX), NOW)
    assert states.vote(one, vote(LENA, False), NOW).state is DENIED
    assert states.vote(one, vote(MAX, False), NOW).state is DENIED
    approved = states.vote(approval(), vote(MAX), NOW)
    assert states.vote(approved, vote(LENA, False), NOW).state is DENIED
    used = states.claim(approved, MARK, NOW, gateway="g")
    assert _refused(lambda: states.vote(used, vote(LENA, False), NOW)) is Reason.APPROVAL_USED


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (PENDING, Reason.APPROVAL_PENDING),
        (DENIED, Reason.APPROVAL_DENIED),
        (EXPIRED, Reason.APPROVAL_EXPIRED),
        (WITHDRAWN, Reason.APPROVAL_WITHDRAWN),
        (USED, Reason.APPROVAL_USED),
    ],
)
def test_only_what_is_approved_is_claimed(state: ApprovalState, reason: Reason) -> None:
    """Every other state says why not."""
    assert _refused(lambda: states.claim(approval(state=state), MARK, NOW, gateway="g")) is reason


@pytest.mark.parametrize("mark", ["", "f" * 63, "F" * 64, "é" * 64])
def test_only_for_its_fingerprint(mark: str) -> None:
    """What was approved is this operation; one that looks like it is another."""
    found = approval(state=APPROVED)
    assert _refused(lambda: states.claim(found, mark, NOW, gateway="g")) is Reason.APPROVAL_OUTDATED
    assert _refused(lambda: states.claim(approval(state=APPROVED, fingerprint=""), "", NOW, gateway="g"))


@pytest.mark.parametrize("kind", [ApprovalKind.GRANT, ApprovalKind.BREAK_GLASS])
def test_a_question_for_a_grant_runs_nothing(kind: ApprovalKind) -> None:
    """It becomes a grant or nothing."""
    assert _refused(lambda: states.claim(approval(kind=kind, state=APPROVED), MARK, NOW, gateway="g"))
    assert states.vote(approval(kind=ApprovalKind.GRANT), vote(), NOW).state is USED


@pytest.mark.parametrize("state", [PENDING, APPROVED])
@pytest.mark.parametrize("when", [600.0, 1e9, float("nan")])
def test_time_is_over_when_it_is_over(state: ApprovalState, when: float) -> None:
    """From the second on, for whoever looks, whether or not it was written down."""
    found = approval(state=state)
    now = NOW + when

    assert states.at(found, NOW + 599.9).state is state
    assert states.at(found, now).state is EXPIRED
    assert _refused(lambda: states.claim(found, MARK, now, gateway="g")) is Reason.APPROVAL_EXPIRED
    assert _refused(lambda: states.vote(found, vote(), now)) is Reason.APPROVAL_EXPIRED
    assert _refused(lambda: states.withdraw(found, now)) is Reason.APPROVAL_EXPIRED


def test_expiry_is_written_down_once_it_is_true() -> None:
    """Not before its time, and not of what is over in another way."""
    assert _refused(lambda: states.expire(approval(), NOW)) is Reason.APPROVAL_PENDING
    assert states.expire(approval(), NOW + 600).state is EXPIRED
    assert _refused(lambda: states.expire(approval(state=DENIED), NOW + 600)) is Reason.APPROVAL_DENIED


def test_leases() -> None:
    """What was leased comes back to the gateway's hand only, in time, and never after something ran."""
    leased = states.claim(approval(state=APPROVED), MARK, NOW, gateway="g", lease=True)
    assert (leased.state, leased.outcome, leased.gateway) == (USED, "leased", "g")
    back = states.give_back(leased, NOW, gateway="g")
    assert (back.state, back.outcome, back.version) == (APPROVED, "", 2)
    assert states.give_back(leased, NOW + 600, gateway="g").state is EXPIRED
    assert _refused(lambda: states.give_back(leased, NOW, gateway="h")) is Reason.APPROVAL_USED
    ran = states.finish(leased, "done")
    assert _refused(lambda: states.give_back(ran, NOW, gateway="g")) is Reason.APPROVAL_USED
    lost = states.finish(leased, states.UNKNOWN)
    assert _refused(lambda: states.give_back(lost, NOW, gateway="g")) is Reason.APPROVAL_USED
    assert states.finish(lost, "done").outcome == "done"
    assert _refused(lambda: states.finish(ran, "again")) is Reason.APPROVAL_USED
    assert _refused(lambda: states.finish(approval(), "done")) is Reason.APPROVAL_USED


def test_a_no_to_a_lease() -> None:
    """It is kept, said once; the lease comes back denied, in time or not, and what ran meanwhile has run."""
    leased = states.claim(approval(state=APPROVED), MARK, NOW, gateway="g", lease=True)
    no = Vote(MAX, False, NOW, (RULE,), "stop")
    told = states.vote(leased, no, NOW)
    assert (told.state, told.outcome, told.version) == (USED, "leased", leased.version + 1)
    assert _refused(lambda: states.vote(told, no, NOW)) is Reason.APPROVAL_USED
    assert _refused(lambda: states.vote(leased, replace(no, approves=True), NOW)) is Reason.APPROVAL_USED
    assert _refused(lambda: states.vote(leased, replace(no, reason=" "), NOW)) is Reason.VOTE_REFUSED
    assert _refused(lambda: states.vote(leased, replace(no, by=AGENT), NOW)) is Reason.VOTE_REFUSED
    for now in (NOW, NOW + 600):
        assert states.give_back(told, now, gateway="g").state is DENIED
    assert states.finish(told, "handed over").state is USED
    used = states.claim(approval(state=APPROVED), MARK, NOW, gateway="g")
    assert _refused(lambda: states.vote(used, no, NOW)) is Reason.APPROVAL_USED


_PEOPLE = [MAX, LENA, ERIKA, AGENT, replace(MAX, issuer="https://sso.example.com"), Person("c", "i", "noor")]
_EVENTS = st.one_of(
    st.tuples(
        st.just("vote"),
        st.sampled_from(_PEOPLE),
        st.booleans(),
        st.lists(st.sampled_from(["a", "b", "c"]), max_size=3, unique=True),
    ),
    st.tuples(st.sampled_from(["claim", "lease", "give_back", "finish", "lose", "withdraw", "expire", "wrong"])),
)
_ASKS = st.lists(
    st.builds(Ask, st.sampled_from(["a", "b"]), st.integers(0, 3)), max_size=2, unique_by=lambda one: one.rule
)


@settings(max_examples=100, deadline=None)
@given(_ASKS, st.lists(st.tuples(st.floats(0, 130), _EVENTS), max_size=25))
def test_nothing_runs_that_was_not_approved(asks: list[Ask], events: list[tuple[float, tuple[object, ...]]]) -> None:
    """Whatever happens in whatever order: what runs was approved by enough distinct, eligible people for every rule
    that asks, was not denied, is in time, and runs once."""
    found, now, ran = approval(asks=tuple(asks)), NOW, 0
    for wait, event in events:
        now += wait
        try:
            after = _after(found, event, now)
        except Refused:
            continue
        if after.state is USED and found.state is not USED:
            assert found.state is APPROVED
            assert now < found.expires
            _is_approved(found)
        if event[0] in ("claim", "finish") and found.outcome != states.UNKNOWN:
            ran += 1 if event[0] == "claim" or found.outcome == states.LEASED else 0
        assert after.version == found.version + 1
        assert after.state is not APPROVED or not states.denied(after)
        assert not any(one.by == AGENT or one.by == ERIKA for one in after.votes)
        if found.state in (DENIED, EXPIRED, WITHDRAWN):
            raise AssertionError("what is over changed")
        found = after
    assert ran <= 1


def _after(found: Approval, event: tuple[object, ...], now: float) -> Approval:
    name = event[0]
    if name == "vote":
        _, by, approves, rules = event
        return states.vote(found, Vote(by, approves, now, tuple(rules), "no"), now)  # type: ignore[arg-type]
    steps: dict[object, Callable[[], Approval]] = {
        "claim": lambda: states.claim(found, MARK, now, gateway="g"),
        "wrong": lambda: states.claim(found, "e" * 64, now, gateway="g"),
        "lease": lambda: states.claim(found, MARK, now, gateway="g", lease=True),
        "give_back": lambda: states.give_back(found, now, gateway="g"),
        "finish": lambda: states.finish(found, "done"),
        "lose": lambda: states.finish(found, states.UNKNOWN),
        "withdraw": lambda: states.withdraw(found, now),
        "expire": lambda: states.expire(found, now),
    }
    return steps[name]()


def _is_approved(found: Approval) -> None:
    assert found.asks
    assert all(one.approves for one in found.votes)
    for ask in found.asks:
        people = {one.by.subject for one in found.votes if ask.rule in one.rules}
        assert len(people) >= max(1, ask.people)
    assert not any(is_concerned(one.by, found.requester) for one in found.votes)
