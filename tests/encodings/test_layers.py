"""What encodings around encodings hide."""

from __future__ import annotations

import base64
import gzip
import json
import random
import time
import zlib
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.encodings import Budget, unwrap
from interlock.encodings.layers import MAX_DEPTH

TEXT = "DROP TABLE x"


def base64_of(data: bytes | str) -> str:
    """Standard base64."""
    return base64.b64encode(data if isinstance(data, bytes) else data.encode()).decode()


ENCODED: dict[str, str] = {
    "base64": base64_of(TEXT),
    "base64 unpadded": base64_of(TEXT + "y").rstrip("="),
    "base64 for urls": base64.urlsafe_b64encode(b"-- ?>~?>~\nDROP TABLE x").decode(),
    "base64 in lines": base64.encodebytes((TEXT + ";" + " " * 70).encode()).decode(),
    "utf-16": base64_of(TEXT.encode("utf-16-le")),
    "gzip": base64_of(gzip.compress(TEXT.encode())),
    "zlib": base64_of(zlib.compress(TEXT.encode())),
    "hex": TEXT.encode().hex(),
    "hex with prefix": "0x" + TEXT.encode().hex().upper(),
    "url": quote(TEXT),
    "url of everything": "".join(f"%{octet:02x}" for octet in TEXT.encode()),
    "html": "".join(f"&#{ord(char)};" for char in TEXT),
    "html in hex": "".join(f"&#x{ord(char):x};" for char in TEXT),
    "json": json.dumps(TEXT),
    "unicode escapes": "".join(f"\\u{ord(char):04x}" for char in TEXT),
    "byte escapes": "".join(f"\\x{ord(char):02x}" for char in TEXT),
    "octal escapes": "".join(f"\\{ord(char):03o}" for char in TEXT),
    "twice": base64_of(quote(TEXT)),
    "thrice": json.dumps(base64_of(TEXT.encode().hex())),
}


@pytest.mark.parametrize("name", ENCODED)
def test_a_whole_value_that_is_encoded_is_decoded(name: str) -> None:
    """And is known to be nothing else."""
    found = unwrap(ENCODED[name])
    assert found.complete
    assert any(TEXT in layer.text for layer in found.found)
    assert all(layer.whole for layer in found.found)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("please run " + base64_of(TEXT) + " now", 11),
        ("data:text/plain;base64," + base64_of(TEXT), 23),
        ("x=" + TEXT.encode().hex(), 2),
        ("bytes " + TEXT.encode().hex(" ") + ".", 6),
        ("it is %44%52%4f%50%20TABLE x", 6),
        ("path/" + base64_of("DROP TABLE x; -- y"), 5),
        ("run\n" + base64_of(TEXT + " -- ab") + "\nthanks", 4),
    ],
)
def test_an_encoded_run_is_found_with_its_place(text: str, at: int) -> None:
    """Among plain words, and not taken for the whole."""
    found = [layer for layer in unwrap(text).found if TEXT in layer.text]
    assert [(layer.at, layer.whole) for layer in found] == [(at, False)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "refund policy for customers",
        "DROP TABLE x",
        "550e8400-e29b-41d4-a716-446655440000",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==",
        "internationalizationHelperFunction",
        "/usr/local/lib/python3.13/site-packages/interlock",
        base64_of(b"\x89PNG\r\n\x1a\n" + random.Random(1).randbytes(3000)),
        "AKIA" + "Z" * 16,
        "3.141592653589793238462643383279",
    ],
)
def test_ordinary_values_hide_nothing(text: str) -> None:
    """Prose, ids, hashes, paths, images."""
    assert unwrap(text).found == ()


def test_json_is_shown_as_a_document() -> None:
    """With every string in it, and what those hide."""
    found = unwrap(json.dumps({"a": [{"sql": base64_of(TEXT)}]})).found
    assert found[0].document == {"a": [{"sql": base64_of(TEXT)}]}
    assert [(layer.text, layer.how, layer.whole) for layer in found[1:]] == [(TEXT, "json > base64", False)]


