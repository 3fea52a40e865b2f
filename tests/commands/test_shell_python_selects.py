"""Statements of SQLAlchemy that are put together of calls."""

from __future__ import annotations

import ast

import pytest

from interlock.commands.shell_python_selects import only_selects
from interlock.commands.shell_python_values import Values

_IMPORTS = "from sqlalchemy import select, func, text, delete, update, literal_column\nfrom shop import Order, find\n"


def _selects(expression: str) -> bool:
    tree = ast.parse(_IMPORTS + f"q = {expression}\n")
    return only_selects(Values(list(ast.walk(tree))), ast.Name("q", ast.Load()))


@pytest.mark.parametrize(
    "expression",
    [
        "select(Order)",
        "select(Order.status, func.count()).group_by(Order.status)",
        "select(Order).where(Order.id == 4).order_by(Order.id.desc()).limit(5)",
    ],
)
def test_selects_only_read(expression: str) -> None:
    """Known calls on a `select` of SQLAlchemy."""
    assert _selects(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "delete(Order)",
        "update(Order).values(total=0)",
        "select(text('1; DROP TABLE orders'))",
        "select(literal_column('pg_terminate_backend(1)'))",
        "select(func.lo_unlink(4))",
        "select(Order).prefix_with('x')",
        "select(Order).where(Order.id.op('; DROP TABLE orders --')(1))",
        "select(Order).from_statement(text('DROP TABLE orders'))",
        "select(find())",
        "Order.select()",
        "'SELECT 1'",
    ],
)
def test_others_are_not_taken_for_them(expression: str) -> None:
    """What changes rows, holds text, or calls what is not known."""
    assert not _selects(expression)
