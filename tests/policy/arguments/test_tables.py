"""`tables:` and `columns:` of a rule, on operations as the SQL analysis makes them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from interlock import commands
from interlock.errors import RulesInvalid
from interlock.model import Access, Decision, Effect, Operation
from interlock.policy import Policy

type Build = Callable[..., Policy]
type Ask = Callable[..., Decision]

RULE = "- {id: r, %s: [%s], on: [warehouse], %s, %s}"
TO = {"permit": "to: anyone", "review": "to: anyone, by: {groups: [dba]}", "forbid": "to: anyone"}
ALL = "\n- {id: all, permit: [sql.*], on: [warehouse], to: anyone}"


def sql(tables: list[str], columns: list[str] | None = None, *flags: str, action: str = "read") -> Operation:
    arguments = {"tables": tables, "columns": columns or [], "flags": [*flags]}
    return Operation("sql", action, access=Access[action.upper()], arguments=arguments, text="select")


def rule(effect: str, about: str, operations: str = "sql.read") -> str:
    return RULE % (effect, operations, TO[effect], about) + ("" if effect == "permit" else ALL)


ORDERS, PII = sql(["orders"]), sql(["orders", "customers"], ["customers.ssn", "orders.id"])
ROWS = [
    # what the rule says, the statement, permitted by it, sent to review by it or forbidden by it
    ("tables: [orders]", ORDERS, True, True),
    ("tables: [orders]", sql(["orders", "secrets"]), False, True),
    ("tables: [orders]", sql(["secrets"]), False, False),
    ("tables: [orders]", sql(["evil.orders"]), False, True),
    ("tables: [orders]", sql([]), False, False),
    ("tables: [orders]", sql(["orders"], [], "opaque"), False, True),
    ("tables: [orders]", sql(["secrets"], [], "dynamic"), False, True),
    ("tables: [orders]", Operation("sql", "read", access=Access.READ), False, True),
    ("tables: [orders, 'customers.*']", sql(["orders", "customers.people"]), True, True),
    ("tables: ['sales.*']", sql(["orders"]), False, False),
    ("tables: {not: [salaries]}", ORDERS, True, True),
    ("tables: {not: [salaries]}", sql(["hr.salaries"]), False, True),
    ("tables: {not: [salaries]}", sql(["salaries"]), False, False),
    ("tables: {not: [salaries]}", sql([]), True, False),
    ("tables: {only: ['hr.*'], not: [hr.salaries]}", sql(["hr.people"]), True, True),
    ("tables: {only: ['hr.*'], not: [hr.salaries]}", sql(["hr.salaries"]), False, False),
    ("columns: {not: [customers.ssn]}", sql(["orders"], ["orders.*"]), True, True),
    ("columns: {not: [customers.ssn]}", PII, False, True),
    ("columns: {not: [customers.ssn]}", sql(["customers"], ["customers.*"]), False, True),
    ("columns: {not: [customers.ssn]}", sql(["customers"], ["*.*"]), False, True),
    ("columns: {not: [customers.ssn]}", sql(["customers"], ["ssn"]), False, True),
    ("columns: {not: [customers.ssn]}", sql(["customers"], ["customers.name"]), True, True),
    ("columns: {not: [customers.ssn]}", sql(["orders"], []), True, False),
    ("columns: [customers.ssn]", sql(["orders"], ["orders.id"]), False, False),
    ("columns: [customers.ssn]", sql(["customers"], ["customers.*"]), False, True),
    (
        "columns: ['orders.*', customers.name]",
        sql(["orders", "customers"], ["orders.id", "customers.name"]),
        True,
        True,
    ),
    ("columns: ['orders.*', customers.name]", sql(["orders"], ["orders.*"]), True, True),
    ("columns: ['orders.*', customers.name]", sql(["orders"], ["*.*"]), False, True),
    ("columns: ['orders.*', customers.name]", sql(["orders"]), True, False),
    ("columns: ['orders.*', customers.name]", sql(["payroll"]), False, False),
    ("columns: ['orders.*'], tables: [payroll]", sql(["payroll"]), True, False),
    ("columns: {not: [customers.ssn]}", sql(["payroll"]), True, False),
    ("tables: ['\"User\"', 'public.\"Order\"']", sql(['"User"', 'public."Order"']), True, True),
    ("tables: ['\"User\"']", sql(["user"]), False, True),
    ("tables: ['\"User\"']", sql(['"USER"']), False, True),
    ("tables: ['\"User\"']", sql(['public."User"']), False, True),
    ("tables: [user]", sql(['"User"']), False, True),
    ("tables: ['public.\"Or*\"']", sql(['public."Order Items"']), True, True),
    ("tables: ['order*items']", sql(["order items"]), True, True),
    ("columns: ['\"User\".id']", sql(['"User"'], ['"User".id']), True, True),
    ("columns: {not: ['\"User\".password']}", sql(['"User"'], ['"User".password']), False, False),
    ("tables: [orders, customers], columns: {not: [customers.ssn]}", PII, False, True),
]


@pytest.mark.parametrize(("about", "operation", "permits", "speaks"), ROWS)
def test_a_permission_is_sure_and_a_prohibition_cannot_be_talked_round(
    policy: Build, ask: Ask, about: str, operation: Operation, permits: bool, speaks: bool
) -> None:
    """To permit, everything touched must be named; to ask or forbid, one thing that could be meant is enough."""
    found = ask(policy(rule("permit", about)), operation)
    assert (found.effect, found.reason) == ((Effect.PERMIT, "permitted") if permits else (Effect.FORBID, "no-rule"))
    found = ask(policy(rule("review", about)), operation)
    assert found.effect is (Effect.REVIEW if speaks else Effect.PERMIT)
    found = ask(policy(rule("forbid", about)), operation)
    assert (found.effect, found.rule) == ((Effect.FORBID, "r") if speaks else (Effect.PERMIT, "all"))


STATEMENTS = [
    ("SELECT id, total FROM orders WHERE id = 7", True),
    ("SELECT o.id FROM orders o", True),
    ("SELECT customers.name FROM customers", True),
    ("SELECT ssn FROM customers", False),
    ("SELECT * FROM customers", False),
    ("SELECT name FROM customers WHERE ssn LIKE '1%'", False),
    ("SELECT 1 FROM orders ORDER BY (SELECT ssn FROM customers LIMIT 1)", False),
    ("WITH x AS (SELECT ssn AS y FROM customers) SELECT y FROM x", False),
    ("SELECT id FROM orders UNION SELECT ssn FROM customers", False),
    ("SELECT id FROM payroll", False),
    ("DELETE FROM orders WHERE id = 7", False),
    ("SELECT 1; DROP TABLE orders", False),
]


@pytest.mark.parametrize(("text", "permits"), STATEMENTS)
def test_analysts_read_orders_but_not_ssn(policy: Build, ask: Ask, text: str, permits: bool) -> None:
    """One rule says it, and real statements are read by it."""
    rules = policy(rule("permit", "tables: [orders, customers], columns: {not: [customers.ssn]}"))
    found = ask(rules, *commands.analyse(text, "sql", "postgres"))
    assert found.effect is (Effect.PERMIT if permits else Effect.FORBID)


WRONG = [
    ("permit", "sql.read", "tables: []", "tables is empty and would match nothing"),
    ("permit", "sql.read", "tables: {}", "tables says nothing"),
    ("permit", "sql.read", "tables: {never: [x]}", "tables has no member 'never'"),
    ("permit", "sql.read", "tables: ['a..b']", "'a..b' is no name of tables"),
    ("permit", "sql.read", "tables: ['select 1']", "'select 1' is no name of tables"),
    ("permit", "sql.read", "tables: ['\"a.b\"']", "is no name of tables"),
    ("permit", "sql.read", "tables: ['a\"b']", "is no name of tables"),
    ("permit", "sql.read", "columns: [ssn]", "column 'ssn' says no table"),
    ("forbid", "http.get /x", "tables: [orders]", "http.get /x has no tables: with it the rule could never match"),
    ("forbid", "mcp.call:x", "columns: [a.b]", "mcp.call:x has no columns: with it the rule could never match"),
]


@pytest.mark.parametrize(("effect", "operations", "about", "says"), WRONG)
def test_what_could_never_match_is_an_error(policy: Build, effect: str, operations: str, about: str, says: str) -> None:
    """A rule that would silently speak about nothing does not load."""
    with pytest.raises(RulesInvalid) as error:
        policy(RULE % (effect, operations, TO[effect], about))
    assert says in str(error.value)


ROUND = r"""
SELECT customers FROM customers
SELECT to_jsonb(c) FROM customers c
SELECT c.* FROM customers c
SELECT (c).ssn FROM customers c
TABLE customers
SELECT * FROM orders NATURAL JOIN customers
SELECT o.id FROM orders o JOIN customers c USING (ssn)
SELECT x.s FROM (SELECT ssn AS s FROM customers) x
SELECT "SSN" FROM customers
SELECT id FROM customers ORDER BY ssn
SELECT id FROM orders WHERE EXISTS (SELECT 1 FROM customers c WHERE c.ssn = '1')
SELECT id FROM public.customers
SELECT id FROM evil.orders
SELECT ssn FROM orders, customers
COPY customers TO STDOUT
SELECT count(c) FROM customers c
SELECT id FROM orders UNION TABLE customers
SELECT id FROM customers WHERE (id, ssn) = (1, '2')
SELECT s FROM customers AS c(i, s)
WITH customers AS (SELECT * FROM payroll) SELECT id FROM customers
SELECT 1
"""
HONEST = """
SELECT * FROM orders
SELECT o.id, c.name FROM orders o JOIN customers c ON c.id = o.customer_id
SELECT count(*) FROM customers
WITH x AS (SELECT id, name FROM customers) SELECT * FROM x
SELECT 'ssn' AS s, name FROM customers
SELECT name AS ssn FROM customers
"""


@pytest.mark.parametrize(
    ("text", "permits"),
    [*((text, False) for text in ROUND.strip().splitlines()), *((text, True) for text in HONEST.strip().splitlines())],
)
def test_columns_are_not_reached_another_way(policy: Build, ask: Ask, text: str, permits: bool) -> None:
    """Whole rows, aliases, joins, other schemas and names in quotes lead to nothing that is not permitted by name."""
    rules = policy(rule("permit", "tables: [orders, customers], columns: {not: [customers.ssn]}"))
    assert ask(rules, *commands.analyse(text, "sql", "postgres")).permits is permits
