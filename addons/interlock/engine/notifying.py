"""Whom to tell of approvals, as the rules say, with their secrets where the operator keeps them."""

from __future__ import annotations

from interlock.approval.notifier import Notify, Target, known_notifiers
from interlock.credentials import open_source
from interlock.engine.rules import Rules
from interlock.errors import InterlockError, RuleError, RulesInvalid
from interlock.model import Secret
from interlock.ports import SecretSource

__all__ = ["notified"]


class _Written:
    """An address that stands in the rules."""

    def __init__(self, url: str) -> None:
        self._url = url

    def read(self) -> Secret:
        """See SecretSource."""
        return Secret(self._url)

    def reference(self) -> str:
        """See SecretSource."""
        return "notify"


def notified(rules: Rules) -> tuple[Target, ...]:
    """The targets that `notify:` names; nothing is read yet. Raises RulesInvalid for a place where no secrets are."""
    return tuple(_target(entry, rules) for entry in rules.notify)


def _target(entry: Notify, rules: Rules) -> Target:
    return Target(
        entry.channel,
        known_notifiers()[entry.via],
        _source(entry, entry.url, rules),
        _source(entry, entry.secret, rules) if entry.secret else None,
    )


def _source(entry: Notify, reference: str, rules: Rules) -> SecretSource:
    if reference.startswith(("https:", "http:")):
        return _Written(reference)
    try:
        return open_source(reference, rules.folder)
    except InterlockError as error:
        raise RulesInvalid([RuleError(entry.place, f"notifier {entry.name!r}: {error}", error.hint)]) from None
