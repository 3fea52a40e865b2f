"""A proposal reads as YAML, says what it stands on, and nothing that came from traffic gets out of its place."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.access.test_proposing import BASE, PEOPLE
from tests.access.values import rules_in, who

from interlock.access.facts import Fact
from interlock.access.patch import flow, left_rows, patch_text
from interlock.access.proposing import propose
from interlock.model import JSON, Effect, Operation, Principal
from interlock.source import read_yaml_text

HOSTILE = [
    "=cmd|x",
    "[link=https://x]",
    "\x1b[31mred",
    "a\u202eb",
    "a\nb: c",
    "#x",
    "{y}",
    "'",
    '"',
    "\\",
    "no",
    "1e3",
    "é 😀",
]
_VALUES = st.recursive(
    st.one_of(st.booleans(), st.integers(-5, 5), st.text(max_size=12), st.sampled_from(HOSTILE)),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1, max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=100)
@given(_VALUES)
def test_values_come_back(value: JSON) -> None:
    """Whatever is written in one line is read as itself."""
    text = flow({"x": value})
    assert "\n" not in text
    assert text.isascii()
    assert read_yaml_text(text, "x").plain() == {"x": value}


def _fact(principal: Principal, operation: Operation, used: bool = True, observed: bool = True) -> Fact:
    fact = Fact(
        principal, "payroll", "GET", operation.resource, False, (operation,), True,
        Effect.PERMIT if used else Effect.FORBID, used, observed, "", "observed" if used else "no-rule",
    )  # fmt: skip
    fact.note("2026-03-02T09:00:00.000Z", "01ABC/7")
    return fact


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_in_their_place(tmp_path: object, name: str) -> None:
    """Subjects, paths and groups that traffic chose: the patch is the rules it is meant to be, and plain to read."""
    rules = rules_in(tmp_path, BASE)  # type: ignore[arg-type]
    facts = [_fact(who(name, name), Operation("http", "get", f"/v1/{number}")) for number in range(2)]
    facts += [_fact(who(name, name), Operation("mcp", f"call:{name}"))]
    found = propose(rules, {}, facts)
    text = patch_text(found)
    plain = read_yaml_text(text, "patch").plain()

    assert all(char.isprintable() or char == "\n" for char in text)
    assert isinstance(plain, dict)
    assert [rule["to"]["subjects"] for rule in plain["policy"]] == [[name]] * len(found.rules)  # type: ignore[index, union-attr, call-overload]
    assert sum("narrows" in line or "observed:" in line for line in text.splitlines()) == len(found.rules)


def test_what_is_left_stays_in_its_comment(tmp_path: object) -> None:
    """A recording may name a connection as it likes: its name begins no line of its own, where it would be a rule."""
    rules = rules_in(tmp_path, BASE)  # type: ignore[arg-type]
    name = "x\npolicy:\n  - {id: evil, permit: ['http.*'], on: all, to: anyone}\n#"
    left = _fact(PEOPLE[0], Operation("http", "get", "/v1/1"))
    left.connection = name
    text = patch_text(propose(rules, {}, [left]))

    assert read_yaml_text(text, "patch").plain() == {"version": 1}
    assert "evil" in text


def test_the_evidence_is_above_each_rule(tmp_path: object) -> None:
    """How often, by whom, when, where to look; what is left out, and why; what deserves a second look."""
    rules = rules_in(tmp_path, BASE)  # type: ignore[arg-type]
    facts = [_fact(who, Operation("http", "get", f"/v1/items/{number}")) for number, who in enumerate(PEOPLE[:3])]
    both = Operation("http", "get", "/admin")
    facts += [_fact(PEOPLE[0], both), _fact(PEOPLE[0], both, used=False, observed=False)]
    facts += [_fact(PEOPLE[0], Operation("http", "get", "/users/<email:ABCDEFGHIJKLMNOP>"))]
    found = propose(rules, {}, facts, hours=True)
    text = patch_text(found, since="2026-03-01", proof=["Proven."])

    assert "used 3 times by 3 (analyst-0, analyst-1, analyst-2), 2026-03-02T09:00Z to 2026-03-02T09:00Z" in text
    assert "e.g. 01ABC/7" in text
    assert text.count("look twice: a name in these paths is masked") == 1
    assert "observed: no rule gives this today" in text
    assert 'permit: ["http.get /v1/items/*"]' in text
    assert 'between: "09:00-10:00"' in text
    assert (
        "# Used, and not proposed:\n#   1 x http.get /admin on payroll by analyst-0: the very same was forbidden"
        in text
    )
    assert "http.get /users/*" in text
    assert left_rows(found.left) == [
        ("analyst-0", "payroll", "http.get /admin", 1, "the very same was forbidden in this time")
    ]
