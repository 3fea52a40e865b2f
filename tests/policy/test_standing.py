"""A permission that is to be attested counts while somebody stands by it, and not otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.policy.conftest import ANALYST

from interlock.model import Access, Effect, Grant, Operation, Permission, Principal, ReviewRecord, Scope, Word, person
from interlock.policy import Context, Policy, decide
from interlock.policy.context import Reviewed
from interlock.policy.could import could
from interlock.policy.limits import limits_of
from interlock.policy.standing import ATTESTED, lapse, left

type Build = Callable[..., Policy]

NOW, DAY = 1_000_000.0, 86400.0
ATTEST = "attest: {every: 90d, by: {groups: [dba]}, overdue: forbid}"
READ = f"- {{id: read, permit: ['sql.*'], on: [warehouse], to: {{groups: [analyst]}}, {ATTEST}}}\n"
ASKED = READ.replace("overdue: forbid", "overdue: review")
WRITE = (
    "- {id: write, review: [sql.write], on: [warehouse], to: {groups: [analyst]}, by: {groups: [dba]}, "
    "grant: {max: 30m}, attest: {by: {groups: [dba]}, overdue: review}}\n"
)
OTHER = "- {id: other, permit: ['sql.*'], on: [warehouse], to: {groups: [analyst]}}\n"
SELECT = Operation("sql", "read", access=Access.READ, text="select")
UPDATE = Operation("sql", "write", access=Access.WRITE, text="update")
HER = Scope(ANALYST.issuer, ANALYST.subject)
YES, ASKS, NO = Effect.PERMIT, Effect.REVIEW, Effect.FORBID

OVERDUE, REVOKED, PASSES = "access-overdue", "access-revoked", "permitted"
KEEP, CUT = Word.KEEP, Word.NARROW

type Row = tuple[Scope, Word | None, dict[str, object]]

IN_TIME: Row = (Scope(), Word.KEEP, {"at": NOW - DAY})
OLD: Row = (Scope(), Word.KEEP, {"at": NOW - 90 * DAY})
ASKED_NOW: Row = (Scope(), None, {"asked": NOW - DAY, "due": NOW + DAY})


def _known(policy: Policy, *rows: Row, rule: str = "read") -> Reviewed:
    found = {}
    for scope, word, members in rows:
        meaning = str(members.get("meaning", policy.named[rule].meaning))
        rest = {name: value for name, value in members.items() if name != "meaning"}
        found[scope] = replace(ReviewRecord(Permission(rule, meaning, scope), word), **rest)  # type: ignore[arg-type]
    return {rule: found}


def _ask(policy: Policy, reviews: Reviewed | None, *operations: Operation, who: Principal = ANALYST, **more: object):  # type: ignore[no-untyped-def]
    context = Context(who, "warehouse", "POST", "/v1/query", now=NOW, reviews=reviews, **more)  # type: ignore[arg-type]
    return decide(policy, context, operations or (SELECT,))


TABLE: list[tuple[str, tuple[Row, ...], Effect, str]] = [
    ("kept in time", (IN_TIME,), YES, PASSES),
    ("kept too long ago", (OLD,), NO, OVERDUE),
    ("the very moment it is overdue", ((Scope(), KEEP, {"at": NOW - 90 * DAY}),), NO, OVERDUE),
    ("the moment before", ((Scope(), KEEP, {"at": NOW - 90 * DAY + 1}),), YES, PASSES),
    ("kept by a clock that is a little ahead", ((Scope(), KEEP, {"at": NOW + 299}),), YES, PASSES),
    ("kept in the future", ((Scope(), KEEP, {"at": NOW + 3650 * DAY}),), NO, OVERDUE),
    ("asked in the future", ((Scope(), None, {"asked": NOW + 301, "due": NOW + 999 * DAY}),), NO, OVERDUE),
    ("revoked in the future", ((Scope(), Word.REVOKE, {"at": NOW + 3650 * DAY}),), NO, REVOKED),
    ("never asked about", (), NO, OVERDUE),
    ("asked about, and not due yet", (ASKED_NOW,), YES, PASSES),
    ("asked about, and due", ((Scope(), None, {"asked": NOW - DAY, "due": NOW}),), NO, OVERDUE),
    ("asked about for too long", ((Scope(), None, {"asked": NOW - 91 * DAY, "due": NOW + DAY}),), NO, OVERDUE),
    ("a word about another meaning", ((Scope(), KEEP, {"at": NOW, "meaning": "0" * 64}),), NO, OVERDUE),
    ("a word about no meaning", ((Scope(), KEEP, {"at": NOW, "meaning": ""}),), NO, OVERDUE),
    ("kept, and a campaign waits", ((Scope(), KEEP, {"at": NOW - DAY, "due": NOW + 1}),), YES, PASSES),
    ("kept, and a campaign waited in vain", ((Scope(), KEEP, {"at": NOW - DAY, "due": NOW - 1}),), NO, OVERDUE),
    ("revoked", ((Scope(), Word.REVOKE, {"at": NOW - DAY}),), NO, REVOKED),
    ("revoked before the rule was changed", ((Scope(), Word.REVOKE, {"at": NOW, "meaning": "0" * 64}),), NO, REVOKED),
    ("revoked for her", (IN_TIME, (HER, Word.REVOKE, {"at": NOW})), NO, REVOKED),
    ("revoked for a group of hers", (IN_TIME, (Scope(group="staff"), Word.REVOKE, {"at": NOW})), NO, REVOKED),
    ("revoked for others", (IN_TIME, (Scope(group="intern"), Word.REVOKE, {"at": NOW})), YES, PASSES),
    ("revoked for a namesake", (IN_TIME, (replace(HER, issuer="https://o"), Word.REVOKE, {"at": NOW})), YES, PASSES),
    ("kept for her alone", ((HER, KEEP, {"at": NOW - DAY}),), YES, PASSES),
    ("kept for others alone", ((Scope(group="intern"), KEEP, {"at": NOW - DAY}),), NO, OVERDUE),
    ("hers waited for in vain", (IN_TIME, (HER, None, {"asked": NOW - DAY, "due": NOW - 1})), NO, OVERDUE),
    ("hers once, all of it now", (IN_TIME, (HER, KEEP, {"at": NOW - 95 * DAY})), YES, PASSES),
    ("narrowed to it", ((Scope(), CUT, {"at": NOW, "only": ("sql.read",)}),), YES, PASSES),
    ("narrowed away", ((Scope(), CUT, {"at": NOW, "only": ("sql.write",)}),), NO, REVOKED),
    ("narrowed to nothing", ((Scope(), CUT, {"at": NOW, "only": ()}),), NO, REVOKED),
    ("narrowed to what is no operation", ((Scope(), CUT, {"at": NOW, "only": ("SQL",)}),), NO, REVOKED),
    ("kept for all, narrowed for her", (IN_TIME, (HER, CUT, {"at": NOW, "only": ("sql.ddl",)})), NO, REVOKED),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "effect", "reason"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_words_decide(policy: Build, rows: tuple[Row, ...], effect: Effect, reason: str) -> None:
    """What reviewers said, or did not say in time, is what a permission is worth."""
    rules = policy(READ)
    found = _ask(rules, _known(rules, *rows))

    assert (found.effect, found.reason, found.rule) == (effect, reason, "read")
    assert found.attested == (("read",) if effect is YES else ())


def test_nobody_knows(policy: Build) -> None:
    """While the store cannot be read nobody is known to stand by anything."""
    found = _ask(policy(READ), None)

    assert (found.effect, found.reason) == (NO, "access-unknown")
    assert "Try again" in found.remedy


def test_the_remedy_says_whom_to_ask(policy: Build) -> None:
    """Who is stopped learns who could attest the rule."""
    found = _ask(policy(READ), {})

    assert found.remedy == "Rule read has to be attested again: ask groups dba to do that (interlock access attest)."


def test_overdue_may_ask(policy: Build) -> None:
    """With `overdue: review` every operation asks those who may attest the rule."""
    rules = policy(ASKED)
    found = _ask(rules, {})

    assert (found.effect, found.reason, found.reviews) == (ASKS, "access-overdue", ("read",))
    assert rules.named["read"].by == rules.named["read"].attest.by
    assert rules.named["read"].expires > 0
    assert _ask(rules, None).reason == "access-unknown"
    assert _ask(rules, _known(rules, (Scope(), Word.REVOKE, {"at": NOW}))).effect is NO


def test_no_grant_answers_an_overdue_rule(policy: Build) -> None:
    """A rule that asks, and that nobody stands by, asks each time, whatever was granted."""
    rules = policy(WRITE)
    grant = Grant("g1", person(ANALYST), "warehouse", ("sql.write",), ("write",), NOW - 1, NOW + 60)
    attested = _known(rules, IN_TIME, rule="write")

    assert _ask(rules, attested, UPDATE, grants=(grant,)).reason == "granted"
    assert _ask(rules, attested, UPDATE).reason == "approval-needed"
    overdue = _ask(rules, {}, UPDATE, grants=(grant,))
    assert (overdue.effect, overdue.reason) == (ASKS, "access-overdue")


def test_no_other_rule_brings_back_what_was_taken(policy: Build) -> None:
    """A rule that nobody stands by forbids: another one that permits the same is no way round the review."""
    rules = policy(READ + OTHER)

    assert _ask(rules, {}).reason == "access-overdue"
    assert _ask(rules, _known(rules, IN_TIME)).effect is YES


def test_whom_the_rule_does_not_name_is_not_concerned(policy: Build) -> None:
    """Neither is who never had the permission."""
    rules = policy(READ + OTHER.replace("groups: [analyst]", "groups: [staff]"))
    who = replace(ANALYST, groups=frozenset({"staff"}))

    assert _ask(rules, None, who=who).effect is YES


def test_rules_without_attest_need_no_reviews(policy: Build) -> None:
    """Nothing is looked up for them."""
    found = _ask(policy(OTHER), None)

    assert (found.effect, found.attested) == (YES, ())


def test_what_somebody_may_try(policy: Build) -> None:
    """Lists of tools and of limits do not show what was taken away."""
    rules = policy(READ)
    for reviews, shown in ((ATTESTED, True), ({}, False), (None, False)):
        context = Context(ANALYST, "warehouse", now=NOW, reviews=reviews)
        assert could(rules, context, SELECT) is shown
        assert bool(limits_of(rules, context)) is shown


def test_what_is_left() -> None:
    """Patterns as rules write them; anything else leaves nothing."""
    get = Operation("http", "get", "/v1/a")
    assert left(("http.get /v1/*",), get)
    assert not left(("http.get /v2/*", "sql.*"), get)
    assert left(("*.*",), get)
    assert not left(("nonsense",), get)


def test_rules_by_themselves(policy: Build) -> None:
    """Cases and recordings ask what rules say where somebody stands by them."""
    rules = policy(READ)

    assert _ask(rules, ATTESTED).effect is YES
    assert lapse(rules.named["read"], Context(ANALYST, "warehouse", reviews=ATTESTED)) is None


@pytest.mark.parametrize(
    ("issuer", "acting_for", "word", "effect", "reason"),
    [
        (HER.issuer, HER.subject, Word.REVOKE, NO, REVOKED),
        (HER.issuer, HER.subject, CUT, NO, REVOKED),
        (HER.issuer, "", Word.REVOKE, YES, PASSES),
        (HER.issuer, "somebody-else", Word.REVOKE, YES, PASSES),
        ("https://other.example", HER.subject, Word.REVOKE, YES, PASSES),
        (HER.issuer, HER.subject, KEEP, YES, PASSES),
    ],
    ids=["revoked", "narrowed", "for-nobody", "for-another", "another-issuers-namesake", "kept"],
)
def test_what_was_taken_from_a_person_no_agent_has_for_them(
    policy: Build, issuer: str, acting_for: str, word: Word, effect: Effect, reason: str
) -> None:
    """Its token names them in its issuer's words; others of that name are others."""
    found = policy(READ)
    agent = replace(ANALYST, issuer=issuer, subject="svc:agent", acting_for=acting_for)
    row: Row = (HER, word, {"at": NOW, "only": ("sql.other",) if word is CUT else ()})
    decision = _ask(found, _known(found, IN_TIME, row), SELECT, who=agent)
    assert (decision.effect, str(decision.reason)) == (effect, reason)


def test_what_was_kept_for_a_person_is_not_kept_for_their_agents(policy: Build) -> None:
    """To give is said of each by name."""
    found = policy(READ)
    agent = replace(ANALYST, subject="svc:agent", acting_for=HER.subject)
    decision = _ask(found, _known(found, (HER, KEEP, {"at": NOW})), SELECT, who=agent)
    assert (decision.effect, str(decision.reason)) == (NO, OVERDUE)
