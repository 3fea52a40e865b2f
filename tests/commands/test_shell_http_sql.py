"""SQL that a request carries to a database."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


def _sql(text: str) -> list[str]:
    return [one.name for top in analyse(text, "shell") for one in top.walk() if one.protocol == "sql"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("curl http://ch:8123/ -d 'DROP TABLE events'", "sql.ddl"),
        ("curl http://ch:8123/ --data-binary='TRUNCATE TABLE events'", "sql.ddl"),
        ("curl -XPOST http://influx:8086/query --data-urlencode 'q=DROP DATABASE metrics'", "sql.ddl"),
        ("curl 'http://ch:8123/?query=DROP%20TABLE%20events'", "sql.ddl"),
        ('curl http://db/v1/query -d \'{"sql": "DELETE FROM users"}\'', "sql.write"),
        ("wget --post-data='DELETE FROM users' http://ch:8123/", "sql.write"),
    ],
)
def test_statements_that_change_something_are_judged(text: str, name: str) -> None:
    """In the body, in a member of a document, in the URL."""
    assert name in _sql(text)


@pytest.mark.parametrize(
    "text",
    [
        "curl http://localhost:8000/search -d 'drop by the office'", "curl 'http://x.example/?q=drop+tables'",
        "curl http://x.example/graphql -d '{\"query\": \"{ users { id } }\"}'", "curl http://x.example -d '{\"a\"'",
        "curl http://x.example -d 'update my profile'", "curl http://ch:8123/ -d 'SELECT 1'",
        "curl http://x.example -d '{\"query\": 7}'", "curl http://x.example -d \"$BODY\"",
    ],
)  # fmt: skip
def test_other_bodies_are_no_sql(text: str) -> None:
    """Prose, GraphQL, broken documents, and what only asks."""
    assert not _sql(text)


def test_a_huge_body_is_passed_over() -> None:
    """What no shell would take as one word is not looked through."""
    assert not _sql(f"curl http://ch:8123/ -d 'DROP TABLE t {'x' * 70000}'")
