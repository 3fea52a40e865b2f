"""The `recording:` section: safe by default, and strict about where heads go."""

from __future__ import annotations

from pathlib import Path

import pytest

from interlock.errors import RulesInvalid
from interlock.schema import Reader
from interlock.settings_recording import AnchorSpec, Recording, read_recording
from interlock.source import read_yaml_text

_SINKS = {"file": (("path",), ()), "store": ((), ()), "webhook": (("url", "secret"), ())}
_BASE = Path("/etc/interlock")


def _read(text: str) -> Recording:
    reader = Reader()
    found = read_recording(read_yaml_text(text, "rules.yaml"), reader, base=_BASE, sinks=_SINKS)
    reader.finish()
    return found


def test_without_the_section_heads_are_made_every_ten_seconds() -> None:
    """With a key of the gateway's own, and kept nowhere else."""
    assert read_recording(None, Reader(), sinks=_SINKS) == Recording(10.0, "", ())


def test_the_section_reads_as_written() -> None:
    """Relative files lie beside the rules folder; secrets are named."""
    found = _read(
        "anchor_every: 1m\nsigning_key: file:/run/secrets/key.pem\nanchors:\n"
        "  - {to: file, path: heads.jsonl}\n  - {to: store}\n"
        '  - {to: webhook, url: "https://example.com/heads", secret: env:HEADS}\n'
    )
    assert (found.anchor_every, found.signing_key) == (60.0, "file:/run/secrets/key.pem")
    assert found.anchors == (
        AnchorSpec("file", _BASE / "heads.jsonl"),
        AnchorSpec("store"),
        AnchorSpec("webhook", url="https://example.com/heads", secret="env:HEADS"),
    )
    assert "example.com" not in repr(found)


def test_a_quota_is_a_size_of_its_own_for_each_principal() -> None:
    """Ten GiB, unless another one is written."""
    assert (_read("quota: 2GiB").quota, _read("anchor_every: 1m").quota) == (2 << 30, 10 << 30)


def test_the_log_of_looks_turns_over_at_a_size() -> None:
    """64 MiB, unless another one is written."""
    assert (_read("looks: 2MiB").looks, _read("anchor_every: 1m").looks) == (2 << 20, 64 << 20)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("anchor_every: 10ms", "anchor_every must be from 1s to 1d"),
        ("anchor_every: soon", "anchor_every must be a duration"),
        ("quota: 100KiB", "quota must be 1MiB or more"),
        ("looks: 1KiB", "looks must be 1MiB or more"),
        ("quota: much", "quota must be a size"),
        ("anchor: 1", "recording has no member 'anchor'"),
        ("signing_key: c2VjcmV0", "signing_key must say where the key is kept"),
        ("anchors: [{to: file}]", "an anchor needs 'path'"),
        ("anchors: [{to: store, path: x}]", "an anchor has no member 'path'"),
        ("anchors: [{to: moon}]", "to cannot be 'moon'"),
        ("anchors: [{path: x}]", "an anchor needs 'to'"),
        ("anchors: [1]", "an anchor must be a mapping"),
        ("anchors: [{to: store}, {to: store}]", "the same anchor stands twice"),
        ("anchors: [{to: file, path: 'a\\0b'}]".replace("'", '"'), "path is not a file name"),
        ('anchors: [{to: webhook, url: "http://example.com", secret: env:A}]', "url must be https"),
        ('anchors: [{to: webhook, url: "https://a:b@example.com", secret: env:A}]', "holds a user name"),
        ('anchors: [{to: webhook, url: "https://[", secret: env:A}]', "is not an address"),
        ("anchors: [" + ", ".join(f"{{to: file, path: a{n}}}" for n in range(9)) + "]", "more than 8 anchors"),
    ],
)
def test_what_cannot_be_meant_is_an_error_with_its_place(text: str, says: str) -> None:
    """Nothing is guessed; a secret that was written out is not repeated."""
    with pytest.raises(RulesInvalid) as raised:
        _read(text)
    (error, *_) = raised.value.errors
    assert says in error.message
    assert (error.place.file, error.place.line) == ("rules.yaml", 1)
    assert "c2VjcmV0" not in str(raised.value)
