"""Where a command certainly stands: behind `cd /tmp/x &&`, as far as nothing in between may have gone elsewhere.

Only for letting pass what lies in a folder for temporary files. Wherever a `cd` may have failed, may not have run, or
stands in a loop or a function, the folder is not known.
"""

from __future__ import annotations

import posixpath
import re
from typing import Any

from interlock.commands.shell_made import SCRATCH
from interlock.commands.shell_nodes import Nodes
from interlock.commands.shell_values import Variables
from interlock.commands.shell_words import fold

__all__ = ["Place", "standing", "stands"]

type Place = tuple[int, int, str]
"""From where to where in a text, and the folder there; an empty one is not known."""

_MOVES = frozenset((b"cd", b"pushd", b"popd", b"source", b".", b"eval", b"chroot"))
_LOOPS = frozenset(("for_statement", "while_statement", "c_style_for_statement"))
_SCOPES = frozenset(("program", "subshell", "command_substitution", "process_substitution"))
_BLOCKS = _SCOPES | {"compound_statement", "do_group"}
_TEMPORARY = re.compile(rf"(?:/private)?(?:/var)?/tmp(?:/[\w./-]*)?\Z|{re.escape(SCRATCH)}")
_ALWAYS = re.compile(rf"(?:/private)?(?:/var)?/tmp\Z|{re.escape(SCRATCH)}\d+(?:-\d+)?\Z")
_LEAVES = re.compile(rb"(?:\{\s*(?:echo [^;|&]*;\s*)?)?(?:exit|return)\b")
_STOPS = re.compile(rb"\A(?:#![^\n]*\n|\s|#[^\n]*\n)*set\s+-[a-z]*e")
_MAX_PLACES = 200


def standing(nodes: Nodes, variables: Variables) -> tuple[Place, ...]:
    """The places of a text, in the order in which they begin; later ones count where they overlap."""
    moves = [node for node in nodes if node.type == "command" and _name(node) in _MOVES]
    if not moves or not variables.fixed or len(moves) > _MAX_PLACES:
        return ()
    places: list[Place] = []
    for node in moves:
        for around in nodes.around(node):
            if around.type == "function_definition":
                return ()
            if around.type in _LOOPS:
                places.append((around.start_byte, around.end_byte, ""))
            if around.type in _SCOPES:
                break
    places += [(n.start_byte, n.end_byte, "") for n in nodes if n.type == "function_definition"]
    stops = bool(_STOPS.match(nodes[0].text))
    for node in moves:
        places += _gone(node, nodes, variables, places, stops)
    return tuple(sorted(places, key=lambda place: place[0]))


def stands(places: tuple[Place, ...], at: int) -> str:
    """The folder at an offset, where it is one for temporary files; else nothing."""
    found = ""
    for start, end, folder in places:
        if start <= at < end:
            found = folder
    return found


def _name(node: Any) -> bytes:
    name = node.child_by_field_name("name")
    return b"" if name is None else bytes(name.text)


def _gone(node: Any, nodes: Nodes, variables: Variables, places: list[Place], stops: bool) -> list[Place]:
    """Where one `cd` leads: a place that is certain, and one behind it that is not."""
    scope = next((one for one in nodes.around(node) if one.type in _SCOPES), node)
    words = [word for child in node.children_by_field_name("argument") for word in fold(child, variables)]
    words = [word for word in words if word.text not in ("--", "-P", "-L")]
    lost = (node.end_byte, scope.end_byte, "")
    if _name(node) != b"cd" or len(words) != 1 or words[0].dynamic or words[0].glob:
        return [lost]
    before = stands(tuple(sorted(places, key=lambda place: place[0])), node.start_byte)
    folder = posixpath.normpath(posixpath.join(before, words[0].text) if before else words[0].text)
    if not _TEMPORARY.match(folder) or ".." in words[0].text.split("/"):
        return [lost]
    end, block = _reach(node, nodes, folder, stops)
    return [lost, (node.end_byte, block.end_byte if block is not None else end, folder)]


def _reach(node: Any, nodes: Nodes, folder: str, stops: bool) -> tuple[int, Any | None]:
    """How far it is certain that a `cd` has worked: to the end of its list, or of the whole block (second)."""
    end, sure = node.end_byte, stops or bool(_ALWAYS.match(folder))
    child, parent = node, nodes.parent(node)
    while parent is not None and parent.type in ("list", "redirected_statement"):
        if parent.type == "list":
            left, operator, right = parent.children[0], parent.children[1].text, parent.children[2]
            if left.start_byte == child.start_byte and left.end_byte == child.end_byte:
                if operator == b"||":
                    if not _LEAVES.match(right.text):
                        return end, None
                    sure = True
                end = parent.end_byte
            elif operator != b"&&":
                return end, None
            elif left.text.startswith(b"mkdir -p ") and folder.encode() in left.text:
                sure = True
            else:
                sure = False
        child, parent = parent, nodes.parent(parent)
    return end, parent if sure and parent is not None and parent.type in _BLOCKS else None