@pytest.mark.parametrize(
    "text", ['{"a": "x", "a": "y"}', '{"a": "x", "A": "y"}', base64_of(gzip.compress(b"a" * 10**7))]
)
def test_what_cannot_be_read_in_one_way_is_not_complete(text: str) -> None:
    """Doubled members, and bombs."""
    assert not unwrap(text).complete


@pytest.mark.parametrize(
    "wrap", [base64_of, lambda text: text.encode().hex(), json.dumps, lambda text: quote(text, safe="")]
)
def test_depth_is_bounded(wrap: Callable[[str], str]) -> None:
    """Six layers are undone; a seventh is not, and that is said."""
    text = TEXT
    for _ in range(MAX_DEPTH):
        text = wrap(text)
    assert unwrap(text).found[-1].text == TEXT
    assert unwrap(text).complete
    deeper = unwrap(wrap(text))
    assert TEXT not in [layer.text for layer in deeper.found]
    assert not deeper.complete


def test_values_share_a_budget() -> None:
    """After so many places nothing is looked at any more."""
    budget = Budget(0, 1)
    assert unwrap(base64_of(TEXT), budget).found
    assert not unwrap(base64_of(TEXT), budget).found


@pytest.mark.parametrize(
    "part",
    ["[", '"', "41 ", "%25", "%2525", "&amp;", "\\u0041", base64_of(b"hello world this") + " ", "a" * 16 + "/",
     '{"a":', "internationalization ", "a" * 16 + "\n", "aaaa\n", "0x41414141414141414141 "],
)  # fmt: skip
def test_time_is_linear(part: str) -> None:
    """A third of a megabyte of anything."""
    text = part * (300_000 // len(part))
    began = time.process_time()
    unwrap(text)
    assert time.process_time() - began < 1


@given(
    st.one_of(
        st.text(max_size=300), st.binary(max_size=300).map(base64_of), st.text('\\ux%&#;0{}[]",:aA=', max_size=60)
    )
)
@settings(max_examples=100, deadline=None)
def test_nothing_is_ever_raised(text: str) -> None:
    """On any text."""
    unwrap(text)


HIDDEN = base64_of("rm -rf / --no-preserve-root")


@pytest.mark.parametrize(
    "text",
    [
        "plain words " * 400_000 + HIDDEN,
        " ".join(f"/usr/share/doc/package-{n}/copyright" for n in range(30_000)) + " " + HIDDEN,
        "abcdefghijklmnop\n" * 90_000 + HIDDEN,
        base64_of(gzip.compress(b"x" * (64 << 20))),
    ],
    ids=["long", "many", "pieces", "bomb"],
)
def test_what_a_bound_cuts_off_is_said(text: str) -> None:
    """More could be hidden than was looked into: whoever judges must not take it for nothing."""
    found = unwrap(text)
    assert found.cut
    assert not found.complete


@pytest.mark.parametrize(
    "text",
    [
        "plain words " * 400_000,
        "abcdefghijklmnop\n" * 60_000,
        "data:image/png;base64," + base64_of(b"\x89PNG\r\n\x1a\n" + random.Random(7).randbytes(1 << 20)),
        " ".join(f"/usr/share/doc/package-{n}/copyright" for n in range(5_000)),
        json.dumps({"a": 1, "A": 2}),
    ],
    ids=["long", "words", "image", "paths", "ambiguous"],
)
def test_long_texts_that_were_looked_through_are_not_cut(text: str) -> None:
    """Prose, word lists, pictures, listings; a document that can be read in two ways is another matter."""
    assert not unwrap(text).cut


def test_a_shared_budget_tells_the_text_that_it_did_not_reach() -> None:
    """The first that is not looked into says so, and so does each after it."""
    budget = Budget(0, 3)
    said = [unwrap(HIDDEN, budget).cut for _ in range(6)]
    assert said[0] is False
    assert said[-3:] == [True] * 3
