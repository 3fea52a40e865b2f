"""What `interlock classify` reads and writes. One line is one text; lines are independent of each other."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import IO

from interlock.cli._lines import lines
from interlock.engine.classify import LANGUAGES, Classified, Classifier, dialects
from interlock.errors import BodyRejected, InterlockError
from interlock.model import JSON, Operation
from interlock.model.places import offset
from interlock.protocols.body import read_json
from interlock.schema import meant

__all__ = ["MAX_LINE", "Answer", "answer", "classify_all", "document"]

MAX_LINE = 8 << 20
"""Bytes of the longest line that is read."""
_MAX_NAME = 60
_NAME = re.compile(r"[\w .-]{1,60}", re.ASCII)
_MISSPELT = 0.86
_OWN = (
    "flags", "kinds", "objects", "tables", "reads", "writes", "columns", "functions", "command", "paths", "hosts",
    "method", "host", "path", "how",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said about one line: a classification, or what is wrong with it."""

    id: JSON
    line: int
    found: Classified | None = None
    error: str = ""


def classify_all(classifier: Classifier, source: IO[bytes], show: Callable[[Answer], None]) -> bool:
    """Every line as it comes, in order; whether all could be read."""
    good = True
    for number, raw in lines(source, MAX_LINE):
        said = (
            Answer(None, number, error=f"longer than {MAX_LINE} bytes")
            if raw is None
            else answer(classifier, raw, number)
        )
        good = good and not said.error
        show(said)
    return good


def answer(classifier: Classifier, raw: bytes, number: int) -> Answer:
    """The answer to one line. Never raises."""
    name: JSON = None
    try:
        entry = read_json(raw)
        if not isinstance(entry, dict):
            raise InterlockError("the line is not a JSON object")
        name = entry.get("id")
        text, language, dialect = _members(entry)
        return Answer(name, number, classifier.classify(text, language, dialect))
    except BodyRejected:
        return Answer(name, number, error="the line is not strict JSON (RFC 8259, UTF-8)")
    except InterlockError as error:
        return Answer(name, number, error=f"{error}" + (f" ({error.hint})" if error.hint else ""))
    except RecursionError:
        return Answer(name, number, error="the line is nested too deeply")
    except Exception:  # no line may end the others
        return Answer(name, number, error="the text could not be classified")


def _members(entry: dict[str, JSON]) -> tuple[str, str, str]:
    text, language, dialect = entry.get("text"), entry.get("language"), entry.get("dialect")
    if "text" not in entry:
        raise InterlockError("text is missing")
    if not isinstance(text, str):
        raise InterlockError("text must be text")
    if not isinstance(language, str) or language.lower() not in LANGUAGES:
        raise InterlockError("language is none that is known", hint=meant(str(language)[:_MAX_NAME], LANGUAGES))
    if dialect is not None and not isinstance(dialect, str):
        raise InterlockError("dialect must be text, or left out")
    known = dialects(language.lower())
    if dialect and known and dialect.lower() not in known:
        name = dialect[:_MAX_NAME].lower()
        if get_close_matches(name, known, n=1, cutoff=_MISSPELT) or not _NAME.fullmatch(dialect):
            raise InterlockError(f"there is no dialect {dialect[:_MAX_NAME]!a}", hint=meant(name, known))
        dialect = ""  # a database that nobody here knows: the text is read in several
    return text, language.lower(), dialect or ""


def document(said: Answer) -> dict[str, JSON]:
    """An answer as it is written."""
    if said.found is None:
        return {"id": said.id, "error": said.error, "line": said.line}
    operations: list[JSON] = [_operation(operation) for operation in said.found.operations]
    findings: list[JSON] = [
        {"rule": found.rule.id, "pack": found.pack, "says": found.rule.says, "remedy": found.rule.remedy,
         "operation": found.operation.name}
        for found in said.found.findings
    ]  # fmt: skip
    return {
        "id": said.id,
        "access": said.found.access,
        "operations": operations,
        "dangerous": said.found.dangerous,
        "findings": findings,
    }


def _operation(operation: Operation) -> JSON:
    """One operation with what it nests: its name, what it does, and those of its arguments that say something."""
    found: dict[str, JSON] = {"name": operation.name, "access": operation.access.name.lower()}
    if operation.resource:
        found["resource"] = operation.resource
    found |= {"place": operation.place, "at": offset(operation)}
    for name in _OWN:
        value = operation.arguments.get(name)
        if value:
            found[name] = value
    nested: list[JSON] = [_operation(inner) for inner in operation.nested]
    return found | ({"operations": nested} if nested else {})
