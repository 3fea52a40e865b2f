"""Who is at the terminal, by a sign-in of this moment, for what only certain people may do."""

from __future__ import annotations

from interlock.cli._show import console
from interlock.clocks import SystemClock
from interlock.console.loopback import sign_in
from interlock.console.oidc import Issuer
from interlock.engine.console_rules import Role
from interlock.engine.people import choose_identity, claims_for, principal_from
from interlock.engine.rules import Rules
from interlock.errors import InterlockError
from interlock.identity import is_demo
from interlock.identity.fetch import HttpFetch
from interlock.model import Principal

__all__ = ["signed_in"]


async def signed_in(rules: Rules, who: str, groups: tuple[str, ...], role: Role | None = None) -> Principal:
    """Whoever signs in with their browser now; with a demo issuer alone, whoever they say (`who`).

    `role` is what the console's rules must give them; with a demo issuer nobody has roles. Raises InterlockError.
    """
    clock = SystemClock()
    if rules.console.identity:
        if who:
            raise InterlockError("--as is for demo issuers alone", hint="leave it out, and sign in with your browser")
        show = console(stderr=True)
        issuer = Issuer(rules, HttpFetch(), clock)
        found = await sign_in(issuer, rules.console.fresh, lambda text: show.print(text, soft_wrap=True))
        if role is not None and role not in rules.console.roles_of(found.principal, clock.now()):
            raise InterlockError(f"{found.principal.subject!a} is no {role} by console: roles:")
        return found.principal
    if not is_demo(rules.identities):
        raise InterlockError("the rules do not say where people sign in", hint="write console: {sign_in: ...}")
    if not who:
        raise InterlockError("the rules have a demo issuer: say who you are", hint="as in --as erika --groups reviewer")
    identity = choose_identity(rules.identities, demo=True)
    return principal_from(identity, claims_for(identity, who, groups), now=clock.now())
