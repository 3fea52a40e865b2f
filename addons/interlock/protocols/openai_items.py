"""Items of a Responses API answer: which of them an agent will run, what that would do, what stands for one stopped.

An agent runs function, custom, shell, patch and computer calls itself; searches, interpreters and MCP calls run at the
provider (they were judged when the request offered them). An item of unknown type that has the parts of a call
counts as one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from interlock.model import JSON, Refusal
from interlock.paths import Location
from interlock.protocols.body import encode_json
from interlock.protocols.proposals import Proposals, Verdict, hides_call
from interlock.protocols.requests import Member

__all__ = ["Items", "is_call", "message_item"]

_CALLS: Mapping[str, tuple[str, str]] = {
    "function_call": ("", "arguments"),
    "custom_tool_call": ("", "input"),
    "local_shell_call": ("local_shell", "action"),
    "shell_call": ("shell", "action"),
    "apply_patch_call": ("apply_patch", "operation"),
    "computer_call": ("computer", "action"),
    "tool_search_call": ("tool_search", "arguments"),
}
"""Types of calls: the tool's name (empty: the item names it) and the member that holds the input."""
_AT_PROVIDER = frozenset(
    (
        "web_search_call",
        "file_search_call",
        "code_interpreter_call",
        "image_generation_call",
        "mcp_call",
        "mcp_list_tools",
        "mcp_approval_request",
        "program",
    )
)
_TEXT = (str, type(None))
_TEXTS = ("id", "call_id", "name", "namespace")
_MCP = "mcp__"
_MAX_SEEN = 10_000


def is_call(item: Member) -> bool:
    """Whether an agent could take the item for a call of one of its own tools."""
    kind = item.get("type")
    if type(kind) is str and kind in _CALLS:
        return True
    if type(kind) is str and kind in _AT_PROVIDER:
        return False
    return (type(kind) is str and kind.casefold().endswith("_call")) or hides_call(item)


class Items:
    """Judges the items of one answer. The same item, shown again, has the same outcome and is judged once."""

    def __init__(self, proposals: Proposals) -> None:
        self._proposals = proposals
        self._seen: dict[bytes, Member | None] = {}
        self.replaced = 0

    def treat(self, item: Member, at: Location) -> Member:
        """The item as it may go on: itself, with its input masked, or a message that says why not."""
        if not is_call(item):
            return item
        key = _key(item)
        if key in self._seen:
            found = self._seen[key] or item
        else:
            passed, refusal = self._verdict(item, at)
            self.replaced += refusal is not None
            found = message_item(item, refusal) if refusal is not None else passed
            if len(self._seen) < _MAX_SEEN:
                self._seen[key] = None if found == item else found
        changed = found.get("type") != item.get("type")
        return found if changed or "status" not in item else {**found, "status": item["status"]}

    def refuse(self, item: Member, why: str) -> Member:
        """The message that stands for a call nobody can read, here and wherever it is repeated."""
        self.replaced += 1
        refusal = self._proposals.refused(item.get("name"), why).refusal
        found = message_item(item, refusal) if refusal is not None else {}
        self._seen[_key(item)] = found
        return found

    def _verdict(self, item: Member, at: Location) -> tuple[Member, Refusal | None]:
        kind = item.get("type")
        name, member = _CALLS.get(kind, ("", "")) if type(kind) is str else ("", "")
        if not member:
            return item, self._proposals.refused(item.get("name"), "it is of no known type").refusal
        others = {key: value for key, value in item.items() if key != member}
        if hides_call(others) or any(type(item.get(name)) not in _TEXT for name in _TEXTS):
            return item, self._proposals.refused(
                item.get("name"), "it holds another call, or no text where text belongs"
            ).refusal
        if kind == "computer_call" and item.get(member) is None:
            member = "actions"
        elif kind == "computer_call" and item.get("actions") is not None:
            return item, self._proposals.refused(name, "it is told in two ways").refusal
        found = self._input(kind, name, item, member, at)
        if found.refusal is not None or found.input == item.get(member):
            return item, found.refusal
        return {**item, member: found.input}, None

    def _input(self, kind: JSON, name: str, item: Member, member: str, at: Location) -> Verdict:
        value = item.get(member)
        self._proposals.named(item.get("call_id"))
        if kind == "function_call":
            return self._proposals.arguments(_named(item), value, at, (*at, member))
        if kind == "custom_tool_call":
            return self._proposals.text(_named(item), value, at, at)
        return self._proposals.object(name, value, at, (*at, member), lambda told: _told(kind, told))


def _key(item: Member) -> bytes:
    told = encode_json({name: value for name, value in item.items() if name != "status"})
    return hashlib.sha256(told).digest()


def message_item(item: Member, refusal: Refusal) -> Member:
    """The message in place of a call that was stopped."""
    told = item.get("id")
    identifier = f"msg_{told}"[:64] if type(told) is str else "msg_stopped"
    part: Member = {"type": "output_text", "text": refusal.sentence(), "annotations": [], "logprobs": []}
    return {"type": "message", "id": identifier, "role": "assistant", "status": "completed", "content": [part]}


def _named(item: Member) -> JSON:
    """The name of a tool with its namespace: a tool of that name elsewhere is another one."""
    name, namespace = item.get("name"), item.get("namespace")
    if not namespace or type(name) is not str:
        return name
    told = str(namespace)
    return f"{told.rstrip('_')}__{name}" if told.startswith(_MCP) else f"{told}.{name}"


def _told(kind: JSON, value: JSON) -> list[JSON]:
    """The inputs as a tool of that name would have them, where the item's own shape says it differently."""
    if kind == "computer_call":
        return [{"action": value}]
    if kind != "shell_call" or type(value) is not dict:
        return [value]
    commands = value.get("commands")
    others = {key: told for key, told in value.items() if key != "commands"}
    if type(commands) is list and commands and all(type(command) is str for command in commands):
        # Each runs by itself: joined, a quote that one of them opens would hide the next. Some clients join them.
        every = [*commands, "\n".join(map(str, commands))] if len(commands) > 1 else commands
        return [{**others, "command": command} for command in every]
    return [{**others, "command": commands}]
