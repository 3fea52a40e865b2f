"""Which members hold commands, and what becomes of them."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from interlock.errors import BodyRejected
from interlock.model import JSON, Operation
from interlock.protocols.commands import analyse_value, known_commands
from interlock.reasons import Reason

type Analysis = Callable[..., tuple[Operation, ...]]


def found(analyse: Analysis, members: dict[str, JSON], tool: str = "find", dialect: str = "") -> list[tuple[str, str]]:
    """Language and text of what is found in a tool's arguments."""
    operations = known_commands(tool, members, ("arguments",), dialect, analyse)
    return [(operation.protocol, operation.text) for operation in operations]


def test_a_list_is_one_shell_command_or_several_statements(analyse: Analysis) -> None:
    """Words of an argv are joined with their quotes; statements stand alone, each at its place."""
    shell = analyse_value(["rm", "-rf", "a b"], ("cmd",), "shell", "", analyse)
    sql = analyse_value(["SELECT 1", "DROP TABLE x"], ("q",), "sql", "postgres", analyse)

    assert [operation.text for operation in shell] == ["rm -rf 'a b'"]
    assert [(operation.text, operation.place) for operation in sql] == [("SELECT 1", "/q/0"), ("DROP TABLE x", "/q/1")]
    assert sql[0].arguments["dialect"] == "postgres"
    assert analyse_value([], ("q",), "sql", "", analyse) == ()


@pytest.mark.parametrize("value", [None, 1, True, {"text": "DROP"}, ["DROP", 1], [["DROP"]]])
def test_a_command_that_is_no_text_is_refused(analyse: Analysis, value: JSON) -> None:
    """Never skipped."""
    with pytest.raises(BodyRejected):
        analyse_value(value, ("q",), "sql", "", analyse)


@pytest.mark.parametrize("name", ["query", "Query", "sql", "SQL", "statement"])
def test_sql_is_found_whatever_the_case(analyse: Analysis, name: str) -> None:
    """In the members that usually hold it."""
    assert found(analyse, {name: "DROP TABLE x"}) == [("sql", "DROP TABLE x")]


@pytest.mark.parametrize("name", ["command", "cmd", "CMD", "script"])
def test_shell_is_found_whatever_the_case(analyse: Analysis, name: str) -> None:
    """In the members that usually hold it."""
    assert found(analyse, {name: "rm -rf /"}) == [("shell", "rm -rf /")]


@pytest.mark.parametrize(
    "text",
    [
        "drop table x",
        "  \n\tDROP TABLE x",
        "-- harmless\nDROP TABLE x",
        "# harmless\nDROP TABLE x",
        "/* harmless */ DROP TABLE x",
        "/*!50000 DROP TABLE x */",
        "/*M! DROP TABLE x */",
        "((select 1))",
        ";drop table x",
        "refund policy; drop table x",
        "refund policy;/* x */drop table x",
        "\ufeffDROP TABLE x",
        "\u200bDROP TABLE x",
        "\u00a0DROP TABLE x",
        "{call drop_all()}",
        "{ ? = call drop_all() }",
        "with x as (delete from y returning *) select 1",
        "EXEC xp_cmdshell 'dir'",
        "xp_cmdshell 'dir'",
        "sp_configure 'x', 1",
        "\\! rm -rf /",
        ".shell rm -rf /",
        "refund " * 400,
    ],
)
def test_a_query_in_which_a_statement_could_begin_is_sql(analyse: Analysis, text: str) -> None:
    """Comments, blanks and look-alikes of blanks do not hide the verb."""
    assert found(analyse, {"query": text}) == [("sql", text)]


@pytest.mark.parametrize(
    "text",
    [
        "refund policy",
        "is:open label:bug",
        "from:erika invoice",
        "#123",
        "Überweisung",
        "customers; invoices",
        "",
        "{ viewer { login } }",
    ],
)
def test_words_for_a_search_are_no_sql(analyse: Analysis, text: str) -> None:
    """The benign look-alike passes without an operation that no rule could permit."""
    assert found(analyse, {"query": text}) == []


def test_a_tool_or_dialect_that_speaks_of_sql_leaves_no_doubt(analyse: Analysis) -> None:
    """Then every query is SQL, with the connection's dialect."""
    assert found(analyse, {"query": "refund policy"}, tool="run_SQL") == [("sql", "refund policy")]
    assert found(analyse, {"query": "refund policy"}, dialect="mysql") == [("sql", "refund policy")]


def test_the_words_beside_a_command_belong_to_it(analyse: Analysis) -> None:
    """As a list or as text."""
    assert found(analyse, {"command": "rm", "args": ["-rf", "/"]}) == [("shell", "rm -rf /")]
    assert found(analyse, {"command": "rm", "arguments": "-rf /"}) == [("shell", "rm -rf /")]
    assert found(analyse, {"command": "ls", "args": [], "path": "x"}) == [("shell", "ls")]


def test_a_list_with_text_in_it_is_not_skipped(analyse: Analysis) -> None:
    """A tolerant server might run the text."""
    with pytest.raises(BodyRejected):
        found(analyse, {"sql": ["DROP TABLE x", 1]})
    assert found(analyse, {"query": {"match": {"name": "x"}}, "sql": None}) == []


@pytest.mark.parametrize(
    "value",
    [["x"] * 50_000, [{"a": 1}] * 25_000, {f"n{n}": n for n in range(50_000)}, {"deep": [[["x"] * 20_000] * 1] * 3}],
)
def test_arguments_of_more_values_than_anybody_means_are_refused(analyse: Analysis, value: JSON) -> None:
    """Before any of them is looked at: each could be a command, or hide one."""
    asked: list[str] = []

    def counted(text: str, *more: str, **named: str) -> tuple[Operation, ...]:
        asked.append(text)
        return analyse(text, *more, **named)

    with pytest.raises(BodyRejected) as told:
        known_commands("find", {"command": "ls", "value": value}, ("arguments",), "", counted)
    assert told.value.reason is Reason.BODY_TOO_LARGE
    assert "more than 32000 values" in str(told.value)
    assert asked == []


def test_a_long_list_of_values_passes(analyse: Analysis) -> None:
    """A table of numbers, a list of names."""
    assert found(analyse, {"rows": [[n, "name"] for n in range(10_000)], "query": "SELECT 1"}) == [("sql", "SELECT 1")]


@pytest.mark.parametrize("words", ["create react app", "drop shipping companies", "merge sort"])
def test_a_search_is_asked_in_words(analyse: Analysis, words: str) -> None:
    """Also in such as begin a statement; elsewhere, and where they are one, they are SQL."""

    def read(tool: str, text: str) -> list[Operation]:
        return [*known_commands(tool, {"query": text}, ("arguments",), "", analyse)]

    assert read("search_docs", words) == []
    assert read("look", words) != []
    assert read("search_docs", "drop table customers") != []


def test_objects_of_a_document_in_a_string_are_bounded(analyse: Analysis) -> None:
    """Each of them may name a command, whatever the string that holds them all."""
    with pytest.raises(BodyRejected) as told:
        known_commands("look", {"text": json.dumps([{"a": 1}] * 60_000)}, ("arguments",), "", analyse)

    assert told.value.reason is Reason.BODY_TOO_LARGE
    assert "too many objects" in str(told.value)
