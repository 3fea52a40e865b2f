"""Bodies in which nothing is found."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from interlock.masking import Literal, Masker
from interlock.mitm.clean_bodies import _KEPT, _LONGEST, CleanBodies
from interlock.model import Secret

SECRET = (Literal(Secret("blue giraffe")),)


@pytest.fixture
def masker() -> Masker:
    """Knows one secret."""
    return Masker((), b"k" * 16, SECRET)


def masked(clean: CleanBodies, masker: Masker) -> Callable[[bytes], bytes]:
    """Masks what it is given."""
    return lambda body: clean.masked(masker, body, json.loads(body))


def test_only_what_nothing_was_found_in_is_remembered(masker: Masker) -> None:
    """By its bytes and the very masker; another one has not seen it."""
    clean, dirty = b'{"a": "green giraffe"}', b'{"a": "blue giraffe"}'
    known = CleanBodies()
    assert masked(known, masker)(clean) is clean
    assert b"blue giraffe" not in masked(known, masker)(dirty)
    assert known.holds(masker, bytes(bytearray(clean)))
    assert not known.holds(masker, dirty)
    assert not known.holds(masker.with_literals(SECRET), clean)


def test_it_is_bounded(masker: Masker) -> None:
    """By number, the oldest goes first, and long bodies are not kept at all."""
    known = CleanBodies()
    bodies = [b'["%d"]' % number for number in range(_KEPT + 3)]
    for body in bodies:
        masked(known, masker)(body)
    assert [known.holds(masker, body) for body in (*bodies[:4], bodies[-1])] == [False, False, False, True, True]
    long = b'["%b"]' % (b"x" * _LONGEST)
    assert masked(known, masker)(long) is long
    assert not known.holds(masker, long)
