"""Variables that hold one of a few values, whichever way a text runs: of loops, of branches, of calls of a function.

`for ns in dev staging; do kubectl get pods -n "$ns"; done` runs two commands, and both can be judged. Where a variable
may still be unset, nothing is one of its values. What has another value that is not known is not here at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, product
from typing import Any

from interlock.commands.shell_nodes import Nodes
from interlock.commands.shell_values import Choice, Variables, Word
from interlock.commands.shell_words import fold

__all__ = ["variants", "with_choices"]

_MAX_VALUES, _MAX_LISTS = 24, 6
"""How many values a variable may have, and how many commands may become of one."""
_NAME = re.compile(rb"\$\{?[#!]?([A-Za-z_]\w*|[1-9])")
_MOVES = re.compile(rb"\b(?:shift|set\s+--|getopts|eval|function)\b")
_SAYS = frozenset((b"echo", b"printf"))
_NAMED = re.compile(r"[\w./~$]")
"""How a pattern begins that can mean no option."""
_BLOCKS = frozenset(("program", "compound_statement", "do_group", "subshell", "else_clause", "case_item"))


def with_choices(nodes: Nodes, variables: Variables, unclear: set[str]) -> Variables:
    """The variables of a text, with those that hold one of a few values; `unclear` are names with other values."""
    if not variables.fixed:
        return variables
    lists = _lists(nodes, variables, unclear)
    found = replace(variables, lists=lists)
    found = replace(found, choices=_choices(nodes, found, unclear))
    parameters = _parameters(nodes, found)
    if parameters:
        found = replace(found, choices=_choices(nodes, replace(found, choices=parameters), unclear))
    return found


def variants(node: Any, variables: Variables) -> list[Variables]:
    """The variables as they may be when a command runs: one for each combination of values of those that it names."""
    if not (variables.choices or variables.lists) or variables.picked or variables.listed:
        return [variables]
    at, names = node.start_byte, dict.fromkeys(name.decode() for name in _NAME.findall(node.text))
    body = node.child_by_field_name("body") or node
    head = body.child_by_field_name("name") if body.type == "command" else None
    runs = [name.decode() for name in _NAME.findall(head.text)] if head is not None else []
    single = {
        name: choice.at(at)
        for name in names
        if (choice := variables.choice(name, at)) is not None and (name not in runs or choice.is_sure(at))
    }
    several = {name: variables.lists[name] for name in names if name in variables.lists}
    count = 1
    for values in (*single.values(), *several.values()):
        count *= len(values)
    if not (single or several) or not 0 < count <= _MAX_VALUES:
        return [variables]
    return [
        replace(
            variables,
            picked=dict(zip(single, one[: len(single)], strict=True)),
            listed=dict(zip(several, one[len(single) :], strict=True)),
        )
        for one in product(*single.values(), *several.values())
    ]


def _values(node: Any, variables: Variables, *, split: bool = False) -> list[str] | None:
    """Every text that a word may become; None where one of them is not certain."""
    found: list[str] = []
    for one in variants(node, variables):
        words = fold(node, one)
        if any(word.dynamic or (word.glob and not _NAMED.match(word.text)) for word in words):
            return None
        if len(words) != 1 and not split:
            return None
        found += [word.text for word in words]
    return found


def _choices(nodes: Nodes, variables: Variables, unclear: set[str]) -> dict[str, tuple[Choice, ...]]:
    texts: dict[str, dict[str, None]] = {}
    spans: dict[str, list[tuple[int, int]]] = {}
    bad = set(unclear)
    given = list(islice(_given(nodes, variables, unclear), 4096))
    last = {name: node.start_byte for name, node, _, _ in given}
    choices: dict[str, tuple[Choice, ...]] = dict(variables.choices)
    for name, node, words, split in given:
        used = {one.decode() for word in words for one in _NAME.findall(word.text)}
        open_ = name in used or any(last.get(one, -1) >= node.start_byte for one in used)
        so_far = replace(variables, choices=choices)
        values = [None] if open_ else [_values(word, so_far, split=split) for word in words]
        if name in bad or None in values:
            bad.add(name)
            choices.pop(name, None)
            continue
        texts.setdefault(name, {}).update(dict.fromkeys(one for value in values for one in value or ()))
        spans.setdefault(name, []).append(_reach(node, nodes))
        if not words and node.type == "variable_assignment":
            texts[name][""] = None
        if len(texts[name]) > _MAX_VALUES:
            bad.add(name)
            choices.pop(name, None)
        else:
            choices[name] = (Choice(tuple(texts[name]), tuple(spans[name])),)
    return choices


def _given(nodes: list[Any], variables: Variables, unclear: set[str]) -> Iterator[tuple[str, Any, list[Any], bool]]:
    """Every giving of a value: name, node, the words given, and whether each of several words is a value."""
    for node in nodes:
        if node.type == "for_statement":
            name, values = node.child_by_field_name("variable"), node.children_by_field_name("value")
            if name is not None:
                unclear.update([] if values else [name.text.decode()])  # `for x; do`: whatever words there are
                yield name.text.decode(), node, values or [node], bool(values)
        elif node.type == "variable_assignment":
            name, value = node.children[0], node.child_by_field_name("value")
            key = name.text.decode().partition("[")[0]
            if key in variables.known:
                continue
            adds = any(child.type == "+=" for child in node.children)
            if adds or name.type != "variable_name" or (value is not None and value.type == "array"):
                unclear.add(key)
                yield key, node, [node], False  # an assignment is no word: nothing is known of the name
            else:
                yield key, node, [] if value is None else [value], False


def _reach(node: Any, nodes: Nodes) -> tuple[int, int]:
    """Where a value is certainly given: behind an assignment to the end of its block, inside a loop."""
    if node.type == "for_statement":
        return node.start_byte, node.end_byte
    child = node
    for parent in nodes.around(node):
        if parent.type in _BLOCKS:
            return node.end_byte, parent.end_byte
        first = parent.type == "list" and parent.children[0].start_byte == child.start_byte
        if not first and parent.type not in ("declaration_command", "variable_assignments"):
            return node.end_byte, node.end_byte
        child = parent
    return node.end_byte, node.end_byte


def _lists(nodes: Nodes, variables: Variables, unclear: set[str]) -> dict[str, tuple[tuple[Word, ...], ...]]:
    """Arrays: every list of words that each may hold at some time, whatever branches are taken."""
    found: dict[str, list[tuple[Word, ...]]] = {}
    bad = set(unclear)
    for node in nodes:
        if node.type == "for_statement" and (name := node.child_by_field_name("variable")) is not None:
            bad.add(name.text.decode())
        if node.type != "variable_assignment":
            continue
        target, value = node.children[0], node.child_by_field_name("value")
        key = target.text.decode().partition("[")[0]
        adds = any(child.type == "+=" for child in node.children)
        if target.type != "variable_name" or value is None or value.type != "array" or (adds and _repeats(node, nodes)):
            bad.add(key)
            continue
        words = tuple(word for one in value.named_children for word in fold(one, variables))
        before = found.setdefault(key, [])
        before += [one + words for one in before or [()]] if adds else [words]
        if len(before) > _MAX_LISTS or any(word.loose for word in words) or len(words) > 4 * _MAX_VALUES:
            bad.add(key)
            before.clear()
    return {name: tuple(dict.fromkeys([(), *lists])) if _may_lack(name, nodes) else tuple(dict.fromkeys(lists))
            for name, lists in found.items() if name not in bad and lists}  # fmt: skip


def _may_lack(name: str, nodes: Nodes) -> bool:
    """Whether an array may be unset where it is used: it is given no words at the top."""
    return not any(
        node.type == "variable_assignment" and node.children[0].text.decode() == name and node.parent.type == "program"
        for node in nodes
    )


def _repeats(node: Any, nodes: Nodes) -> bool:
    """Whether an assignment may happen more than once."""
    repeating = ("do_group", "function_definition", "while_statement", "c_style_for_statement")
    return any(parent.type in repeating for parent in nodes.around(node))


def _parameters(nodes: Nodes, variables: Variables) -> dict[str, tuple[Choice, ...]]:
    """What functions are called with: `$1` and so on, in each function that is only called by its name."""
    functions: dict[str, Any] = {}
    twice: set[str] = set()
    for node in nodes:
        name = node.child_by_field_name("name") if node.type == "function_definition" else None
        if name is not None:
            key = name.text.decode()
            if key in functions or _MOVES.search(node.text.partition(b"{")[2]) or nodes.parent(node) is not nodes[0]:
                twice.add(key)
            functions[key] = node
    calls = _calls(nodes, set(functions) - twice)
    found: dict[str, list[Choice]] = {}
    for key, sites in calls.items():
        node = functions[key]
        for number in range(1, 10):
            values: dict[str, None] = {}
            for site in sites:
                words = site.children_by_field_name("argument")
                one = _values(words[number - 1], variables) if number <= len(words) else [""]
                if one is None or any(_may_split(word, variables) for word in words[:number]):
                    break
                values.update(dict.fromkeys(one))
            else:
                if 0 < len(values) <= _MAX_VALUES and set(values) != {""}:
                    span = (node.start_byte, node.end_byte)
                    found.setdefault(str(number), []).append(Choice(tuple(values), (span,), span))
    return {name: tuple(choices) for name, choices in found.items()}


def _may_split(node: Any, variables: Variables) -> bool:
    """Whether an argument may be several words, so that those behind it move."""
    known = _values(node, variables)
    plain = known is not None and all(re.fullmatch(r"[\w./:@=-]+", value) for value in known)
    split = node.type in ("simple_expansion", "expansion", "command_substitution", "brace_expression")
    return not plain and (split or (node.type == "concatenation" and re.search(rb"[$`{*?\[]", node.text) is not None))


def _calls(nodes: Nodes, names: set[str]) -> dict[str, list[Any]]:
    """Where functions are called; none of one whose name stands anywhere else, but in what is said."""
    found: dict[str, list[Any]] = {name: [] for name in names}
    wanted = re.compile(rb"(?<![\w-])(?:" + b"|".join(re.escape(n.encode()) for n in names) + rb")(?![\w-])")
    for node in nodes if names else ():
        kind = node.type
        if kind == "word" and node.text.decode("utf-8", "replace") in names:
            parent = nodes.parent(node)
            if parent.type == "command_name":
                found.get(node.text.decode(), []).append(nodes.parent(parent))
            elif parent.type != "function_definition":
                found.pop(node.text.decode(), None)
        elif kind in ("raw_string", "string_content", "heredoc_content", "ansi_c_string") and not _is_said(node, nodes):
            for name in wanted.findall(node.text):
                found.pop(name.decode(), None)
    return {name: sites for name, sites in found.items() if sites}


def _is_said(node: Any, nodes: Nodes) -> bool:
    while node is not None and node.type in ("raw_string", "string_content", "string", "concatenation"):
        node = nodes.parent(node)
    name = node.child_by_field_name("name") if node is not None and node.type == "command" else None
    return name is not None and name.text in _SAYS
