"""Names of tables and columns: certainly what a pattern says, or possibly."""

from __future__ import annotations

import pytest

from interlock.policy.names import meets, within

ROWS = [
    ("orders", "orders", True, True),
    ("orders", "Orders", True, True),
    ("orders", "public.orders", False, True),
    ("orders", "evil.orders", False, True),
    ("orders", "orders_archive", False, False),
    ("order*", "orders", True, True),
    ("sales.*", "sales.orders", True, True),
    ("sales.*", "orders", False, True),
    ("sales.*", "hr.orders", False, False),
    ("sales.*", "shop.sales.orders", False, True),
    ("hr.salaries", "salaries", False, True),
    ("hr.salaries", "public.salaries", False, False),
    ("customers.ssn", "customers.ssn", True, True),
    ("customers.ssn", "customers.*", False, True),
    ("customers.ssn", "*.*", False, True),
    ("customers.ssn", "*.ssn", False, True),
    ("customers.ssn", "ssn", False, True),
    ("customers.ssn", "customers.name", False, False),
    ("customers.ssn", "orders.*", False, False),
    ("customers.ssn", "crm.customers.ssn", False, True),
    ("*.ssn", "orders.ssn", True, True),
    ("*.ssn", "orders.*", False, True),
    ("customers.*", "customers.*", True, True),
    ("customers.*", "*.*", False, True),
    ("*.*", "*.*", True, True),
    ("*", "", False, True),
    ("orders", '"Orders"', False, True),
    ('"Orders"', '"Orders"', True, True),
    ('"Orders"', '"ORDERS"', False, True),
    ("customers.ssn", 'customers."SSN"', False, True),
    ("customers.*", '"customers.x"', False, True),
]


@pytest.mark.parametrize(("pattern", "name", "sure", "could"), ROWS)
def test_what_is_sure_is_less_than_what_could_be(pattern: str, name: str, sure: bool, could: bool) -> None:
    """A permission needs certainty about every part; a prohibition takes missing and unknown parts for a match."""
    assert within(pattern)(name) is sure
    assert meets(pattern)(name) is could


@pytest.mark.parametrize(("name", "could"), [("orders", False), ("hr.pay", True), ("x.hr.pay", True), ("a.pay", False)])
def test_a_bare_name_is_not_in_every_schema(name: str, could: bool) -> None:
    """`hr.*` speaks about names that say hr, or it would speak about every table that says nothing."""
    assert meets("hr.*", bare=False)(name) is could
    assert meets("hr.pay", bare=False)("pay") is True
