"""What was verified before: by digest (never the token itself), bounded, the least used forgotten first."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence

from interlock.identity.identity import Verified
from interlock.model import Secret

__all__ = ["VerifiedCache", "chain_digest", "token_digest"]


class VerifiedCache:
    """What verification found, until the caller learns that it no longer holds. `size` counts entries."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._entries: OrderedDict[bytes, Verified] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, digest: bytes) -> Verified | None:
        """What was found, as it was then; the caller judges time, keys and binding again."""
        found = self._entries.get(digest)
        if found is not None:
            self._entries.move_to_end(digest)
        return found

    def put(self, digest: bytes, verified: Verified) -> None:
        """Keeps a finding."""
        self._entries[digest] = verified
        self._entries.move_to_end(digest)
        while len(self._entries) > self._size:
            self._entries.popitem(last=False)

    def drop(self, digest: bytes) -> None:
        """Forgets a finding."""
        self._entries.pop(digest, None)


def token_digest(token: Secret) -> bytes:
    """SHA-256 of a token."""
    return hashlib.sha256(token.reveal().encode("utf-8", "surrogatepass")).digest()


def chain_digest(chain: Sequence[bytes]) -> bytes:
    """SHA-256 over the digests of a chain's certificates, so that no other cut of the same bytes is the same chain."""
    return hashlib.sha256(b"".join(hashlib.sha256(item).digest() for item in chain)).digest()
