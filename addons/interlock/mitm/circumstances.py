"""What a session's decisions were made under: whose they are and which rules were in force, written where it changes.

A decision can be taken again from the evidence alone: a `principal` event says what rules may ask about the principal,
a `rules` event which rules judge from there on; their text is kept beside the sessions.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from interlock.errors import InterlockError
from interlock.model import JSON, Principal
from interlock.recording import Session
from interlock.recording.bounded import Bounded
from interlock.recording.kept_rules import keep_rules

if TYPE_CHECKING:
    from interlock.engine.rules import Rules
    from interlock.mitm.services import Services

__all__ = ["Circumstances", "principal_event"]

_log = logging.getLogger("interlock")
_MAX_GROUPS = 1000
_JUST_OPENED = 3  # opened, perhaps a gap, and principal: `opened` names the rules already


class Circumstances:
    """Opens the sessions of one gateway. Used from the event loop."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def session(self, principal: Principal, run: str) -> Session:
        """The session of a principal's run, in which stands what its next decision is made under. Raises Refused."""
        services = self._services
        session, rules = (services.recordings or services.recorder()).session(principal, run), services.rules
        told = session.told
        if told is None or told[0] is not principal or told[1] is not rules:
            self._tell(session, principal, rules, told)
        return session

    @staticmethod
    def _tell(session: Session, principal: Principal, rules: Rules, told: tuple[Principal, Rules] | None) -> None:
        data = principal_event(principal, rules.claims)
        if told is None or data != principal_event(told[0], told[1].claims):
            session.append("principal", data)
        if (told is None and session.head[0] > _JUST_OPENED) or (told is not None and told[1].digest != rules.digest):
            session.append("rules", {"rules": rules.digest})
        session.told = principal, rules

    def keep(self, rules: Rules) -> None:
        """Keeps the text of the rules beside the sessions. What cannot be kept is said loudly; it stops nothing."""
        recordings = self._services.recordings
        if recordings is None:
            return
        try:
            keep_rules(recordings.folder, rules.folder, rules.digest)
        except (OSError, InterlockError) as error:
            _log.error("Interlock cannot keep the text of the rules beside the recordings: %s", error)


def principal_event(principal: Principal, claims: frozenset[str]) -> dict[str, JSON]:
    """What rules may ask about a principal: of its claims only those that some rule names (`*`: all of them)."""
    data: dict[str, JSON] = {
        "identity": principal.identity, "issuer": principal.issuer, "subject": principal.subject,
        "scheme": principal.scheme, "groups": [*sorted(principal.groups)[:_MAX_GROUPS]],
    }  # fmt: skip
    if principal.acting_for:
        data["acting_for"] = principal.acting_for
    if principal.client:
        data["client"] = principal.client
    named = (
        principal.claims if "*" in claims else {name: principal.claims[name] for name in claims & {*principal.claims}}
    )
    if named:
        told = Bounded({name: named[name] for name in sorted(named)})
        data["claims"] = told.members
        if told.numbers:
            data["numbers"] = told.numbers
        if told.cut:
            data["cut"] = True
    if len(principal.groups) > _MAX_GROUPS:
        data["cut"] = True
    return data
