"""The bounds of recording: everything that could grow, and how far (invariant 12)."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Defaults fit one gateway on one machine.

    `sessions`: live ones kept in memory; the least recently used is closed for the next. `handles`: evidence files
    open at once. `idle`: seconds after which a session without a run id is closed; `run_idle`: the same of one with a
    run id (a person may take a day to approve). `flows` and `flow_bytes`: the queue of flows waiting to be written.
    `refusal_bytes`: size of the refusal log before it rotates (two files are kept). `refusal_window`: seconds in
    which equal refusals are counted instead of repeated; `refusal_writes`: new ones written in such a window, the
    rest is counted. `closing`: seconds that closing waits for the flow writer. `quota`: bytes on disk of one
    principal's recordings (0: no end). `denied_writes` and `denied_bytes`: what a session writes of refusals in a
    window, the rest is counted.
    """

    sessions: int = 4096
    handles: int = 256
    idle: float = 1800.0
    run_idle: float = 2 * 86400.0
    flows: int = 1024
    flow_bytes: int = 64 << 20
    refusal_bytes: int = 4 << 20
    refusal_window: float = 60.0
    refusal_writes: int = 1000
    closing: float = 5.0
    quota: int = 10 << 30
    denied_writes: int = 600
    denied_bytes: int = 4 << 20
