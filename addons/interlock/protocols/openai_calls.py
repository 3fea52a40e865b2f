"""Calls in an OpenAI Chat Completions message, whole: `tool_calls` of every type, and the older `function_call`."""

from __future__ import annotations

from dataclasses import dataclass

from interlock.errors import BodyRejected
from interlock.model import JSON, Refusal
from interlock.paths import Location
from interlock.protocols.body import encode_json
from interlock.protocols.proposals import Proposals, Verdict, hides_call
from interlock.protocols.requests import Member, require_object
from interlock.protocols.spans import Span, item_spans, member_spans, splice
from interlock.reasons import Reason

__all__ = ["CALLED", "rewrite_chat", "said", "treat_call"]

CALLED = ("tool_calls", "function_call")
_INPUTS = {"function": "arguments", "custom": "input"}


@dataclass(slots=True)
class _Outcome:
    message: Member
    changed: bool
    kept: int
    refusals: list[Refusal]


def treat_call(call: Member, at: Location, proposals: Proposals) -> tuple[Member, Refusal | None]:
    """One entry of `tool_calls`: as it may go on, or why it may not."""
    kinds = [kind for kind in _INPUTS if call.get(kind) is not None]
    if type(call.get("id")) not in (str, type(None)):
        return call, proposals.refused(None, "its id is no text").refusal
    rest = {name: value for name, value in call.items() if name not in _INPUTS}
    if len(kinds) != 1 or call.get("type") not in (None, *kinds) or hides_call(rest) or "arguments" in rest:
        name = call.get("name")
        return call, proposals.refused(name, "it is of no known type").refusal
    kind = kinds[0]
    holder = call[kind]
    proposals.named(call.get("id"))
    if type(holder) is not dict:
        return call, proposals.refused(None, "it has no name").refusal
    found = _verdict(kind, holder, at, proposals)
    member = _INPUTS[kind]
    if found.refusal is not None or found.input == holder.get(member):
        return call, found.refusal
    return {**call, kind: {**holder, member: found.input}}, None


def _verdict(kind: str, holder: Member, at: Location, proposals: Proposals) -> Verdict:
    inside = at if at[-1] == "function_call" else (*at, kind)
    if kind == "custom":
        return proposals.text(holder.get("name"), holder.get("input"), at, inside)
    return proposals.arguments(holder.get("name"), holder.get("arguments", ""), at, (*inside, "arguments"))


def said(refusals: list[Refusal], before: bool) -> str:
    """What the model is told in the place of its calls; `before`: whether text stands before it."""
    return ("\n\n" if before else "") + "\n\n".join(refusal.sentence() for refusal in refusals)


def rewrite_chat(body: bytes, document: Member, proposals: Proposals) -> bytes:
    """The completion without the calls that are refused; the very same bytes where nothing changes.

    Raises BodyRejected for choices of other shapes, and for calls in places where no client should look.
    """
    choices = document.get("choices")
    rest = {name: value for name, value in document.items() if name not in ("choices", "tools")}
    if hides_call(rest):
        raise _odd("a call stands outside of its choices")
    if choices is None:
        return body
    if type(choices) is not list:
        raise _odd("its choices are no list")
    changes: dict[Span, bytes] = {}
    spans = item_spans(body, member_spans(body)["choices"][0])
    for index, choice in enumerate(choices):
        held = require_object(choice, "a choice")
        outcome = _choice(held, index, proposals)
        if outcome is not None and outcome.changed:
            members = member_spans(body, spans[index][0])
            changes[members["message"]] = encode_json(outcome.message)
            if not outcome.kept and held.get("finish_reason") in CALLED:
                changes[members["finish_reason"]] = b'"stop"'
    return splice(body, changes) if changes else body


def _choice(choice: Member, index: int, proposals: Proposals) -> _Outcome | None:
    message = choice.get("message")
    if hides_call({name: value for name, value in choice.items() if name != "message"}):
        raise _odd("a call stands outside of its message")
    if message is None:
        return None
    held = require_object(message, "a choice's message")
    if hides_call({name: value for name, value in held.items() if name not in CALLED}):
        raise _odd("a call stands outside of tool_calls")
    return _message(held, ("choices", index, "message"), proposals)


def _message(message: Member, at: Location, proposals: Proposals) -> _Outcome:
    calls = message.get("tool_calls")
    if calls is not None and type(calls) is not list:
        raise _odd("tool_calls is no list")
    changed = dict(message)
    kept: list[JSON] = []
    refusals: list[Refusal] = []
    for number, call in enumerate(calls or ()):
        held = require_object(call, "a tool call")
        passed, refusal = treat_call(held, (*at, "tool_calls", number), proposals)
        kept += [passed] if refusal is None else []
        refusals += [refusal] if refusal is not None else []
    old = _old_call(changed, at, proposals, refusals)
    if calls is not None and kept != calls:
        changed["tool_calls"] = kept
        if not kept:
            del changed["tool_calls"]
    if refusals:
        content = message.get("content")
        before = content if type(content) is str else ""
        told = said(refusals, bool(before))
        changed["content"] = [*content, {"type": "text", "text": told}] if type(content) is list else before + told
    return _Outcome(changed, changed != message, len(kept) + old, refusals)


def _old_call(changed: Member, at: Location, proposals: Proposals, refusals: list[Refusal]) -> int:
    """The older `function_call`, of which there is at most one; how many of it are left."""
    if changed.get("function_call") is None:
        return 0
    call: Member = {"function": changed["function_call"]}
    passed, refusal = treat_call(call, (*at, "function_call"), proposals)
    if refusal is not None:
        refusals.append(refusal)
        del changed["function_call"]
        return 0
    changed["function_call"] = passed["function"]
    return 1


def _odd(what: str) -> BodyRejected:
    return BodyRejected(Reason.BODY_UNPARSABLE, f"the answer cannot be read as a chat completion: {what}")
