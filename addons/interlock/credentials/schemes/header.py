"""`scheme: header`, `header: x-api-key`, perhaps `prefix: Token`: the secret as a header of its own."""

from __future__ import annotations

from interlock.credentials.parts import Headers, Scheme
from interlock.settings import CredentialSpec

__all__ = ["PART"]

_NEVER = ("host", "connection", "content-length", "content-type", "content-encoding", "transfer-encoding", "upgrade")


def _place(spec: CredentialSpec, secret: str, headers: Headers, target: str) -> tuple[Headers, str]:
    value = f"{spec.prefix} {secret}" if spec.prefix else secret
    return [*headers, (spec.header, value)], target


def _problem(spec: CredentialSpec) -> str:
    if spec.header in _NEVER or spec.header.startswith(("proxy-", "x-interlock-")):
        return f"{spec.header!r} cannot hold a credential"
    if not spec.prefix.isascii() or not (spec.prefix or "x").isprintable():
        return "prefix must be plain text"
    return ""


PART = Scheme("header", _place, needs=("header",), takes=("prefix",), problem=_problem)
