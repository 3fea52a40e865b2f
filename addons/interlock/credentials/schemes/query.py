"""`scheme: query`, `parameter: key`: the secret as a member of the query, percent-encoded (RFC 3986)."""

from __future__ import annotations

import re
from urllib.parse import quote

from interlock.credentials.parts import Headers, Scheme
from interlock.settings import CredentialSpec

__all__ = ["PART"]

_NAME = re.compile(r"[A-Za-z0-9._~-]+\Z")


def _place(spec: CredentialSpec, secret: str, headers: Headers, target: str) -> tuple[Headers, str]:
    mark = "" if target.endswith(("?", "&")) else "&" if "?" in target else "?"
    return headers, f"{target}{mark}{spec.parameter}={quote(secret, safe='')}"


def _problem(spec: CredentialSpec) -> str:
    return "" if _NAME.match(spec.parameter) else f"{spec.parameter!r} is not a plain name for a query member"


def _shapes(spec: CredentialSpec, secret: str) -> tuple[str, ...]:
    return (quote(secret, safe=""),)


PART = Scheme("query", _place, needs=("parameter",), problem=_problem, shapes=_shapes)
