"""What of a Gemini document must stay as it is: structure, signatures, data in base64.

The arguments of functions, their results and their schemas are the agent's own: nothing in them is structure.
"""

from __future__ import annotations

from collections.abc import Callable

from interlock.model import JSON
from interlock.paths import Location
from interlock.protocols.proposals import fold

__all__ = ["protected_gemini"]

_NAMES = frozenset(
    (
        *("role", "name", "id", "mimetype", "thoughtsignature", "fileuri", "responseid", "modelversion", "model"),
        *("finishreason", "blockreason", "category", "probability", "language", "outcome", "mode", "cachedcontent"),
        *("createtime", "responsemimetype", "tasktype"),
    )
)
_FREE = frozenset(("args", "response", "parameters", "parametersjsonschema", "responseschema", "responsejsonschema"))


def protected_gemini(document: JSON) -> Callable[[Location], bool]:
    """Whether a location of this request, answer or piece of one must not be rewritten."""
    fixed: set[Location] = set()
    todo: list[tuple[Location, JSON]] = [((), document)]
    while todo:
        at, value = todo.pop()
        if type(value) is list:
            todo += [((*at, index), item) for index, item in enumerate(value)]
        elif type(value) is dict:
            for name, told in value.items():
                spelled = fold(name)
                if spelled in _NAMES and type(told) is str:
                    fixed.add((*at, name))
                elif spelled == "inlinedata" and type(told) is dict:
                    fixed.update((*at, name, member) for member in told if fold(member) in ("data", "mimetype"))
                elif spelled not in _FREE:
                    todo.append(((*at, name), told))
    return lambda location: any(location[:end] in fixed for end in range(1, len(location) + 1))
