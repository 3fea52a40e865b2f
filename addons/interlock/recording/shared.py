"""What the sessions of one gateway share."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass, field
from heapq import nsmallest
from typing import TYPE_CHECKING

from interlock.ports import Clock
from interlock.recording.commit import Committer
from interlock.recording.gathering import Gathering
from interlock.recording.held import Held
from interlock.recording.limits import Limits
from interlock.recording.tips import Tips
from interlock.recording.writer import FlowWriter

if TYPE_CHECKING:
    from interlock.recording.session import Session

__all__ = ["Shared"]

_FREE = 4  # a healthy writer's queue has room for such a part of it


@dataclass(slots=True)
class Shared:
    """The clock, the writers, those whose evidence file is open, and those that are still to be closed.

    `commit` is there with durability `power` alone. While there are no `doubts`, `healthy` need not be asked.
    """

    clock: Clock
    writer: FlowWriter
    limits: Limits
    commit: Committer | None
    held: Held
    healthy: Callable[[], bool]
    doubts: Set[str] = frozenset()
    handles: dict[str, Session] = field(default_factory=dict)
    ending: dict[str, Session] = field(default_factory=dict)
    tips: Tips = field(default_factory=Tips)
    gathering: Gathering = field(init=False)

    def __post_init__(self) -> None:
        self.gathering = Gathering(self.limits.flows // _FREE)

    def opened(self, session: Session) -> None:
        """A session's file was opened; the longest unused ones are closed when there are too many."""
        self.handles[session.id] = session
        if len(self.handles) > self.limits.handles:
            for one in nsmallest(max(1, self.limits.handles // 8), self.handles.values(), key=lambda one: one.used):
                one.release()
