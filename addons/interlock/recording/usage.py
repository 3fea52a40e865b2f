"""What an answer of a model cost, by the prices that the rules name. Exact: in millionths of the currency, whole."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from interlock.model import JSON
from interlock.settings_prices import KINDS, Price, price_of

__all__ = ["in_words", "usage_event"]

_MILLION = 1_000_000


def usage_event(words: Mapping[str, str], tokens: Mapping[str, int], prices: tuple[Price, ...]) -> dict[str, JSON]:
    """The members of a `usage` event: `model`, `id` and `stop` as the answer says them, tokens of each kind, and
    `cost` in millionths of `currency` where there is a price for the model.
    """
    data: dict[str, JSON] = {name: value for name, value in words.items() if value}
    data |= {kind: tokens.get(kind, 0) for kind in KINDS if tokens.get(kind, 0) or kind in ("input", "output")}
    price = price_of(words.get("model", ""), prices)
    if price is not None:
        cost = sum((getattr(price, kind) * tokens.get(kind, 0) for kind in KINDS), Decimal(0))
        data["cost"] = int(cost.to_integral_value(ROUND_HALF_UP))
        data["currency"] = price.currency
    return data


def in_words(data: Mapping[str, JSON]) -> str:
    """A `usage` event for people: `12657 in, 31 out, 8000 from cache, 0.063285 USD`. Never raises."""
    names = {"input": "in", "output": "out", "cache_read": "from cache", "cache_write": "into cache"}
    parts = [f"{data[kind]} {name}" for kind, name in names.items() if type(data.get(kind)) is int]
    cost = data.get("cost")
    if type(cost) is int:
        parts.append(f"{cost // _MILLION}.{cost % _MILLION:06d} {data.get('currency', '')}".rstrip())
    return ", ".join(parts)
