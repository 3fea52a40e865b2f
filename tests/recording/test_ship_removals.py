"""What was erased here goes there too."""

from __future__ import annotations

from pathlib import Path

import pytest

from interlock.recording.delivery import Delivery
from interlock.recording.ship_removals import carry_out
from interlock.recording.ship_sinks.file import PART
from interlock.recording.ship_target import Address
from interlock.recording.shipment import Sent, Shipments, order_removal

_SESSION = "01JD3ZK7V00000000000000000"
_NAMES = (
    "evidence.jsonl",
    "evidence.jsonl.0000000000000001",
    "flows.mitm",
    "flows.mitm.0000000000000001",
    "key",
    "odd",
)


@pytest.mark.parametrize(("what", "left"), [
    ("flows", ["evidence.jsonl", "evidence.jsonl.0000000000000001", "key", "odd"]),
    ("key", [*_NAMES[:4], "odd"]),
    ("salt", [*_NAMES]),
    ("session", ["odd"]),
])  # fmt: skip
async def test_every_piece_goes(tmp_path: Path, clock, what, left) -> None:
    """Noted or not; other files and other things that somebody keeps there stay, and the order is done."""
    there, here = tmp_path / "there" / _SESSION, tmp_path / "here"
    there.mkdir(parents=True)
    (here / _SESSION).mkdir(parents=True)
    for name in _NAMES:
        (there / name).write_bytes(b"x")
    shipments = Shipments(here, "archive", clock)
    shipments.note(_SESSION, [Sent(name, 1, "ab" * 32) for name in _NAMES[:3]])
    order_removal(here, _SESSION, what)
    delivery = Delivery(lambda: PART.open(Address(f"//{tmp_path}/there")))
    assert await carry_out(shipments, delivery, lambda: True) == 0
    assert await carry_out(shipments, delivery, lambda: False) == 1
    assert sorted(path.name for path in there.iterdir()) == left
    assert {sent.name for sent in shipments.sent(_SESSION)} == {*left} & {*_NAMES[:3]}
    assert await carry_out(shipments, delivery, lambda: False) == 0
    shipments.close()
