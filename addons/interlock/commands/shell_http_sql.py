"""SQL that a request carries to a database: `curl http://clickhouse:8123/ -d 'DROP TABLE t'`, `?query=...`, `q=...`.

Only what is plainly a statement that changes something is taken for SQL: most bodies are none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import unquote_plus

from interlock.commands.shell_call import Call

__all__ = ["carried_sql"]

_DATA = ("-d", "--data", "--data-raw", "--data-binary", "--data-urlencode", "--data-ascii", "--json", "--post-data",
         "--body-data", "-F", "--form")  # fmt: skip
_STATEMENT = re.compile(
    r"\s*(?:drop\s+(?:table|database|schema|view|index|user|role|measurement|series|keyspace|materialized|function)\b"
    r"|truncate\s+(?:table\s+)?[\w.\"`]+|delete\s+from\b|alter\s+(?:table|user|role|system|database)\b"
    r"|update\s+[\w.\"`]+\s+set\b|(?:grant|revoke)\s+[\w ,]+\s+on\b"
    r"|create\s+(?:or\s+replace\s+)?(?:user|role|table|function)\b"
    r"|insert\s+into\b)",
    re.IGNORECASE,
)
_MEMBERS = ("query", "sql", "statement", "stmt", "q", "command", "queries", "queryText")
_NAMED = re.compile(r"(?:q|query|sql|stmt|statement|db_query)=(.*)\Z", re.DOTALL)
_MAX_TEXT = 1 << 16


def carried_sql(call: Call) -> list[str]:
    """The statements among what a call of an HTTP client sends, in its data and in its URL."""
    return [text for text in _texts(call) if _STATEMENT.match(text)]


def _texts(call: Call) -> Iterator[str]:
    for before, word in pairwise([None, *call.args]):
        if word is None or word.dynamic or len(word.text) > _MAX_TEXT:
            continue
        data = before is not None and before.text in _DATA
        glued = (
            word.text.partition("=")[2]
            if word.text.startswith(tuple(f"{one}=" for one in _DATA if one[1] == "-"))
            else ""
        )
        for text in (word.text if data else "", glued):
            yield text
            yield from _members(text)
            if named := _NAMED.match(text):
                yield unquote_plus(named[1])
        if "?" in word.text and "://" in word.text:
            for part in word.text.partition("?")[2].split("&"):
                if named := _NAMED.match(part):
                    yield unquote_plus(named[1])


def _members(text: str) -> Iterator[str]:
    """The statements of a document: `{"query": "..."}`."""
    if not text.lstrip().startswith("{"):
        return
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return
    for name in _MEMBERS:
        if isinstance(document.get(name), str):
            yield document[name]
