"""Tokens verified before: by their SHA-256 (never the token), bounded, the least used forgotten first."""

from __future__ import annotations

import hashlib
from collections import OrderedDict

from interlock.identity.identity import Verified
from interlock.model import Secret

__all__ = ["TokenCache"]


class TokenCache:
    """What verification found, until the caller learns that it no longer holds. `size` counts entries."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._entries: OrderedDict[bytes, Verified] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, token: Secret) -> Verified | None:
        """What was found for this token, as it was then; the caller judges time, keys and binding again."""
        digest = _digest(token)
        found = self._entries.get(digest)
        if found is not None:
            self._entries.move_to_end(digest)
        return found

    def put(self, token: Secret, verified: Verified) -> None:
        """Keeps a finding."""
        digest = _digest(token)
        self._entries[digest] = verified
        self._entries.move_to_end(digest)
        while len(self._entries) > self._size:
            self._entries.popitem(last=False)

    def drop(self, token: Secret) -> None:
        """Forgets a token."""
        self._entries.pop(_digest(token), None)


def _digest(token: Secret) -> bytes:
    return hashlib.sha256(token.reveal().encode("utf-8", "surrogatepass")).digest()
