"""Members of a request to a model that some provider might take for a wish to search, to fetch or to call a server.

APIs that follow OpenAI's or Anthropic's add members of their own (`enable_search`, `connectors`, `extra_body`): what
they run, they run where no proxy sees it. Nobody can know them all, so they are told by the words in their names, and
by tools that stand where no API that is known here has any.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from interlock.model import JSON, Operation
from interlock.paths import Location
from interlock.protocols.provider import provider_tool
from interlock.protocols.requests import Member

__all__ = ["odd_members"]

_KIND = "other-member"
_WORDS = re.compile(
    r"search|mcp|connector|retriev|plugin|brows|webhook|callback|crawl|extra_?body|documents?_?url", re.I
)
_READ = frozenset(
    ("messages", "system", "tools", "input", "instructions", "functions", "metadata", "tool_choice", "mcp_servers",
     "plugins", "web_search_options", "search_parameters", "data_sources", "prompt", "container", "response_format",
     "text", "model", "contents", "function_call")
)  # fmt: skip
"""Members that others judge, and those in which anything may stand."""
_OFFERS = ("tools", "mcp_servers", "plugins", "web_search_options", "search_parameters")
_MAX_VALUES = 1000


def odd_members(body: Member, at: Location) -> Iterator[Operation]:
    """`model.provider-tool:other-member` for each; `at` is the place of the request."""
    for name, value in body.items():
        if name not in _READ and value is not None and value is not False and (_speaks(name) or _offers(value)):
            yield provider_tool(_KIND, {"type": _KIND, "member": name}, (*at, name))


@functools.lru_cache(maxsize=1024)
def _speaks(name: str) -> bool:
    return _WORDS.search(name) is not None


def _offers(value: JSON) -> bool:
    """Whether tools or servers stand somewhere in a value; one that holds more than can be looked at counts."""
    todo: list[JSON] = [value]
    looked = 0
    while todo:
        current = todo.pop()
        looked += 1
        if looked > _MAX_VALUES:
            return True
        if type(current) is dict:
            if any(current.get(name) for name in _OFFERS):
                return True
            todo += current.values()
        elif type(current) is list:
            todo += current
    return False
