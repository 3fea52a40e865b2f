"""The commands that have a judge of their own, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from interlock.commands import (
    shell_archives,
    shell_clusters,
    shell_containers,
    shell_deletes,
    shell_files,
    shell_filters,
    shell_fleets,
    shell_forges,
    shell_machine,
    shell_renamed,
    shell_runners,
    shell_services,
    shell_stores,
    shell_terminals,
    shell_tools,
    shell_windows_calls,
    shell_windows_said,
)
from interlock.commands.shell_call import Call, Verdict

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["handler"]


def handler(name: str) -> Callable[[Call, Verdict, Judge], None] | None:
    """The judge of a command's calls, or None."""
    for family in _FAMILIES:
        found = family.get(name)
        if found is not None:
            return found
    return None


_FAMILIES = (
    shell_runners.HANDLERS, shell_services.HANDLERS, shell_stores.HANDLERS, shell_containers.HANDLERS,
    shell_clusters.HANDLERS, shell_tools.HANDLERS, shell_machine.HANDLERS, shell_archives.HANDLERS,
    shell_forges.HANDLERS, shell_deletes.HANDLERS, shell_files.HANDLERS, shell_terminals.HANDLERS,
    shell_windows_calls.HANDLERS, shell_windows_said.HANDLERS, shell_renamed.HANDLERS, shell_filters.HANDLERS,
    shell_fleets.HANDLERS,
)  # fmt: skip
