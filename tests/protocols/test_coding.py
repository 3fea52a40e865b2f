"""Content codings are undone once, within bounds, to the last byte."""

from __future__ import annotations

import gzip
import zlib

import brotli
import pytest
import zstandard

from interlock.errors import BodyRejected
from interlock.protocols.coding import decode_body
from interlock.reasons import Reason

ENCODE = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}
TEXT = b'{"query":"SELECT 1"}' * 40
LIMIT = 1 << 20


@pytest.mark.parametrize("coding", ENCODE)
def test_each_coding_is_undone(coding: str) -> None:
    """The allow-listed codings, whatever the header's case and blanks."""
    assert decode_body(ENCODE[coding](TEXT), f" {coding.upper()} ", LIMIT) == TEXT


@pytest.mark.parametrize("coding", ["", "identity", "Identity"])
def test_no_coding_is_no_change(coding: str) -> None:
    """The very bytes come back."""
    assert decode_body(TEXT, coding, LIMIT) is TEXT


@pytest.mark.parametrize("coding", ENCODE)
def test_a_bomb_stops_at_the_limit(coding: str) -> None:
    """The output is bounded, however small the input."""
    with pytest.raises(BodyRejected) as caught:
        decode_body(ENCODE[coding](b"a" * (LIMIT * 12)), coding, LIMIT)

    assert caught.value.reason is Reason.BODY_TOO_LARGE


@pytest.mark.parametrize("coding", ENCODE)
def test_the_limit_itself_passes(coding: str) -> None:
    """A body of exactly `limit` bytes is allowed, one more is not."""
    assert len(decode_body(ENCODE[coding](b"ab" * 500), coding, 1000)) == 1000
    with pytest.raises(BodyRejected) as caught:
        decode_body(ENCODE[coding](b"ab" * 500), coding, 999)

    assert caught.value.reason is Reason.BODY_TOO_LARGE


@pytest.mark.parametrize("coding", ENCODE)
@pytest.mark.parametrize("damage", ["trailing", "cut", "second member", "not coded", "coded twice as one"])
def test_a_stream_that_readers_end_differently_is_refused(coding: str, damage: str) -> None:
    """Bytes after the end, a missing end, a second member and plain bytes are undecodable."""
    coded = ENCODE[coding](TEXT)
    body = {
        "trailing": coded + b"x",
        "cut": coded[:-1],
        "second member": coded + coded,
        "not coded": TEXT,
        "coded twice as one": coded[2:],
    }[damage]

    with pytest.raises(BodyRejected) as caught:
        decode_body(body, coding, LIMIT)

    assert caught.value.reason is Reason.BODY_UNDECODABLE


@pytest.mark.parametrize("coding", ["gzip, gzip", "gzip,identity", "x-gzip", "compress", "gzip\x00", "chunked", "*"])
def test_other_codings_are_refused(coding: str) -> None:
    """Unknown and stacked codings are undecodable, although the bytes could be undone."""
    with pytest.raises(BodyRejected) as caught:
        decode_body(gzip.compress(gzip.compress(TEXT)), coding, LIMIT)

    assert caught.value.reason is Reason.BODY_UNDECODABLE


def test_raw_deflate_is_refused() -> None:
    """`deflate` means the zlib format (RFC 9110); the raw one is what only some readers accept."""
    raw = zlib.compressobj(wbits=-15)

    with pytest.raises(BodyRejected):
        decode_body(raw.compress(TEXT) + raw.flush(), "deflate", LIMIT)


def test_an_empty_body_has_nothing_to_undo() -> None:
    """Answers without a body may name a coding all the same."""
    assert decode_body(b"", "gzip", LIMIT) == b""


def test_a_large_uncoded_body_is_refused() -> None:
    """The limit holds for identity as well."""
    with pytest.raises(BodyRejected) as caught:
        decode_body(b"aa", "", 1)

    assert caught.value.reason is Reason.BODY_TOO_LARGE


def test_a_zstd_window_beyond_the_web_is_refused() -> None:
    """A frame that asks for a huge window asks for huge memory (RFC 9659)."""
    parameters = zstandard.ZstdCompressionParameters(window_log=27, write_content_size=False)
    writer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()

    with pytest.raises(BodyRejected) as caught:
        decode_body(writer.compress(TEXT) + writer.flush(), "zstd", LIMIT)

    assert caught.value.reason is Reason.BODY_UNDECODABLE
