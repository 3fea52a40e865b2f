"""Edits as a tree."""

from __future__ import annotations

from interlock.masking.edits import Edit, all_found, deletions, joined, tree_of


def test_what_stands_in_a_replaced_value_is_left_out():
    """The edit above is the one that is made."""
    root = tree_of({("a",): Edit(value=b"0"), ("a", "b"): Edit(drop=True), ("c", 0): Edit(key=b'"k"')})
    assert not root.children["a"].children
    assert root.children["c"].children[0].edit == Edit(key=b'"k"')
    assert not all_found(root)
    root.children["a"].found = root.children["c"].children[0].found = True
    assert all_found(root)


def test_a_deletion_takes_one_comma_with_it():
    """The one after a member, and at the end the one before."""
    body = b"[1, 2 ,3]"
    members = [(1, 2), (4, 5), (7, 8)]
    for dropped, left in ((0, b"[2 ,3]"), (1, b"[1, 3]"), (2, b"[1, 2]")):
        ((start, end, text),) = deletions([(*span, number == dropped) for number, span in enumerate(members)])
        assert body[:start] + text + body[end:] == left
    assert list(deletions([(1, 2, False)])) == []


def test_places_that_overlap_are_not_joined() -> None:
    """Nor are they where one lies in the other."""
    assert joined(b"abcdef", [(1, 3, b"-"), (4, 5, b"+")]) == b"a-d+f"
    assert joined(b"abcdef", [(1, 3, b"-"), (2, 5, b"+")]) is None
