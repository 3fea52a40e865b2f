"""What `interlock verify` is given, and how it shows what it found."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.text import Text

from interlock.cli._show import console, plain, table
from interlock.errors import InterlockError
from interlock.model import JSON, Secret
from interlock.recording import ChainReport, Finding, TreeReport, Verification, verify
from interlock.recording.signing import PublicKey, read_public
from interlock.recording.stamps import read_authorities

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

__all__ = ["Given", "as_document", "authorities", "for_people", "kept_in_store", "public_keys", "watched"]

_LARGEST = 8 << 10
_OF_A_KIND = 20


def public_keys(given: Sequence[str]) -> list[PublicKey]:
    """The keys: each a file, or the key itself in base64. Raises typer.BadParameter."""
    return [_public_key(text) for text in given]


def _public_key(text: str) -> PublicKey:
    try:
        if Path(text).is_file():
            with Path(text).open("rb") as file:
                return read_public(file.read(_LARGEST).decode("latin-1"))
        return read_public(text)
    except (InterlockError, OSError, ValueError) as error:
        shown = text if len(text) < _LARGEST and "PRIVATE" not in text else "that"
        hint = f" {error.hint}" if isinstance(error, InterlockError) else ""
        raise typer.BadParameter(f"{plain(shown)}: {error}.{hint}", param_hint="--key") from None


def kept_in_store(reference: str, aside: Path) -> Path:
    """A file with the heads that a store keeps. Raises typer.BadParameter."""
    from interlock.credentials import open_source
    from interlock.store.heads import heads_at

    try:
        url = Secret(reference) if reference.startswith("sqlite:") else open_source(reference, Path()).read()
        heads = asyncio.run(heads_at(url))
    except (InterlockError, OSError) as error:
        raise typer.BadParameter(f"the store's heads cannot be read: {error}", param_hint="--store") from None
    path = aside / "store"
    path.write_bytes(heads)
    return path


def authorities(file: Path | None) -> list[Certificate]:
    """Whose time-stamps count. Raises typer.BadParameter."""
    try:
        return read_authorities(file.read_bytes()) if file is not None else []
    except OSError as error:
        raise typer.BadParameter(f"{plain(file)}: {error.strerror or error}", param_hint="--tsa") from None


@dataclass(frozen=True, slots=True)
class Given:
    """What was brought along beside heads: public keys, authorities of time-stamps, whose heads count."""

    keys: Sequence[PublicKey]
    authorities: Sequence[Certificate]
    gateways: Sequence[str]


def watched(folder: Path, heads: Sequence[Path], given: Given, *, bar: bool) -> tuple[Verification, int]:
    """The verification, with a bar that shows how far it is where somebody looks; and how many bytes sessions have."""
    size = 0

    ask = partial(
        verify, folder, heads=heads, keys=given.keys, gateways=given.gateways, authorities=given.authorities
    )  # fmt: skip

    def count(_: int, total: int) -> None:
        nonlocal size
        size = total

    if not bar:
        return ask(progress=count), size
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)

        def tell(done: int, total: int) -> None:
            count(done, total)
            progress.update(task, completed=done, total=total)

        return ask(progress=tell), size


# -- for machines


def as_document(found: Verification) -> dict[str, JSON]:
    """The whole as one document."""
    return {
        "ok": found.ok,
        "chains": [_chain(chain) for chain in found.chains],
        "trees": [_tree(tree) for tree in found.trees],
        "findings": [_finding(entry) for entry in found.findings],
        "unchecked": [*found.unchecked],
    }


def _chain(chain: ChainReport) -> JSON:
    return {
        "name": chain.name, "ok": chain.ok, "state": chain.state, "events": chain.events, "head": chain.head,
        "first": chain.first, "last": chain.last, "anchored": chain.sure,
        "findings": [_finding(entry) for entry in chain.findings],
    }  # fmt: skip


def _tree(tree: TreeReport) -> JSON:
    return {
        "name": tree.name, "gateway": tree.gateway, "ok": tree.ok, "entries": tree.entries, "heads": tree.heads,
        "head_at": tree.head_at, "anchored_at": tree.anchored_at, "final": tree.final, "keys": [*tree.keys],
        "stamps": tree.stamps, "stamped_at": tree.stamped_at,
        "findings": [_finding(entry) for entry in tree.findings],
    }  # fmt: skip


def _finding(entry: Finding) -> JSON:
    return {
        "file": entry.file, "line": entry.line, "what": entry.what, "message": entry.message, "grave": entry.grave,
    }  # fmt: skip


# -- for people


def for_people(found: Verification, folder: Path, size: int, *, every: bool) -> None:
    """Chains, trees, everything found, what was not checked, and one line that sums it up.

    Chains that are intact are counted, and of what is not grave some are shown, unless it shall be `every` one. `size`
    is the bytes of all sessions.
    """
    out = console()
    if shown := [chain for chain in found.chains if every or not chain.ok]:
        rows = [
            (
                chain.name,
                _mark(chain.ok, chain.state),
                chain.state,
                str(chain.events),
                _covered(chain, found),
                chain.head,
            )
            for chain in shown
        ]
        out.print(table(("chain", "", "state", "events", "anchored", "head"), rows, whole=("chain",)))
        out.print()
    if good := [chain for chain in found.chains if chain.ok]:
        out.print(_counted(good, size if len(good) == len(found.chains) else 0))
    if found.trees:
        trees = [
            (tree.name, _mark(tree.ok), str(tree.entries), tree.head_at, tree.anchored_at or "-", ", ".join(tree.keys))
            for tree in found.trees
        ]
        out.print(table(("tree", "", "entries", "last head", "anchored until", "signed by"), trees))
    for tree in found.trees:
        if tree.stamped_at:
            out.print(plain(f"The tree {tree.name} was time-stamped at {tree.stamped_at}."))
    for sentence in _sentences(found.all_findings, every=every):
        out.print(sentence, soft_wrap=True)
    if not found.chains:
        out.print(f"{plain(folder)} holds no recordings", soft_wrap=True)
    out.print(_verdict(found), style="green" if found.ok else "bold red")
    for sentence in found.unchecked if found.chains else ():
        out.print(plain(sentence), soft_wrap=True)


def _counted(good: Sequence[ChainReport], size: int) -> str:
    """Chains that are intact in one line: how many, how they ended, how much is in them."""
    states = Counter(chain.state for chain in good)
    logs, sessions = states.pop("log", 0), states.total()
    told = f"{_many(sessions, 'session')} ({', '.join(f'{count} {state}' for state, count in sorted(states.items()))})"
    parts = [told] * bool(sessions) + [_many(logs, "log")] * bool(logs)
    events = _many(sum(chain.events for chain in good), "event")
    room = f"{size / 1e6:,.1f} MB" if size >= 1e6 else f"{size / 1e3:,.1f} kB"
    return f"intact: {' and '.join(parts)}, {events}" + (f", {room} of sessions" if size else "")


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _mark(ok: bool, state: str = "") -> Text:
    if state == "deleted":
        return Text("", "dim")
    return Text("intact", "green") if ok else Text("BROKEN", "bold red")


def _covered(chain: ChainReport, found: Verification) -> str:
    """How much of a chain an anchored head vouches for."""
    if not any(tree.anchored_at for tree in found.trees):
        return "-"
    if chain.state in ("deleted", "dropped"):
        return ""
    return "all" if chain.sure >= chain.last else f"1 to {chain.sure}" if chain.sure else "nothing"


def _sentences(findings: Sequence[Finding], *, every: bool) -> Iterator[str]:
    """Whatever is grave; of the rest, which may be a line for every session that was deleted, some of each kind."""
    told = Counter[str]()
    for entry in findings:
        told[entry.what] += not entry.grave
        if entry.grave or every or told[entry.what] <= _OF_A_KIND:
            yield _sentence(entry)
    for what, count in told.items() if not every else ():
        if count > _OF_A_KIND:
            yield plain(f"- and {count - _OF_A_KIND:,} more like these ({what}): --all names them")


def _sentence(entry: Finding) -> str:
    place = f"{entry.file}:{entry.line}" if entry.line else entry.file
    return plain(f"{'!' if entry.grave else '-'} {place}: {entry.message} ({entry.what})")


def _verdict(found: Verification) -> str:
    if not found.ok:
        return "NOT intact" if found.chains else "nothing to check"
    return f"{_many(len(found.chains), 'chain')} intact, as far as that could be checked"
