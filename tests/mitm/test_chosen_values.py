"""Values that are masked for where they stand, in a body or in what an answer proposes."""

from __future__ import annotations

from interlock.masking import Masker, MaskRule
from interlock.mitm.chosen_values import chosen_in, leaves
from interlock.model import JSON, Access, Operation
from interlock.paths import compile_path

KEY = b"k" * 32


def test_leaves_of_a_place_are_texts_and_numbers() -> None:
    """All of them below it; what is empty or a flag hides nothing."""
    document: JSON = {"a": [{"b": "x", "c": 7}, None, True, ["y"]]}
    assert list(leaves(document, ("a",))) == ["x", "7", "y"]
    assert list(leaves(document, ("a", 0, "b"))) == ["x"]


def test_a_place_elsewhere_in_an_answer_is_none_of_a_call() -> None:
    """Another block, another member; and without rules that name places nothing is looked at."""
    call = Operation("tool", "use:Pay", "Pay", Access.WRITE, {"card": "blue-giraffe-7"}, place="/content/1", agent=True)
    for path in ("$.content[0].input.card", "$.input.card", "$.content[1].card"):
        assert chosen_in(Masker((MaskRule("cards", paths=(compile_path(path),)),), KEY), (call,)) == ()
    assert chosen_in(Masker((MaskRule("people", detect=("email",)),), KEY), (call,)) == ()
