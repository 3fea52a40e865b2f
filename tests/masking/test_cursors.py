"""Only the detectors that could find something run, and nothing is lost by that."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.masking import known_detectors
from interlock.masking.cursors import Cursors
from interlock.masking.scan import Scanner, encode

PARTS = known_detectors()
BITS = st.sampled_from(
    ["BSN ", "bs", "n: ", "123456782", "1234", "56782", " ", "x", "npm_", "npm", "_" + "aB3d" * 9, "aB3d", "passw",
     "ord: ", "hunter2-X9", "\n", "\0", "é", "dob 1", "2.12.1980", "TWILIO=", "0f9e" * 8, "sk-", "ant-"]
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(bits=st.lists(BITS, max_size=20), cut=st.integers(1, 7))
def test_cursors_find_what_the_detectors_find(bits, cut):
    """In pieces of any length: what all detectors find in the whole text, each by itself."""
    text = encode("".join(bits))
    scanner = Scanner(tuple(PARTS.values()))
    cursors, found, last = Cursors(scanner), [], 0
    for end in range(cut, len(text), cut):
        hits, settled = cursors.advance(text[:end], final=False)
        assert last <= settled <= end
        found, last = found + hits, settled
    found += cursors.advance(text, final=True)[0]
    alone = {hit for probe in scanner.probes for hit in probe.hits(text)}
    assert set(found) == alone == set(scanner.hits(text))
    assert len(found) == len(alone)


def test_a_new_text_begins_at_its_beginning():
    """Positions go with what is forgotten, and back for another text."""
    cursors = Cursors(Scanner([PARTS["email"], PARTS["npm-token"], PARTS["nl-bsn"]]))
    cursors.advance(b"nothing to see here. ", final=False)
    cursors.forget(10)
    assert {cursor.position for cursor in cursors._all} == {11}
    cursors.restart()
    assert {cursor.position for cursor in cursors._all} == {0}
