"""What a ledger does for orders to delete, for tests that keep no tree."""

from __future__ import annotations

import hashlib

__all__ = ["Signs"]


class Signs:
    """Knows its own orders again."""

    def sign_order(self, order: bytes) -> str:
        """Something that depends on all of it."""
        return hashlib.sha256(b"a key" + order).hexdigest()

    def is_ours(self, order: bytes, signature: str) -> bool:
        """Whether that is the same."""
        return signature == self.sign_order(order)
