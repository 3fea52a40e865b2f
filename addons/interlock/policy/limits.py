"""What an agent may know of the rules: names of operations and connections, and which of them pass, ask, or could.

Never a pattern, a group, a rule's name or anybody else's rules. It is an overview, and no permission: conditions on
what a request holds are judged when it comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from interlock.model import Effect
from interlock.policy.context import Context
from interlock.policy.pattern import ANY, VOCABULARY, Pattern
from interlock.policy.reach import AGENT
from interlock.policy.rule import ByProtocol, Policy, Rule
from interlock.policy.standing import lapse

__all__ = ["asking_rules", "limits_of"]

_OPEN: Mapping[str, tuple[str, ...]] = {
    "http": ("get", "head", "options", "post", "put", "patch", "delete"),
    "graphql": ("query", "mutation", "subscription"),
    "mcp": ("call", "list", "read", "connect"),
    "model": ("message", "count-tokens", "list"),
}
"""Actions of protocols whose list is open, as far as they have names of their own."""

_PERMIT, _REVIEW, _EMERGENCY = "permitted", "a person decides", "in an emergency, when two people grant it"


def limits_of(policy: Policy, context: Context) -> dict[str, str]:
    """The operations that this principal may try on the context's connection (`agent`: what it runs itself).

    Never raises.
    """
    found: dict[str, tuple[int, str]] = {}
    forbidden = []
    for protocol, rule, patterns in _rules(policy, context):
        if rule.effect is Effect.FORBID:
            if rule.about is None and _holds(rule, context):
                forbidden += [pattern for pattern in patterns if not pattern.about]
            continue
        if _holds(rule, context) is False or (rule.attest is not None and lapse(rule, context)):
            continue
        rank = (2, _EMERGENCY) if rule.glass else (0, _REVIEW) if rule.effect is Effect.REVIEW else (1, _PERMIT)
        for name in (name for pattern in patterns for name in _names(pattern, protocol)):
            found[name] = min(found.get(name, rank), rank)
    return {name: word for name, (_, word) in sorted(found.items()) if not _never(name, forbidden)}


def asking_rules(policy: Policy, context: Context, names: Iterable[str]) -> tuple[Rule, ...]:
    """The review rules that could ask this principal's operations of these names; those for emergencies too."""
    wanted = [name.partition(".")[::2] for name in names]
    found: dict[str, Rule] = {}
    for protocol, rule, patterns in _rules(policy, context):
        if rule.effect is Effect.REVIEW and _holds(rule, context) is not False:
            for pattern in patterns:
                if any(protocol in (first, ANY) and pattern.acts(rest) for first, rest in wanted):
                    found[rule.id] = rule
    return tuple(found[name] for name in sorted(found))


def _rules(policy: Policy, context: Context) -> Iterator[tuple[str, Rule, tuple[Pattern, ...]]]:
    on = context.connection
    index: ByProtocol = policy.on_agent if on == AGENT else policy.by_connection.get(on, policy.elsewhere)
    for protocol, entries in index.items():
        for rule, patterns in entries:
            if not rule.report:
                yield protocol, rule, tuple(pattern for pattern in patterns if pattern.protocol == protocol)


def _holds(rule: Rule, context: Context) -> bool | None:
    """None where it depends on what a request holds."""
    if rule.test is None:
        return True
    try:
        return bool(rule.test(replace(context, document=None, readable=False)))
    except Exception:
        return None


def _names(pattern: Pattern, protocol: str) -> Iterator[str]:
    """The operations a pattern names; where it names many at once, those that are known."""
    if protocol == ANY:
        for known in VOCABULARY:
            yield from _names(replace(pattern, protocol=known), known)
        return
    word = pattern.text.split()[0].partition(".")[2]
    if "*" not in word:
        yield f"{protocol}.{word}"
        return
    action = word.partition(":")[0]
    if "*" not in action:
        yield f"{protocol}.{action}"
        return
    for known in VOCABULARY.get(protocol) or _OPEN.get(protocol, ()):
        if pattern.acts(known):
            yield f"{protocol}.{known}"


def _never(name: str, forbidden: Iterable[Pattern]) -> bool:
    protocol, _, action = name.partition(".")
    return any(pattern.protocol in (protocol, ANY) and pattern.acts(action) for pattern in forbidden)
