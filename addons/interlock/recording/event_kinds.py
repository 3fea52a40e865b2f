"""The kinds of events that a session holds, and what each says: for readers, and for the README's table."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["KINDS"]

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "opened": "The first event: `format` (2), session, run, issuer, subject, identity, gateway version, digest of"
        " the `rules`, digest of the salt; `continues` and `after` where an earlier process had the run.",
        "principal": "What rules may ask about whoever acts: `groups`, `acting_for`, `client`, and of the token's"
        " `claims` those that some rule names. Again whenever it changes.",
        "rules": "Other rules judge from here on, named by their digest; their text lies in `.rules/`.",
        "decision": "A request was judged: `effect`, `reason`, `rule`, digest of the `rules`, `mode` (observe), all"
        " `operations` with their arguments, masked (`decided`: which of them decided), `connection`, `method`, `path`,"
        " `placement`, `masks`, `reports`, `grants`, `approval`, what the client `claims` (session, turn, `tool_use`,"
        " `results`), what was `masked` and `restored`, the salted digest of the body, and the injected `credential`:"
        " where it is kept and since when it is what it is.",
        "reply": "A call that a model proposed was judged, as a decision is: `decision` is that of the request,"
        " `tool_use` the id that the model gave it.",
        "response": "What was answered: `status`, `milliseconds`, what was `masked` and `restored`, whether it was"
        " `streamed`, the salted digest of the body.",
        "usage": "Tokens of a model's answer, kind by kind and none within another, the model that answered, why it"
        " ended, and their `cost` in millionths of `currency` where `prices:` names the model.",
        "error": "No whole answer came, and why: `upstream-unreachable`, `client-left`, …",
        "approval": "A person was asked, said yes or no, and what became of it: who, when, why, by which rules.",
        "grant": "Grants that ended under a request.",
        "access-review": "A permission that an access review revoked ended under a request.",
        "tool": "An MCP server offered a tool that is new, changed or named like another: digests, and what is odd.",
        "masking": "The vault of tokens: a budget that is spent, a store that is not there.",
        "repeated": "Refusals that were like one before, counted instead of written again.",
        "gap": "Something was torn by a crash or a full disk: how much, and its digest. Nothing is ever repaired.",
        "reopened": "A late answer came after the session had been closed for being idle.",
        "closed": "The last event: why, and how many flows and bytes the flow file holds, with their SHA-256.",
    }
)
"""Each kind and one sentence, in the order in which a session meets them."""
