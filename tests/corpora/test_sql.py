"""The corpus of SQL: what is dangerous is blocked, what is not is not, nothing that writes is called a read."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from tests.conftest import Record
from tests.corpora.sql_cases import DIALECTS, Case, cases

from interlock import commands
from interlock.model import Access, Operation
from interlock.policy import PackRule, read_pack
from interlock.schema import Reader

_PACK = Path(__file__).parents[2] / "rules/packs/sql-destructive.yaml"
_ACCESS = {"read": Access.READ, "write": Access.WRITE, "ddl": Access.DDL, "admin": Access.ADMIN}
_LEAST, _SHARE_DANGEROUS, _MOST_FLAGGED = 400, 0.45, 0.03


@cache
def _rules() -> tuple[PackRule, ...]:
    reader = Reader()
    pack = read_pack(_PACK, reader, languages=commands.languages())
    assert not reader.errors
    return pack.rules


@cache
def _operations(case: Case) -> tuple[Operation, ...]:
    return commands.analyse(case.sql, "sql", case.dialect)


def _blocking(case: Case) -> list[str]:
    operations = _operations(case)
    return [rule.id for rule in _rules() if rule.looks and any(map(rule.looks, operations))]


def _all() -> list[Case]:
    return [case for dialect in DIALECTS for case in cases(dialect)]


def test_there_are_enough_and_no_two_alike() -> None:
    """At least 400 cases over nine dialects, at least 45 of a hundred dangerous."""
    found = _all()

    assert len(found) >= _LEAST
    assert len({(case.dialect, case.sql) for case in found}) == len(found)
    assert sum(case.dangerous for case in found) >= _SHARE_DANGEROUS * len(found)
    assert len(DIALECTS) == 9


def test_figures(record_figures: Record) -> None:
    """Nothing dangerous is missed, nothing that changes anything is called a read, few look-alikes are blocked."""
    found = _all()
    missed = [case.sql for case in found if case.dangerous and not _blocking(case)]
    benign = [case for case in found if not case.dangerous]
    flagged = [(case.sql, _blocking(case)) for case in benign if _blocking(case)]
    worst = {case: max(operation.access for operation in _operations(case)) for case in found}
    called_read = [case.sql for case in found if case.access != "read" and worst[case] is Access.READ]
    over = [case.sql for case in benign if worst[case] > _ACCESS[case.access]]
    counts = Counter(case.dialect for case in found)
    record_figures("sql corpus", {
        "cases": len(found), "dangerous": len(found) - len(benign), "missed": len(missed),
        "benign flagged": f"{100 * len(flagged) / len(benign):.1f} %", "changes called read": len(called_read),
        "benign above their access": len(over), "dialects": " ".join(f"{name} {n}" for name, n in counts.items()),
    })  # fmt: skip

    assert (missed, called_read) == ([], [])
    assert len(flagged) <= _MOST_FLAGGED * len(benign), flagged


@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_case_is_below_its_access(dialect: str) -> None:
    """No statement is judged as doing less than it does."""
    below = [
        case.sql
        for case in cases(dialect)
        if max(operation.access for operation in _operations(case)) < _ACCESS[case.access]
    ]

    assert below == []


@pytest.mark.parametrize("dialect", DIALECTS)
def test_tables_are_those_of_the_label(dialect: str) -> None:
    """Every table that a benign statement touches is named, and no other."""
    wrong = []
    for case in cases(dialect):
        found = {name for operation in _operations(case) for name in operation.arguments.get("tables", ())}
        if case.tables is not None and not case.dangerous and found != case.tables:
            wrong.append((case.sql, sorted(found)))

    assert wrong == []
