"""What `interlock decide` reads and writes. One line is one request; lines are independent of each other."""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import IO

import msgspec

from interlock.cli._lines import lines
from interlock.engine.people import choose_identity, claims_for, principal_from
from interlock.engine.rules import Rules
from interlock.engine.trial import AGENT, Attempt, Trial, Verdict
from interlock.errors import BodyRejected, InterlockError
from interlock.model import JSON, Principal
from interlock.protocols.body import read_json

__all__ = ["MAX_LINE", "Answer", "Decider", "answer_all"]

MAX_LINE = 32 << 20
_MEMBERS = ("id", "as", "identity", "on", "method", "path", "headers", "body", "body_b64", "time")
_SUBJECT = "decide"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said about one line: a verdict, or what is wrong with it."""

    id: JSON
    line: int
    verdict: Verdict | None = None
    error: str = ""


class Decider:
    """Rules asked line by line. `identity` is whose claims `as` holds where a line does not say."""

    def __init__(self, rules: Rules, identity: str = "") -> None:
        self._rules = rules
        self._identity = identity
        self._trial = Trial(rules, explained=True)

    def answer(self, raw: bytes, number: int) -> Answer:
        """The answer to one line. Never raises."""
        name: JSON = None
        try:
            entry = read_json(raw)
            if not isinstance(entry, dict):
                raise InterlockError("the line is not a JSON object")
            name = entry.get("id")
            return Answer(name, number, self._verdict(entry))
        except BodyRejected as error:
            return Answer(name, number, error=str(error).replace("the body", "the line", 1))
        except InterlockError as error:
            return Answer(name, number, error=f"{error}" + (f" ({error.hint})" if error.hint else ""))
        except RecursionError:
            return Answer(name, number, error="the line is nested too deeply")

    def _verdict(self, entry: Mapping[str, JSON]) -> Verdict:
        for member in entry:
            if member not in _MEMBERS:
                raise InterlockError(f"there is no member {member!a}", hint="known: " + ", ".join(_MEMBERS))
        now = _moment(entry.get("time"))
        principal = self._principal(entry, now)
        on = _text(entry, "on")
        if on == AGENT:
            tool, arguments = _proposal(entry)
            return self._trial.proposal(principal, tool, arguments, now)
        if self._rules.connection(on) is None:
            known = [connection.name for connection in self._rules.connections]
            raise InterlockError(f"there is no connection {on!a}", hint="known: " + ", ".join([*known, AGENT]))
        headers, (body, is_json) = _headers(entry.get("headers")), _body(entry)
        if is_json and not any(header == "content-type" for header, _ in headers):
            headers = (*headers, ("content-type", "application/json"))
        attempt = Attempt(on, _text(entry, "method"), _text(entry, "path"), headers, body)
        return self._trial.request(principal, attempt, now)

    def _principal(self, entry: Mapping[str, JSON], now: float) -> Principal:
        claims = entry.get("as", {})
        if not isinstance(claims, dict):
            raise InterlockError("as must be an object of claims", hint='as in {"sub": "erika", "groups": ["analyst"]}')
        named = entry.get("identity", self._identity)
        if not isinstance(named, str):
            raise InterlockError("identity must be text")
        issuers = {identity.issuer: identity.name for identity in self._rules.identities}
        issuer = claims.get("iss")
        if not named and isinstance(issuer, str) and issuer in issuers:
            named = issuers[issuer]
        identity = choose_identity(self._rules.identities, named)
        return principal_from(identity, claims_for(identity, _SUBJECT, extra=claims), now=now)


def _text(entry: Mapping[str, JSON], name: str) -> str:
    value = entry.get(name)
    if name not in entry:
        raise InterlockError(f"{name} is missing")
    if not isinstance(value, str) or not value:
        raise InterlockError(f"{name} must be text")
    return value


def _moment(value: JSON) -> float:
    if value is None:
        return time.time()
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            datetime.fromtimestamp(value).astimezone()
            return float(value)
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        if moment is not None and moment.tzinfo is not None:
            return moment.timestamp()
    except (ValueError, OverflowError, OSError):
        pass
    raise InterlockError("time is not a moment with a zone", hint="as in 2030-01-31T09:00+01:00, or seconds")


def _headers(value: JSON) -> tuple[tuple[str, str], ...]:
    """From an object of texts or lists of texts."""
    found: list[tuple[str, str]] = []
    if value is not None and not isinstance(value, dict):
        raise InterlockError("headers must be an object of names and texts")
    for name, content in (value or {}).items():
        for text in content if isinstance(content, list) else [content]:
            if not isinstance(text, str):
                raise InterlockError("headers must be an object of names and texts")
            found.append((name.lower(), text))
    return tuple(found)


def _body(entry: Mapping[str, JSON]) -> tuple[bytes, bool]:
    """The body's bytes, and whether they were written as JSON here."""
    if "body" in entry and "body_b64" in entry:
        raise InterlockError("body and body_b64 exclude each other")
    if "body_b64" in entry:
        encoded = entry["body_b64"]
        try:
            return base64.b64decode(encoded if isinstance(encoded, str) else "!", validate=True), False
        except (binascii.Error, ValueError):
            raise InterlockError("body_b64 is not base64") from None
    body = entry.get("body")
    if isinstance(body, str):
        try:
            return body.encode("utf-8"), False
        except UnicodeEncodeError:
            raise InterlockError("body is not text that can be sent", hint="use body_b64") from None
    return (b"", False) if body is None else (msgspec.json.encode(body), True)


def _proposal(entry: Mapping[str, JSON]) -> tuple[str, JSON]:
    """A tool call from its block: `name` (or `tool`) and `input`."""
    body = entry.get("body")
    tool = (body.get("name") or body.get("tool")) if isinstance(body, dict) else None
    if not isinstance(body, dict) or not isinstance(tool, str):
        raise InterlockError("on agent, body is a tool call", hint='{"name": "Bash", "input": {"command": "ls"}}')
    return tool, body.get("input", {})


# -- in and out


def answer_all(decider: Decider, source: IO[bytes], show: Callable[[Answer], None]) -> bool:
    """Every line as it comes, in order; whether all could be read."""
    good = True
    for number, raw in lines(source, MAX_LINE):
        found = (
            Answer(None, number, error=f"longer than {MAX_LINE} bytes") if raw is None else decider.answer(raw, number)
        )
        good = good and not found.error
        show(found)
    return good
