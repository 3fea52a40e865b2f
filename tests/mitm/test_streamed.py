"""What is kept of a streamed answer: its bytes up to a bound, its pace, and its end."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from interlock.mitm.streamed import Streamed


class Through:
    """Passes everything on."""

    def feed(self, data: bytes) -> bytes:
        """The data itself."""
        return data

    def close(self) -> bytes:
        """Nothing was held."""
        return b""


def streamed() -> Streamed:
    """A stream of nobody's."""
    nobody: Any = SimpleNamespace(client_conn=None)
    return Streamed(nobody, nobody, nobody, Through(), lambda refusal: b"")


def test_the_pace_is_kept_and_bounded() -> None:
    """Pieces of one moment are one; of very many the last ones are put together; none is lost."""
    stream = streamed()
    for _ in range(20_000):
        assert stream(b"data: x\n\n") == [b"data: x\n\n"]
    stream(b"")
    assert 0 < len(stream.timing) <= 4096
    assert sum(size for _, size in stream.timing) == len(stream.body()) == 180_000
    assert [when for when, _ in stream.timing] == sorted(when for when, _ in stream.timing)


def test_a_very_long_stream_keeps_its_beginning_and_what_it_says_at_its_end() -> None:
    """The body up to eight MiB; of the rest the last bytes, where a model says what it used."""
    stream = streamed()
    for _ in range(9):
        stream(b"x" * (1 << 20))
    stream(b'data: {"usage": {"input_tokens": 7}}\n\n')
    assert len(stream.body()) == 8 << 20
    assert stream.telling().endswith(b'"input_tokens": 7}}\n\n')
    assert len(stream.telling()) < (8 << 20) + (65 << 10)
    assert sum(size for _, size in stream.timing) == 8 << 20
