"""A tree head: what a gateway says that its tree was at a moment, signed. One event (kind `head`) of `heads.jsonl`.

    {"at":"…","data":{"final":false,"gateway":"host","key":"…","root":"…","signature":"…","size":12,"tree":"host:…"},…}

The signature is over a fixed prefix and the canonical JSON of `at`, `prev`, `seq` and all of `data` but itself: what
anybody who holds the line and the public key can put together again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from interlock.model import JSON
from interlock.recording.canonical import canonical
from interlock.recording.event import Event, seal
from interlock.recording.signing import PublicKey, Signer
from interlock.recording.tree import MAX_SIZE, Tree

__all__ = ["Head", "head_data", "read_head"]

_PREFIX = b"interlock tree head v1\n"
_NEEDED = {"final", "gateway", "key", "leaves", "root", "signature", "size", "tree"}
_HEX = re.compile(r"[0-9a-f]{64}")
_MAX_NAME = 256


@dataclass(frozen=True, slots=True)
class Head:
    """A head as it reads. `tree` names the one growing list it is of, `size` its length, `root` its hash (hex).

    `leaves` is how many bytes of `leaves.jsonl` that is, `edge` the subtrees' roots where they were kept; `final` says
    that the gateway stopped in good order.
    """

    tree: str
    gateway: str
    size: int
    root: str
    at: str
    key: str
    leaves: int
    final: bool
    edge: tuple[bytes, ...]
    event: Event

    @property
    def line(self) -> bytes:
        """Its line without the newline."""
        event = self.event
        return seal(event.kind, event.data, event.seq, event.prev, event.at)[0][:-1]

    def signed_by(self, key: PublicKey) -> bool:
        """Whether the signature is that key's."""
        event = self.event
        signature = event.data["signature"]
        return isinstance(signature, str) and key.holds(
            signature, _message(event.data, event.at, event.seq, event.prev)
        )


def head_data(
    tree: Tree,
    name: str,
    gateway: str,
    signer: Signer,
    at: str,
    seq: int,
    prev: str,
    *,
    leaves: int,
    final: bool,
    edge: bool,
) -> dict[str, JSON]:
    """The data of the next head, to be the event of this number after that hash at this time."""
    data: dict[str, JSON] = {
        "final": final,
        "gateway": gateway,
        "key": signer.public.id,
        "leaves": leaves,
        "root": tree.root().hex(),
        "size": tree.size,
        "tree": name,
    }
    if edge:
        data["edge"] = [node.hex() for node in tree.edge]
    data["signature"] = signer.sign(_message(data, at, seq, prev))
    return data


def read_head(event: Event) -> Head | None:
    """The head that an intact event is; None for any other."""
    data = event.data
    texts = [data.get(name) for name in ("tree", "gateway", "root", "key", "signature")]
    sizes, edge = [data.get(name) for name in ("size", "leaves")], _edge(data.get("edge", []))
    if (
        event.kind != "head"
        or set(data) - {"edge"} != _NEEDED
        or not all(isinstance(text, str) and len(text) <= _MAX_NAME for text in texts)
        or not all(type(size) is int and 0 <= size < MAX_SIZE for size in sizes)
        or edge is None
        or type(data["final"]) is not bool
        or not _HEX.fullmatch(str(data["root"]))
    ):
        return None
    tree, gateway, root, key, _ = (str(text) for text in texts)
    size, leaves = (int(str(size)) for size in sizes)
    return Head(tree, gateway, size, root, event.at, key, leaves, data["final"], edge, event)


def _edge(said: JSON) -> tuple[bytes, ...] | None:
    if not isinstance(said, list) or not all(isinstance(node, str) and _HEX.fullmatch(node) for node in said):
        return None
    return tuple(bytes.fromhex(str(node)) for node in said)


def _message(data: Mapping[str, JSON], at: str, seq: int, prev: str) -> bytes:
    said: dict[str, JSON] = {name: value for name, value in data.items() if name != "signature"}
    return _PREFIX + canonical({**said, "at": at, "prev": prev, "seq": seq})
