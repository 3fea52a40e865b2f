"""Every detector finds its own examples exactly, whole and in every chunking."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.masking import Masker, MaskRule, known_detectors
from interlock.masking.probe import probe_of
from interlock.masking.scan import Scanner, encode
from interlock.paths.together import compiled

KEY = b"k" * 32
PARTS = known_detectors()
EXAMPLES = [(part, text) for part in PARTS.values() for text in (*part.hits, *part.misses)]
ALL = Masker([MaskRule("all", detect=tuple(PARTS), min_confidence="low")], KEY)
FILLER = "\nPlain words, UPPER WORDS and 12 numbers 3.14 stand between: a-b_c/d+e@f.\n"


def _plain(text: str) -> str:
    return text.replace("«", "").replace("»", "")


@pytest.mark.parametrize(("part", "text"), EXAMPLES, ids=[f"{part.name}-{n}" for n, (part, _) in enumerate(EXAMPLES)])
def test_finds_its_hits_exactly_and_passes_its_misses(part, text):
    """A detector finds what stands between the marks of its examples, and nothing else."""
    data = encode(_plain(text))
    found = [data[hit.start : hit.end].decode() for hit in Scanner([part]).hits(data)]
    assert found == re.findall("«(.*?)»", text, re.DOTALL)


@pytest.mark.parametrize("part", [part for part in PARTS.values() if part.needs], ids=lambda part: part.name)
@given(st.data())
@settings(max_examples=100, deadline=None)
def test_what_is_found_holds_what_it_needs(part, data):
    """Whatever a pattern matches and its judge confirms holds the simpler pattern that is asked for in its place."""
    pattern = re.sub(r"\\x\{([0-9a-f]+)\}", lambda match: chr(int(match[1], 16)), part.pattern)
    text = encode(data.draw(st.from_regex(pattern, fullmatch=True)))
    assert not probe_of(part).hits(text) or compiled(part.needs).search(text)
    assert part.name == "ipv6" or compiled(part.needs).search(text)


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_has_examples_of_both_kinds(part):
    """A detector without hits or misses proves nothing."""
    assert len(part.hits) >= 2
    assert len(part.misses) >= 2
    assert part.name == part.name.lower()


def _streamed(masker: Masker, text: str, size: int) -> tuple[str, tuple[object, ...]]:
    stream = masker.stream()
    pieces = [stream.feed(text[at : at + size]) for at in range(0, len(text), size)]
    return "".join(pieces) + stream.close(), tuple(stream.findings)


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_a_stream_equals_the_whole_at_every_chunk_size(part):
    """Masking pieces of 1 to 64 characters gives what masking the whole gives."""
    text = FILLER.join(map(_plain, (*part.hits, *part.misses))) + FILLER
    masker = Masker([MaskRule("one", detect=(part.name,), min_confidence="low")], KEY)
    whole = masker.text(text)
    for size in range(1, 65):
        assert _streamed(masker, text, size) == (whole.text, whole.findings)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 13, 31, 64])
def test_all_detectors_together_equal_the_whole(size):
    """Overlapping findings of several detectors are merged alike, however the text arrives."""
    text = " ".join(_plain(text) for part in PARTS.values() for text in (*part.hits, *part.misses))
    whole = ALL.text(text)
    assert _streamed(ALL, text, size) == (whole.text, whole.findings)


def test_a_stream_that_ends_anywhere_equals_the_whole():
    """Cutting off the text after any character gives what masking the shorter text gives."""
    text = " ".join(_plain(part.hits[0]) for part in PARTS.values())
    for end in range(0, len(text), 113):
        assert _streamed(ALL, text[:end], 29)[0] == ALL.text(text[:end]).text


def test_no_pattern_crosses_a_nul():
    """Texts are searched joined by NUL, so no pattern may match one, nor depend on what stands beyond it."""
    for part in PARTS.values():
        for text in part.hits:
            halves = _plain(text)
            for at in range(1, len(halves), 1 + len(halves) // 80):
                data = encode(halves[:at] + "\0" + halves[at:])
                for match in Scanner([part]).probes[0].pattern.finditer(data):
                    assert b"\0" not in match.group()


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN " * 6000,
        "-----BEGIN RSA PRIVATE KEY-----" * 2000,
        "1 " * 30_000,
        "eyJ" * 20_000,
        "eyJaaaaaaaa.bbbbbbbb" * 3000,
        "a" * 60_000 + "@",
        "a@" * 30_000,
        "a.b@c." * 10_000,
        "DE89" * 15_000,
        "+1" * 30_000,
        "sk-" * 20_000,
        "http://a:" * 7_000,
        "4111 " * 12_000,
        "1" * 60_000,
        "1.2.3.4." * 7_500,
        "a:b:c:" * 10_000,
        "password: " * 6_000,
        "password=a1B2c3D4 " * 3_500,
        "bsn 123456782 " * 4_300,
        "dob 12.12.1980 " * 4_000,
        "first_name: Erika " * 3_300,
        "cloudflare datadog twilio okta fastly " + "aB3d" * 15_000,
        "bsn ssn pesel cpf npi dea vin " * 30 + "1" * 60_000,
    ],
    ids=range(23),
)
def test_hostile_text_costs_no_more_than_linear_time(text):
    """Text made to be slow is searched within a small multiple of a millisecond per kilobyte."""
    import time

    begin = time.process_time()
    ALL.text(text)
    assert time.process_time() - begin < 20.0  # what is not linear takes minutes
