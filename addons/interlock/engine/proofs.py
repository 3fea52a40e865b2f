"""Whether a session is intact, checked with what the rules reach: the key that signs its heads, what anchors kept.

What was checked is said, and no more: the chain alone, heads by whoever signed them, heads by this gateway's key, heads
that were kept elsewhere. Everything here blocks: it is for worker threads.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from interlock.engine.anchoring import KEY, signer
from interlock.engine.rules import Rules
from interlock.engine.stores import store_url
from interlock.errors import InterlockError
from interlock.recording import Verification, verify
from interlock.recording.chain import open_plain
from interlock.recording.entries import recent_heads
from interlock.recording.ledger import HEADS, TREE
from interlock.recording.session import EVIDENCE
from interlock.recording.signing import PublicKey, read_private

__all__ = ["Proofs", "Proved", "proofs", "prove"]

_LARGEST = 8 << 10


@dataclass(frozen=True, slots=True)
class Proofs:
    """What is there to check with: the public half of the signing key (`beside` the recordings, or from elsewhere), and
    heads that anchors kept. `missing` says what could not be read.
    """

    keys: tuple[PublicKey, ...] = ()
    beside: bool = False
    heads: tuple[Path, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proved:
    """What was found: `word` is `intact`, `changed`, `in doubt` or `nothing to check`, `how` says what was checked."""

    found: Verification
    word: str
    how: str
    missing: tuple[str, ...] = ()


def prove(session: Path, rules: Rules | None) -> Proved:
    """Checks a session's folder. Never raises, whatever the files hold; without rules by itself alone."""
    if rules is None:
        return _proved(session, verify(session), Proofs())
    with proofs(session.parent, rules) as given:
        gateways = _gateways(session.parent)
        found = verify(session, keys=given.keys, heads=given.heads, gateways=gateways)
        if found.ok or not given.keys or not found.chains:
            return _proved(session, found, given)
        own = verify(session, heads=given.heads, gateways=gateways)
        if own.ok:
            says = "the chain; its heads are signed by a key that is not this gateway's, or was before it was changed"
            return Proved(found, "in doubt", says, given.missing)
        return _proved(session, own if own.chains and not own.chains[0].ok else found, given)


@contextmanager
def proofs(folder: Path, rules: Rules) -> Iterator[Proofs]:
    """What the rules reach, for a recordings folder. Never raises: what cannot be read is missing, and said."""
    missing, heads = list[str](), list[Path]()
    keys, beside = _key(folder, rules, missing)
    with TemporaryDirectory(prefix="interlock-heads-") as aside:
        for spec in rules.recording.anchors:
            if spec.path is not None and spec.path.is_file():
                heads.append(spec.path)
            elif spec.to == "store" and (kept := _kept_in_store(rules, Path(aside) / "store", missing)) is not None:
                heads.append(kept)
        yield Proofs(keys, beside, tuple(heads), tuple(missing))


def _proved(session: Path, found: Verification, given: Proofs) -> Proved:
    if not found.chains or found.chains[0].state == "empty":
        return Proved(found, "nothing to check", "", given.missing)
    chain = found.chains[0]
    word = "intact" if found.ok else "in doubt" if chain.ok else "changed"
    return Proved(found, word, _how(session, found, given), given.missing)


def _how(session: Path, found: Verification, given: Proofs) -> str:
    here = f"{session.name}/{EVIDENCE}"
    loose = any(entry.what in ("uncovered", "copy") and entry.file == here for entry in found.chains[0].findings)
    if not found.trees or loose:
        return "the chain alone: no head covers it" + (" yet" if found.trees else "")
    if not given.keys:
        who = "signed by whoever wrote them: this gateway's key is not here"
    else:
        who = f"with this gateway's key {given.keys[0].id}" + (", which lies beside the recordings" * given.beside)
    kept = "; compared with those that anchors kept" if given.heads else "; no anchored head is here"
    return f"the chain and its tree's heads, {who}{kept}"


def _key(folder: Path, rules: Rules, missing: list[str]) -> tuple[tuple[PublicKey, ...], bool]:
    """The public half of the key; none is made here."""
    try:
        if rules.recording.signing_key:
            return (signer(rules).public,), False
        with open_plain(folder / TREE / KEY) as file:
            return (read_private(file.read(_LARGEST).decode("latin-1")).public,), True
    except FileNotFoundError:
        return (), False
    except (InterlockError, OSError):
        missing.append("the key that signs heads cannot be read here")
        return (), False


def _kept_in_store(rules: Rules, path: Path, missing: list[str]) -> Path | None:
    """A file with the heads that the store keeps; None where there are none, or it cannot be used."""
    from interlock.store.heads import heads_at

    try:
        heads = asyncio.run(heads_at(store_url(rules), base=rules.folder.parent))
        path.write_bytes(heads)
    except (InterlockError, OSError):
        missing.append("the heads that the store keeps cannot be read now")
        return None
    return path if heads else None


def _gateways(folder: Path) -> Sequence[str]:
    """Whose trees are here: an anchor may keep heads of gateways that record elsewhere."""
    found = set[str]()
    try:
        for tree in (folder / TREE).iterdir():
            if tree.is_dir() and not tree.is_symlink():
                found |= {head.gateway for head in recent_heads(tree / HEADS)[-1:]}
    except OSError:
        pass
    return sorted(found)
