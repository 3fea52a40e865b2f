"""A policy that notices when a rule looks at something nobody knows: the decision is then not guessed.

A recording says of a principal what rules asked for at the time. What it does not say is `NotRecorded` to whichever
rule asks now; the rule then counts as told by `assume`, and `unknown` says that it did.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from interlock.model import JSON, Effect
from interlock.policy import Context
from interlock.policy.context import Test
from interlock.policy.rule import Policy, build_policy

__all__ = ["ASSUMPTIONS", "Known", "NotRecorded", "Probe", "Some", "probed"]

ASSUMPTIONS: tuple[frozenset[Effect], ...] = (
    frozenset((Effect.FORBID,)),
    frozenset((Effect.PERMIT,)),
    frozenset((Effect.PERMIT, Effect.REVIEW)),
    frozenset(),
)
"""Which rules hold, of those that cannot be told: the strictest way to read it first. Where all agree, it is known."""


class NotRecorded(Exception):
    """A rule asks for what the recording does not say."""


class Some:
    """A set of which only some members are known: whoever looks further is told so."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._known = frozenset(known)

    def __iter__(self) -> Iterator[str]:
        yield from self._known
        raise NotRecorded

    def __contains__(self, name: object) -> bool:
        if name in self._known:
            return True
        raise NotRecorded


class Known(Mapping[str, JSON]):
    """A mapping of which only some members are known."""

    def __init__(self, known: Mapping[str, JSON]) -> None:
        self._known = dict(known)

    def __getitem__(self, name: str) -> JSON:
        if name not in self._known:
            raise NotRecorded
        return self._known[name]

    def __contains__(self, name: object) -> bool:
        if name not in self._known:
            raise NotRecorded
        return True

    def __iter__(self) -> Iterator[str]:
        raise NotRecorded

    def __len__(self) -> int:
        return len(self._known)


@dataclass(slots=True)
class Probe:
    """What was noticed since `begin`: `unknown`, a rule asked for what was not recorded; `failed`, a rule failed."""

    assume: frozenset[Effect] = frozenset()
    unknown: bool = False
    failed: bool = False

    def begin(self, assume: frozenset[Effect]) -> None:
        """Forget what was noticed."""
        self.assume, self.unknown, self.failed = assume, False, False


def probed(policy: Policy, probe: Probe) -> Policy:
    """The same policy, every rule of which tells the probe."""
    rules = [
        replace(rule, test=_Watched(rule.test, rule.effect, probe)) if rule.test is not None else rule
        for rule in policy.rules
    ]
    made = build_policy(rules, policy.blocklist, policy.by_connection, policy.models)
    return replace(
        policy,
        rules=made.rules,
        named=made.named,
        by_connection=made.by_connection,
        elsewhere=made.elsewhere,
        on_agent=made.on_agent,
    )


class _Watched:
    __slots__ = ("_effect", "_probe", "_test")

    def __init__(self, test: Test, effect: Effect, probe: Probe) -> None:
        self._test, self._effect, self._probe = test, effect, probe

    def __call__(self, context: Context) -> bool:
        try:
            return bool(self._test(context))
        except NotRecorded:
            self._probe.unknown = True
            return self._effect in self._probe.assume
        except Exception:
            self._probe.failed = True
            raise
