"""Parses shell text and makes sure that the grammar and Bash read it the same way.

The grammar is tree-sitter's bash. It is more lenient than Bash in a few places; each is checked here and ends in
NotUnderstood, because a reader that sees less than the shell runs is worse than none.
"""

from __future__ import annotations

import functools
import re
import time
from typing import Any

from interlock.commands.language import NotUnderstood
from interlock.commands.shell_nodes import Nodes
from interlock.commands.shell_variables import variables
from interlock.commands.shell_words import Variables

__all__ = ["MAX_COMMANDS", "MAX_SHELL", "MAX_WORDS", "parse"]

MAX_SHELL = 1 << 18
"""Longest shell text that is judged, in UTF-8 bytes."""
MAX_COMMANDS, MAX_WORDS = 500, 2000
_MAX_NODES = 16_000
_PARSED_TWICE = 4096
"""Bytes above which the parser's steps are counted first: what it cannot read may cost it the square of the length."""
_CHUNK = 256
_READS, _READS_A_CHUNK = 200, 16
"""How often the parser may ask for bytes: what people write costs three times its length, and errors its square."""
_MAX_STEPS, _MAX_SECONDS = 1000, 0.1
"""Hundreds of the parser's steps, and what they may take: five times what they take where it reads what it is given."""
_MAX_PIPED = MAX_COMMANDS
"""Stages of a pipeline, which cost the parser the square of their number."""
_ODD = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff\ud800-\udfff]"
)
_JOINED = re.compile(rb"[^\s\\]\\\n\S")
_KNOWN_TEXT = """
program list pipeline command command_name redirected_statement subshell compound_statement if_statement elif_clause
else_clause for_statement c_style_for_statement while_statement case_statement case_item do_group
function_definition negated_command test_command declaration_command unset_command variable_assignment
variable_assignments command_substitution process_substitution comment binary_expression unary_expression
parenthesized_expression postfix_expression ternary_expression string raw_string ansi_c_string translated_string
string_content word number concatenation expansion simple_expansion arithmetic_expansion brace_expression array
subscript heredoc_redirect heredoc_start heredoc_body heredoc_content heredoc_end file_redirect herestring_redirect
regex extglob_pattern test_operator variable_name special_variable_name file_descriptor
"""
_KNOWN = frozenset(_KNOWN_TEXT.split())
_SUBSCRIPT = re.compile(r"'[^'\n]*\[[^\[\]'\n]*(\$\(|`)|\[[^\[\]\n]*\\[$`]")
"""A quoted subscript with a command in it: harmless text, unless some arithmetic reads it."""


@functools.cache
def _language() -> Any:
    import tree_sitter
    import tree_sitter_bash

    return tree_sitter.Language(tree_sitter_bash.language())


def parse(text: str) -> tuple[Any, Nodes, Variables]:
    """The root node, all named nodes in order, and the variables whose value is certain. Raises NotUnderstood."""
    import tree_sitter

    if len(text) > MAX_SHELL:
        raise NotUnderstood("too-large")
    if _ODD.search(text):
        raise NotUnderstood("odd-characters")
    source = text.encode()
    joined = [found.start() for found in _JOINED.finditer(source)]
    if text.count("|") > _MAX_PIPED and _is_long_pipeline(text):
        raise NotUnderstood("too-complex")
    if len(source) > _PARSED_TWICE:
        _check_steps(source)
    root = tree_sitter.Parser(_language()).parse(source).root_node
    if root.has_error:
        raise NotUnderstood("unparsable")
    nodes = _nodes(root, source)
    if joined and not _are_quoted(joined, nodes):
        raise NotUnderstood("odd-characters")
    if _SUBSCRIPT.search(text) and any(map(_computes, nodes)):
        raise NotUnderstood("dynamic")
    return root, nodes, variables(nodes, text)


def _is_long_pipeline(text: str) -> bool:
    """Whether somewhere more stages than are read could follow each other; the rows of a table do not."""
    stages, goes_on = 0, False
    for line in text.split("\n"):
        inner = line.strip()
        stages = (stages if goes_on and not inner.startswith("|") else 0) + inner.count("|") - 2 * inner.count("||")
        if stages > _MAX_PIPED:
            return True
        rest = inner.rpartition("|")[2].strip()
        goes_on = (goes_on or "|" in inner) and (not rest or rest[0] in "!&#\\")
    return False


