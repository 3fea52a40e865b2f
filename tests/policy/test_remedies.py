"""What agents are told to do instead: the deciding rule's own words, or the next best thing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from interlock.model import JSON, Access, Decision, Operation, Refusal
from interlock.policy import Policy

type Build = Callable[..., Policy]
type Ask = Callable[..., Decision]

TABLES: dict[str, JSON] = {"tables": ["salaries"], "flags": []}
READ = Operation("sql", "read", access=Access.READ, arguments=TABLES, text="select")
UNKNOWN = Operation("sql", "admin", access=Access.UNKNOWN, text="gibberish")
OWN = "- {id: no, forbid: [sql.read], message: Salaries are private., remedy: Ask the people team.}"
SILENT = "- {id: no, forbid: [sql.read]}"
OTHERS = "- {id: some, permit: [sql.read], on: [warehouse], to: anyone, tables: [orders]}"
ASKS = "- {id: ask, review: [sql.read], on: [warehouse], to: anyone, by: {groups: [dba]}}"


@pytest.mark.parametrize(
    ("text", "operation", "says"),
    [
        (OWN, READ, "Salaries are private. Ask the people team."),
        (SILENT, READ, "Rule no says so: do it another way"),
        ("[]", READ, "Nothing permits sql.read here: do it another way"),
        (OTHERS, READ, "Rule some permits sql.read, but not with these tables, columns or arguments"),
        ("[]", UNKNOWN, "Write it as plain commands"),
        (ASKS, READ, "Rule ask says so"),
    ],
)
def test_remedies(policy: Build, ask: Ask, text: str, operation: Operation, says: str) -> None:
    """The rule's own, the rule that nearly permits, or what helps with that reason; and it reaches the sentence."""
    found = ask(policy(text), operation)
    assert found.remedy.startswith(says)
    assert says in Refusal(found.reason, "x", found.remedy).sentence()


def test_what_is_permitted_has_no_remedy(policy: Build, ask: Ask) -> None:
    """There is nothing to do instead."""
    found = ask(policy("- {id: r, permit: [sql.read], on: [warehouse], to: anyone}"), READ)
    assert (found.permits, found.remedy) == (True, "")
