"""Masks a document block by block, and searches no block again that it knows."""

from __future__ import annotations

import hashlib
import itertools
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from interlock.masking.actions import Span
from interlock.masking.blocks import Block, blocks_of, inside, without_blocks
from interlock.masking.budget import begin, check
from interlock.masking.leaves import Leaf, number_text
from interlock.masking.memo import Known, Memo, key_of
from interlock.masking.rewrite import Guard
from interlock.model import JSON, Finding
from interlock.paths import Location, pointer

__all__ = ["MEMO", "Conversation", "new_scope", "scope_with"]

MEMO = Memo(64 << 20)
"""One for all maskers, so that all of them together are bounded."""
_PROCESS = os.urandom(24)
_scopes = itertools.count()
_NOTHING: Mapping[Location, Span] = MappingProxyType({})

type Whole = Mapping[Location, Span]
type Search = Callable[[bytes, JSON], Sequence[Leaf]]
type Rewriter = Callable[[bytes, JSON, dict[Location, Span], Sequence[Leaf]], tuple[bytes, tuple[Finding, ...]]]


def new_scope() -> bytes:
    """What keeps one masker's blocks apart from all others'."""
    return _PROCESS + next(_scopes).to_bytes(8, "big")


def scope_with(scope: bytes, secrets: Sequence[str]) -> bytes:
    """The scope of a masker that looks for these secrets besides: the same for the same ones."""
    code = hashlib.blake2b(key=scope, digest_size=len(scope))
    for secret in secrets:
        value = secret.encode("utf-8", "surrogatepass")
        code.update(b"%d " % len(value) + value)
    return code.digest()


class Conversation:
    """One document. `search` finds what detectors find, `rewrite` makes edits; both are the masker's own."""

    def __init__(self, scope: bytes, search: Search, rewrite: Rewriter, guard: Guard | None) -> None:
        self._scope, self._search, self._rewrite, self._guard = scope, search, rewrite, guard

    def mask(self, body: bytes, document: JSON, whole: Whole) -> tuple[bytes, tuple[Finding, ...]] | None:
        """The masked body and what was found; None for a document that is not made of blocks."""
        blocks = blocks_of(body) if type(document) is dict else None
        held = inside(whole, blocks) if blocks else None
        if not blocks or held is None or type(document) is not dict:
            return None
        findings: list[Finding] = []
        masked: list[bytes | None] = []
        began = begin()
        for block in blocks:
            check(began, len(body))
            became, found = self._block(document, block, held.get((block.name, block.number), _NOTHING))
            masked.append(became)
            findings += found
        skeleton, found = self._rest(body, document, blocks, held.get((), _NOTHING))
        if found:
            slots = blocks_of(skeleton) or []
            return _joined(skeleton, slots, blocks, masked), (*found, *findings)
        if not findings:
            return body, ()
        return _joined(body, blocks, blocks, masked), tuple(findings)

    def _block(self, document: dict[str, JSON], block: Block, whole: Whole) -> tuple[bytes | None, Sequence[Finding]]:
        """The block's new bytes, None for the old ones, and what was found in it."""
        raw = block.text
        key = key_of(self._scope, block.name, raw)
        known = MEMO.get(key)
        if known is not None and not known.places and not whole:
            return None, ()
        node: Any = document[block.name][block.number]  # type: ignore[index]
        if known is None:
            known = Known(tuple((leaf.location, leaf.is_key, leaf.spans) for leaf in self._search(raw, node)))
            if not any(is_key for _, is_key, _ in known.places):  # a place would tell the name
                MEMO.put(key, known)
        if not known.places and not whole:
            return None, ()
        place = (block.name, block.number)
        kept = tuple(number for number, one in enumerate(known.places) if self._free((*place, *one[0])))
        chosen = {location: span for location, span in whole.items() if self._free((*place, *location))}
        if not kept and not chosen:
            return None, ()
        output = known.outputs.get(kept) if not chosen else None
        if output is None:
            leaves = [_leaf(node, *known.places[number]) for number in kept]
            output = self._rewrite(raw, node, chosen, leaves)
            if not chosen:
                known.outputs[kept] = output
                if MEMO.get(key) is known:
                    MEMO.put(key, known)
        at = pointer(place)
        return output[0], [replace(found, place=at + found.place) for found in output[1]]

    def _rest(
        self, body: bytes, document: dict[str, JSON], blocks: list[Block], whole: Whole
    ) -> tuple[bytes, tuple[Finding, ...]]:
        """What stands around the blocks, masked, with an empty object for each of them."""
        names = {block.name for block in blocks}
        around: dict[str, JSON] = {
            name: [{} if type(element) is dict else element for element in value]
            if name in names and type(value) is list
            else value
            for name, value in document.items()
        }
        skeleton = without_blocks(body, blocks)
        leaves = [leaf for leaf in self._search(skeleton, around) if self._free(leaf.location)]
        chosen = {location: span for location, span in whole.items() if self._free(location)}
        if not leaves and not chosen:
            return skeleton, ()
        return self._rewrite(skeleton, around, chosen, leaves)

    def _free(self, location: Location) -> bool:
        return self._guard is None or not self._guard.covers(location)


def _joined(frame: bytes, slots: list[Block], blocks: list[Block], masked: list[bytes | None]) -> bytes:
    """The frame with every block, masked or as it came, in its slot."""
    pieces, at = [], 0
    for slot, block, became in zip(slots, blocks, masked, strict=True):
        pieces += [frame[at : slot.start], block.text if became is None else became]
        at = slot.end
    return b"".join([*pieces, frame[at:]])


def _leaf(node: Any, location: Location, is_key: bool, spans: tuple[Span, ...]) -> Leaf:
    if is_key:
        return Leaf(location, str(location[-1]), True, spans)
    for part in location:
        node = node[part]
    return Leaf(location, node if isinstance(node, str) else number_text(node), False, spans)
