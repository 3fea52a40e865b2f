"""A bounded memory of analyses, so that a text is never parsed twice."""

from __future__ import annotations

import threading
from collections import OrderedDict

from interlock.model import Operation

__all__ = ["MAX_ENTRIES", "MAX_TEXT", "Cache"]

MAX_ENTRIES = 1024
"""Texts remembered at most."""
MAX_TEXT = 8192
"""Longer texts (characters) are not remembered: at most 8 MiB of text is kept."""

type _Key = tuple[str, str, str, str, bool]


class Cache:
    """Least recently used first out; safe to share between threads."""

    __slots__ = ("_entries", "_lock", "_size")

    def __init__(self, size: int = MAX_ENTRIES) -> None:
        self._entries: OrderedDict[_Key, tuple[Operation, ...]] = OrderedDict()
        self._lock = threading.Lock()
        self._size = size

    def get(self, key: _Key) -> tuple[Operation, ...] | None:
        """What was remembered for (text, language, dialect, place, agent)."""
        with self._lock:
            found = self._entries.get(key)
            if found is not None:
                self._entries.move_to_end(key)
            return found

    def put(self, key: _Key, operations: tuple[Operation, ...]) -> None:
        """Remembers, unless the text is too long."""
        if len(key[0]) > MAX_TEXT:
            return
        with self._lock:
            self._entries[key] = operations
            self._entries.move_to_end(key)
            while len(self._entries) > self._size:
                self._entries.popitem(last=False)

    def __len__(self) -> int:
        return len(self._entries)
