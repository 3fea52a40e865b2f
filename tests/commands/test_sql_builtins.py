"""Functions of one database each."""

from __future__ import annotations

import pytest

from interlock.commands.sql_builtins import BUILTINS


@pytest.mark.parametrize("dialect", sorted(BUILTINS))
def test_names_are_lower_case(dialect: str) -> None:
    """Names are compared in lower case, so an upper case one would never be found."""
    assert all(name == name.lower() for name in BUILTINS[dialect])
    assert len(BUILTINS[dialect]) > 50


@pytest.mark.parametrize(
    "name", ["pg_read_file", "nextval", "setval", "set_config", "pg_sleep", "lo_import", "ts_stat"]
)
def test_no_function_with_an_effect_is_among_them(name: str) -> None:
    """What PostgreSQL marks volatile and changes something is left out."""
    assert name not in BUILTINS["postgres"]
