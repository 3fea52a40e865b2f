"""Tokens become values again: for the agent what it sent itself, for a connection what a rule names; nothing else.

What goes back to the agent travels to the model again in its next turn, and what goes to a connection comes back in
answers. So before a value is given out where its detector would not find it again, it is looked for exactly from then
on, everywhere in the session; where that cannot be, it is not given.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence

from interlock.errors import BodyRejected
from interlock.masking import (
    AGENT,
    TOKEN,
    Literal,
    Masker,
    Restore,
    Vault,
    has_tokens,
    kind_of,
    restore_all,
    restore_at,
)
from interlock.model import JSON, Exchange, Secret
from interlock.paths import Location, PathSet
from interlock.protocols.body import read_json

__all__ = ["ToAgent", "to_connection"]

_MAX_SOUGHT = 32 << 10


class ToAgent:
    """The tool inputs of one answer of a model. `masker` is the one of requests to that model."""

    def __init__(self, vault: Vault, masker: Masker | None) -> None:
        self._vault, self._masker = vault, masker
        self.given: dict[str, str] = {}
        """Tokens and values, so that recordings keep the tokens."""

    def restore(self, body: bytes) -> bytes:
        """The input with what the agent sent itself. Raises BodyRejected for what is no JSON."""
        if not has_tokens(body):
            return body
        restored = restore_all(body, read_json(body), lambda token, _: self._vault.value(token, (AGENT,)))
        if not restored.tokens:
            return body
        values = {token: self._vault.value(token, (AGENT,)) or "" for token in restored.tokens}
        again = self._masked_again(restored.body)
        hidden = [token for token, value in values.items() if again is None or _inside(value) in again]
        if hidden and not self._vault.echo(hidden):
            return body
        self.given |= values
        return restored.body

    def literals(self) -> tuple[Literal, ...] | None:
        """What was given, to be found exactly; None where that is too much to look for at once."""
        if sum(map(len, self.given.values())) > _MAX_SOUGHT:
            return None
        return tuple(Literal(Secret(value)) for value in self.given.values())

    def keep(self, masked: bytes, before: JSON) -> bytes:
        """A document of the answer that shows an input again: where its values were masked once more, they are back."""
        if not self.given or not has_tokens(masked):
            return masked

        def told(token: str, location: Location) -> str | None:
            value = self.given.get(token)
            return value if value is not None and self._stood(value, token, before, location) else None

        return restore_all(masked, read_json(masked), told).body

    def _stood(self, value: str, token: str, document: JSON, location: Location) -> bool:
        """Whether the value stood there before, as text or in the name of the member; names are masked as well."""
        name: str | int = ""
        for part in location:
            name = part
            if isinstance(part, str) and isinstance(document, dict) and part not in document:
                name = TOKEN.sub(lambda match: self.given.get(match[0], match[0]), part)
            try:
                document = document[name]  # type: ignore[index]
            except (KeyError, IndexError, TypeError):
                return False
        named = isinstance(name, str) and token in str(location[-1]) and value in name
        return named or (isinstance(document, str) and value in document)

    def _masked_again(self, body: bytes) -> str | None:
        """What the masks of the agent's next turn leave of the input; None where that cannot be said."""
        if self._masker is None or self._masker.empty:
            return None
        try:
            return json.dumps(read_json(self._masker.json(body, read_json(body)).body), ensure_ascii=False)
        except (BodyRejected, RecursionError):
            return None


def _inside(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1]


def to_connection(
    exchange: Exchange, rules: Sequence[tuple[Restore, PathSet]], vault: Vault
) -> tuple[Exchange, tuple[tuple[str, str], ...]]:
    """A request to a connection as its rules restore it, and what was restored: (kind, JSON Pointer).

    Never in headers or the target. A body that is no JSON stays as it is; whoever judges it says what is wrong.
    """
    if not exchange.body or not has_tokens(exchange.body):
        return exchange, ()
    body, given = exchange.body, list[tuple[str, str]]()
    for rule, paths in rules:
        try:
            restored = restore_at(body, read_json(body), paths, lambda token, _: _value(token, rule, vault))  # noqa: B023
        except BodyRejected:
            return exchange, ()
        if restored.tokens and vault.echo(restored.tokens):
            body = restored.body
            given += [(kind_of(token), place) for token, place in zip(restored.tokens, restored.places, strict=True)]
    return (exchange if body is exchange.body else dataclasses.replace(exchange, body=body)), tuple(given)


def _value(token: str, rule: Restore, vault: Vault) -> str | None:
    return vault.value(token, rule.origins) if kind_of(token) in rule.kinds else None
