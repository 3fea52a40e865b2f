"""What is kept of blocks."""

from __future__ import annotations

from interlock.masking.memo import Known, Memo, key_of


def test_what_was_not_asked_for_longest_goes_first():
    """The bytes that are kept are bounded, masked bytes included."""
    memo = Memo(3000)
    for number in range(4):
        memo.put(b"%d" % number, Known(outputs={(0,): (b"x" * 400, ())}))
        memo.get(b"0")
    assert [memo.get(b"%d" % number) is not None for number in range(4)] == [True, False, True, True]
    memo.put(b"0", Known(outputs={(0,): (b"x" * 5000, ())}))
    assert len(memo) == 0


def test_putting_again_counts_once():
    """What grows is counted as it is now."""
    memo, known = Memo(5000), Known()
    for number in range(100):
        known.outputs = {(number,): (b"x" * 100, ())}
        memo.put(b"a", known)
    assert memo.get(b"a") is known


def test_keys_keep_maskers_and_lists_apart():
    """The same bytes under another masker, or in another list, are another block."""
    keys = {key_of(scope, name, text) for scope in (b"a" * 32, b"b" * 32) for name in "xy" for text in (b"1", b"2")}
    assert len(keys) == 8
