"""`scheme: bearer`: `Authorization: Bearer <secret>` (RFC 6750)."""

from __future__ import annotations

from interlock.credentials.parts import Headers, Scheme
from interlock.settings import CredentialSpec

__all__ = ["PART"]


def _place(spec: CredentialSpec, secret: str, headers: Headers, target: str) -> tuple[Headers, str]:
    return [*headers, ("authorization", f"Bearer {secret}")], target


PART = Scheme("bearer", _place)
