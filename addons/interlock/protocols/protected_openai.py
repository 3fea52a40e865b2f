"""What of an OpenAI document must stay as it is: structure, encrypted parts, data in base64.

Decided by name inside the API's own objects; a tool's schema, and arguments that are objects, are not looked into:
there a member called `name` is the agent's own text. Arguments in answers were masked as the JSON that they are.
"""

from __future__ import annotations

from collections.abc import Callable

from interlock.model import JSON
from interlock.paths import Location

__all__ = ["protected_openai"]

_NAMES = frozenset(
    (
        *("type", "id", "object", "role", "name", "model", "status", "finish_reason", "index", "detail", "format"),
        *("call_id", "tool_call_id", "item_id", "file_id", "container_id", "response_id", "previous_response_id"),
        *("encrypted_content", "fingerprint", "obfuscation", "system_fingerprint", "service_tier", "mime_type"),
        *("file_data", "b64_json", "partial_image_b64", "phase", "code_interpreter_id", "approval_request_id"),
    )
)
_ANSWERED = frozenset(("arguments",))
_ELSEWHERE = frozenset(("mcp_call", "mcp_approval_request"))
"""Ran, or is to run, at the provider: nobody masked its arguments on their way."""
_INPUTS = frozenset(("function_call", "custom_tool_call", "custom"))
_FREE = frozenset(("parameters", "input_schema", "schema", "metadata", "args"))
_HEAD = 200
_PICTURES = frozenset(("image_url", "url"))


def protected_openai(document: JSON) -> Callable[[Location], bool]:
    """Whether a location of this request, answer or stream event must not be rewritten."""
    if type(document) is not dict:
        return lambda location: False
    answer = any(name in document for name in ("choices", "output", "response", "item"))
    answer = answer and "input" not in document and "messages" not in document  # or a request could say it is one
    fixed: set[Location] = set()
    todo: list[tuple[Location, JSON]] = [((), document)]
    while todo:
        at, value = todo.pop()
        if type(value) is list:
            todo += [((*at, index), item) for index, item in enumerate(value)]
        elif type(value) is dict:
            fixed.update((*at, name) for name, told in value.items() if _stays(name, told, value, answer))
            todo += [((*at, name), told) for name, told in value.items() if name not in _FREE]
    return lambda location: any(location[:end] in fixed for end in range(1, len(location) + 1))


def _stays(name: str, value: JSON, holder: dict[str, JSON], answer: bool) -> bool:
    if type(value) is not str:
        return False
    if name in _NAMES:
        return name != "name" or "role" not in holder  # who takes part in a conversation is a person, perhaps
    kind = holder.get("type")
    if type(kind) is str and kind in _ELSEWHERE and name in _ANSWERED:
        return False
    if answer and (name in _ANSWERED or (name == "input" and holder.get("type") in _INPUTS)):
        return True
    if name == "data" and ("format" in holder or "expires_at" in holder):
        return True
    if name == "result" and holder.get("type") == "image_generation_call":
        return True
    return name in _PICTURES and value[:5].casefold() == "data:" and ";base64," in value[:_HEAD].casefold()
