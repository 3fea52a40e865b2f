"""`scheme: basic`, `username: gateway`: `Authorization: Basic ...` with the secret as password (RFC 7617)."""

from __future__ import annotations

import base64

from interlock.credentials.parts import Headers, Scheme
from interlock.settings import CredentialSpec

__all__ = ["PART"]


def _coded(spec: CredentialSpec, secret: str) -> str:
    return base64.b64encode(f"{spec.username}:{secret}".encode()).decode("ascii")


def _place(spec: CredentialSpec, secret: str, headers: Headers, target: str) -> tuple[Headers, str]:
    return [*headers, ("authorization", f"Basic {_coded(spec, secret)}")], target


def _problem(spec: CredentialSpec) -> str:
    bad = ":" in spec.username or not spec.username.isprintable()
    return "a user name has neither a colon nor control characters" if bad else ""


def _shapes(spec: CredentialSpec, secret: str) -> tuple[str, ...]:
    return (_coded(spec, secret),)


PART = Scheme("basic", _place, needs=("username",), problem=_problem, shapes=_shapes)
