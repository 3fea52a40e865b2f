"""Every protocol adapter, found once."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from interlock.protocols.adapter import Adapter
from interlock.registry import parts

__all__ = ["adapters"]


@functools.cache
def adapters() -> Mapping[str, Adapter]:
    """The adapters in `protocols/adapters/`, by name."""
    from interlock.protocols import adapters as folder

    return parts(folder, Adapter)
