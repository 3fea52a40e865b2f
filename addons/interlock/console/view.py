"""Pages from templates. What came from traffic is escaped twice: for a reader's eye, and for HTML (invariant 11)."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from interlock.approval.shown import escaped
from interlock.console.archive import brief
from interlock.console.room import Room
from interlock.console.visits import Visit
from interlock.engine.console_rules import Role

__all__ = ["HERE", "clock", "gist", "page", "query", "rows_of", "seen", "sign_in_first", "span"]

HERE = Path(__file__).parent
_MINUTE, _HOUR = 60, 3600
_PAGES = (
    ("/", "Queue", None), ("/grants", "Grants", None), ("/sessions", "Sessions", Role.AUDITOR),
    ("/reviews", "Reviews", None), ("/health", "Health", None),
)  # fmt: skip
"""What the navigation leads to, and whom."""


@functools.cache
def _environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    found.filters.update(seen=seen, clock=clock, span=span, rows=rows_of, gist=gist, query=query, brief=brief)
    return found


def page(room: Room, request: Request, name: str, visit: Visit | None, status: int = 200, **more: Any) -> HTMLResponse:
    """A template filled in; every page knows who looks."""
    text = (
        _environment()
        .get_template(name)
        .render(
            visit=visit,
            roles=sorted(visit.roles) if visit else [],
            pages=[one[:2] for one in _PAGES if visit and (one[2] is None or one[2] in visit.roles)],
            csrf=visit.csrf if visit else "",
            path=request.url.path,
            now=room.clock.now(),
            demo=bool(room.door),
            broken=room.keeper.broken,
            **more,
        )
    )
    return HTMLResponse(text, status)


def sign_in_first(request: Request) -> RedirectResponse:
    """Nobody is signed in: where they do that, to come back to this page. What they typed is no parameter of that."""
    return RedirectResponse(f"/sign-in?{urlencode({'then': request.url.path})}", 303)


def seen(value: object) -> str:
    """A text in which everything can be seen; line breaks stay."""
    return escaped(str(value), lines=True)


def clock(seconds: float) -> str:
    """A moment, in UTC, to the second."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S") if seconds else ""


def span(seconds: float) -> str:
    """A length of time in its two largest units, without those that are nothing."""
    whole = max(0, int(seconds))
    units = ((whole // _HOUR, "h"), (whole % _HOUR // _MINUTE, "min"), (whole % _MINUTE if whole < _HOUR else 0, "s"))
    return " ".join(f"{number} {unit}" for number, unit in units if number) or "0 s"


def rows_of(shown: Mapping[str, Any]) -> list[tuple[str, str, Any]]:
    """What is shown, as rows for a template: name, kind (text, words, list, group), value. Nothing is left out."""
    found: list[tuple[str, str, Any]] = []
    for name, value in shown.items():
        if isinstance(value, Mapping):
            found.append((name, "group", value))
        elif not isinstance(value, list | tuple):
            found.append((name, "text", _plain(value)))
        elif value and not any(isinstance(item, Mapping | list | tuple) for item in value):
            found.append((name, "words", [_plain(item) for item in value]))
        else:
            found.append((name, "list", [({"": item} if not isinstance(item, Mapping) else item) for item in value]))
    return found


def query(asked: Mapping[str, str], **more: str) -> str:
    """What is asked, as the query of an address."""
    return urlencode({name: value for name, value in {**asked, **more}.items() if value})


def gist(shown: Mapping[str, Any]) -> str:
    """What somebody sees of it in a list, before they open it: its last command, else where it goes."""
    operations = shown.get("operations")
    for entry in reversed(operations if isinstance(operations, list | tuple) else []):
        if isinstance(entry, Mapping) and entry.get("command"):
            return str(entry["command"])
    return " ".join(str(shown[name]) for name in ("method", "target", "tool") if name in shown)


def _plain(value: object) -> str:
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)
