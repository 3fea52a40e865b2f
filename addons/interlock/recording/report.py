"""What verification says of one chain, and of all of them."""

from __future__ import annotations

from dataclasses import dataclass

from interlock.recording.walk import Finding

__all__ = ["ChainReport", "TreeReport", "Verification"]


@dataclass(frozen=True, slots=True)
class ChainReport:
    """One session, or one log. `state` is `closed`, `open`, `torn`, `empty`, `deleted`, `dropped` or `log`.

    `events` were read intact; `head` is the hash of the last one. `sure` is the number of the last event that an
    anchored head vouches for: nothing up to there can have been cut or changed unseen; `last` the number of the last
    event that is there, `first` that of the first: those before went as a log turned over.
    """

    name: str
    state: str
    events: int
    head: str
    findings: tuple[Finding, ...]
    last: int = 0
    sure: int = 0
    first: int = 1

    @property
    def ok(self) -> bool:
        """Whether nothing grave was found. An open or torn session can be ok."""
        return not any(finding.grave for finding in self.findings)


@dataclass(frozen=True, slots=True)
class TreeReport:
    """One gateway's tree. `name` is its folder's name, `gateway` what it calls itself, `entries` how many it has.

    `head_at` is when its last head was made (empty: it has none), `anchored_at` when the last one was that an anchor
    kept and that fits; `keys` are the ids of the keys that signed, `checked` says whether a key was given to check them
    with. `stamped_at` is the time of the last time-stamp that is of its head (empty: none could be checked).
    `strange` are keys that nobody vouched for: what they signed does not count.
    """

    name: str
    gateway: str
    entries: int
    heads: int
    head_at: str
    anchored_at: str
    final: bool
    keys: tuple[str, ...]
    checked: bool
    findings: tuple[Finding, ...]
    stamps: int = 0
    stamped_at: str = ""
    strange: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing grave was found."""
        return not any(finding.grave for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Verification:
    """What `verify` found: one report a chain, one a tree, and what concerns the folder itself.

    `unchecked` says in sentences what could not be checked, and what could have been done unseen therefore.
    """

    chains: tuple[ChainReport, ...]
    findings: tuple[Finding, ...] = ()
    trees: tuple[TreeReport, ...] = ()
    unchecked: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing grave was found anywhere; False for a folder that holds no recording at all."""
        nothing_grave = not any(finding.grave for finding in self.all_findings)
        return nothing_grave and bool(self.chains)

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """Everything found: of the folder, of trees, of chains."""
        of_trees = (finding for tree in self.trees for finding in tree.findings)
        return (*self.findings, *of_trees, *(finding for chain in self.chains for finding in chain.findings))
