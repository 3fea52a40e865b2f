"""Many patterns asked at once."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.masking.shapes import Shapes
from interlock.paths.together import compiled

PATTERNS = ["ab+", "[0-9]{3}", 'x"y', "b1", "é", "[a-c]{4}", "1 ?2", "z[^\n\0]*q", "q\x20*z", "00"]
NEEDS = ["", "[0-9]", '"', "", "", "", "2", "", "z", ""]
SHAPES = [Shapes(PATTERNS), Shapes(PATTERNS, NEEDS)]


@given(text=st.text(alphabet='ab0123xyzq é"\n\0', max_size=60) | st.just('"ab"' * 300))
@settings(max_examples=100, deadline=None)
def test_what_is_found_is_what_each_pattern_finds_alone(text):
    """However the patterns are put together, none is missed and none is made up."""
    raw = text.encode()
    alone = [number for number, pattern in enumerate(PATTERNS) if compiled(pattern).search(raw) is not None]
    for shapes in SHAPES:
        assert sorted(shapes.found(raw)) == alone


@given(text=st.text(alphabet='ab0123xyzq é"\n\0', max_size=60))
@settings(max_examples=50, deadline=None)
def test_what_need_not_be_sure_is_found_where_its_need_is(text):
    """Nothing is missed; those that are to be sure are."""
    raw, unsure = text.encode(), frozenset((1, 2))
    found = SHAPES[1].found(raw, unsure)
    for number, pattern in enumerate(PATTERNS):
        asked = NEEDS[number] if number in unsure else pattern
        assert (number in found) is (compiled(asked).search(raw) is not None)


def test_no_patterns_find_nothing():
    """Detectors may all be of another kind."""
    assert Shapes([]).found(b"ab") == []
