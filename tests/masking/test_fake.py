"""Invented values: the same shape, right check digits, never the value, always the same."""

from __future__ import annotations

import time

import pytest

from interlock.masking import Masker, MaskRule
from interlock.masking.fake import fake

KEY = b"k" * 32


def _found(kind: str, text: str) -> bool:
    masked = Masker([MaskRule("r", detect=(kind,))], KEY).text(f"It is {text} here.")
    return masked.text == f"It is [redacted:{kind}] here."


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("email", "erika.mustermann@firma.example"),
        ("email", "a@b.example"),
        ("email", "erika%40firma.example"),
        ("credit-card", "4111 1111 1111 1111"),
        ("credit-card", "378282246310005"),
        ("credit-card", "5555-5555-5555-4444"),
        ("iban", "DE89 3704 0044 0532 0130 00"),
        ("iban", "GB29NWBK60161331926819"),
        ("iban", "FR7630006000011234567890189"),
        ("us-ssn", "219-09-9999"),
        ("phone", "+49 30 23125 123"),
        ("phone", "(212) 555-0147"),
        ("aws-key", "AKIAIOSFODNN7EXAMPLE"),
    ],
)
def test_the_detector_takes_the_fake(kind: str, value: str) -> None:
    """Check digits, ranges and lengths are right, the separators stay where they stood."""
    invented = fake(kind, value, KEY)

    assert invented is not None
    assert invented.casefold() != value.casefold()
    assert _found(kind, invented)
    assert invented == fake(kind, value, KEY) != fake(kind, value, b"o" * 32)
    if kind != "email":
        assert [letter for letter in invented if not letter.isalnum()] == [
            letter for letter in value if not letter.isalnum()
        ]


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ("Erika Mustermann", "Aa Aa"),
        ("A-1042/77", "A-0/0"),
        ("0f9e0f9e0f9e", "x"),
        ("jürgen", "a"),
        ("1984-02-29", "0-0-0"),
    ],
)
def test_what_no_detector_knows_keeps_its_shape(value: str, shape: str) -> None:
    """Names and numbers chosen by field or path."""
    invented = fake("names", value, KEY)

    assert invented is not None
    assert len(invented) == len(value)
    for one, other in zip(invented, value, strict=True):
        assert (one.isdigit() or one.isalpha()) == (other.isdigit() or other.isalpha())
        assert shape == "x" or (one.isdigit(), one.isupper()) == (other.isdigit(), other.isupper())
    assert invented != value


def test_addresses_lead_to_nobody() -> None:
    """Their domains are those of RFC 2606, whatever chose them."""
    for kind in ("email", "contact"):
        assert (fake(kind, "erika@firma.example", KEY) or "").split("@")[1] in (
            "example.com",
            "example.net",
            "example.org",
        )


def test_many_values_have_many_fakes() -> None:
    """Equality is kept both ways, as far as the shape has room."""
    fakes = {fake("email", f"person{number}@firma.example", KEY) for number in range(300)}
    assert len(fakes) == 300


@pytest.mark.parametrize(
    ("kind", "value"), [("private-key", "-----BEGIN PRIVATE KEY-----"), ("names", ""), ("x", "y" * 9000)]
)
def test_what_has_no_shape_has_no_fake(kind: str, value: str) -> None:
    """Blocks of keys and long texts are redacted."""
    assert fake(kind, value, KEY) is None


def test_one_fake_is_quick() -> None:
    """A document of hundreds of values must not hold anybody up."""
    fake("iban", "DE89370400440532013000", b"warm" * 8)
    started = time.perf_counter()
    for number in range(50):
        fake("credit-card", f"41111111{number:08d}", KEY)
    assert time.perf_counter() - started < 10
