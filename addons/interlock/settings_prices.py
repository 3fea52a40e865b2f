"""`recording: prices:` what a million tokens cost, so that the evidence says what a session has spent.

prices:
  - {model: "claude-opus-*", input: 5, output: 25, cache_read: 0.5, cache_write: 6.25}
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from interlock.schema import Reader
from interlock.settings_glob import star
from interlock.source import Node

__all__ = ["KINDS", "Price", "price_of", "read_prices"]

KINDS = ("input", "output", "cache_read", "cache_write")
"""Kinds of tokens; none is counted within another."""
_MAX_PRICES = 200
_HIGHEST = 1_000_000
_CURRENCY = "USD"


@dataclass(frozen=True, slots=True)
class Price:
    """What a million tokens of each kind cost at models whose name `model` stands for (`*`: any characters)."""

    model: str
    input: Decimal = Decimal(0)
    output: Decimal = Decimal(0)
    cache_read: Decimal = Decimal(0)
    cache_write: Decimal = Decimal(0)
    currency: str = _CURRENCY


def price_of(model: str, prices: tuple[Price, ...]) -> Price | None:
    """The first entry that speaks of a model; None where none does, or its name is not known."""
    return next((entry for entry in prices if model and star(entry.model)(model)), None)


def read_prices(node: Node | None, reader: Reader) -> tuple[Price, ...]:
    """The list. What is wrong with it the reader is told."""
    items = reader.items(node, "prices")
    if node is not None and len(items) > _MAX_PRICES:
        reader.error(node, f"there are more than {_MAX_PRICES} prices", 'one may stand for many: model: "claude-*"')
    return tuple(_price(item, reader) for item in items[:_MAX_PRICES])


def _price(item: Node, reader: Reader) -> Price:
    members = reader.mapping(
        item, "a price", required=("model", "input", "output"), optional=("cache_read", "cache_write", "currency")
    )
    currency = reader.text(members.get("currency"), "currency", _CURRENCY)
    if len(currency) != 3 or not currency.isascii() or not currency.isalpha() or not currency.isupper():
        reader.error(members.get("currency", item), "currency must be three capital letters", "as in currency: EUR")
        currency = _CURRENCY
    amounts = {kind: _amount(members.get(kind), kind, reader) for kind in KINDS}
    return Price(reader.text(members.get("model"), "model"), **amounts, currency=currency)


def _amount(node: Node | None, what: str, reader: Reader) -> Decimal:
    if node is None:
        return Decimal(0)
    value = node.value
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _HIGHEST:
        reader.error(node, f"{what} must be a number from 0 to {_HIGHEST}", "what a million tokens cost, as in 2.50")
        return Decimal(0)
    return Decimal(str(value))