def _check_steps(source: bytes) -> None:
    """Raises NotUnderstood for what the parser cannot read, or takes more steps for than such a length ever needs."""
    import tree_sitter

    view, steps, started = memoryview(source), 0, time.thread_time()
    left = _READS + _READS_A_CHUNK * (len(source) // _CHUNK)

    def read(offset: int, _: Any) -> memoryview:
        nonlocal left
        left -= 1
        return view[offset : offset + _CHUNK] if left >= 0 else view[:0]  # the end: nothing more is looked at

    def stops(*_: Any) -> bool:
        nonlocal steps
        steps += 1
        return left < 0 or steps > _MAX_STEPS or time.thread_time() - started > _MAX_SECONDS

    try:
        tree = tree_sitter.Parser(_language()).parse(read, progress_callback=stops)
    except ValueError:  # it was stopped
        raise NotUnderstood("too-complex") from None
    if left < 0 or tree.root_node.has_error:
        raise NotUnderstood("unparsable")


def _are_quoted(offsets: list[int], nodes: list[Any]) -> bool:
    """Whether each lies between single quotes, where a backslash joins no lines."""
    spans = [(node.start_byte, node.end_byte) for node in nodes if node.type == "raw_string"]
    at = 0
    for offset in offsets:
        while at < len(spans) and spans[at][1] <= offset:
            at += 1
        if at == len(spans) or not spans[at][0] < offset < spans[at][1] - 2:
            return False
    return True


def _nodes(root: Any, source: bytes) -> Nodes:
    """All named nodes in order of appearance, each of a known kind."""
    found, todo, commands = Nodes(), [root], 0
    while todo:
        node = todo.pop()
        kind, children = node.type, found.add(node)
        if len(found) > _MAX_NODES:
            raise NotUnderstood("too-complex")
        if kind not in _KNOWN:
            raise NotUnderstood("unknown-syntax")
        commands += _is_one(node, kind, found)
        if commands > MAX_COMMANDS:
            raise NotUnderstood("too-many-commands")
        if kind == "command" and len(children) > 2 * MAX_WORDS:  # one that is expanded to nothing is no word
            raise NotUnderstood("too-many-words")
        if kind == "comment":
            _check_comment(node, source)
        elif kind in ("raw_string", "ansi_c_string", "string") and _is_evaluated(node, found):
            raise NotUnderstood("arithmetic")
        elif kind in ("number", "concatenation") and source[node.end_byte : node.end_byte + 1] in (b"<", b">"):
            _check_descriptor(node, found)
        todo.extend(reversed(children))
    return found


def _is_one(node: Any, kind: str, nodes: Nodes) -> bool:
    """Whether a node is a command of its own."""
    if kind != "variable_assignment":
        return kind in ("command", "declaration_command")
    return nodes.parent(node).type not in ("command", "declaration_command")


def _check_comment(node: Any, source: bytes) -> None:
    """The grammar takes `\\ #` for a comment, Bash does not."""
    start = node.start_byte
    before = source[max(start - 2, 0) : start]
    if start and (before[-1:] not in b" \t\n;&|()`" or (before[:1] == b"\\" and len(before) == 2)):
        raise NotUnderstood("odd-comment")


def _computes(node: Any) -> bool:
    """Whether a node is arithmetic, which runs the commands in subscripts of what variables hold."""
    if node.type == "compound_statement":
        return bool(node.text.startswith(b"(("))
    if node.type == "test_command":
        return bool(re.search(rb"-(eq|ne|lt|le|gt|ge|v)\s", node.text))
    return node.type in ("arithmetic_expansion", "c_style_for_statement", "subscript")


def _check_descriptor(node: Any, nodes: Nodes) -> None:
    """The grammar takes `0` in `bash 0<file` and `{fd}` in `bash {fd}<file` for words, Bash for descriptors."""
    parent = nodes.parent(node)
    if parent is not None and parent.type == "command":
        raise NotUnderstood("odd-redirection")


def _is_evaluated(node: Any, nodes: Nodes) -> bool:
    """Whether a quoted word in a test or in arithmetic could hold a subscript, which Bash would expand again."""
    quoted = node.type != "string" or b"\\" in node.text
    if not quoted or b"[" not in node.text.replace(b"[[", b"") or not re.search(rb"[(`{]|\\[x0-7uU]", node.text):
        return False
    for parent in nodes.around(node):
        if parent.type in ("command_substitution", "process_substitution", "command"):
            return False
        if parent.type in ("test_command", "arithmetic_expansion", "subscript", "c_style_for_statement"):
            return True
        if parent.type == "compound_statement" and parent.text.startswith(b"(("):
            return True
    return False
