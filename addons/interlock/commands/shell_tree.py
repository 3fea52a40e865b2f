"""Reads shell text into its simple commands, wherever they stand: lists, loops, functions, substitutions.

A here-document whose end the grammar and Bash might see in different places ends in NotUnderstood.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from interlock.commands.language import NotUnderstood
from interlock.commands.shell_choices import variants
from interlock.commands.shell_gaps import lost_dashes, none_lost
from interlock.commands.shell_input import Stdin, feeds_stdin, heredoc
from interlock.commands.shell_loops import wide_loops
from interlock.commands.shell_nodes import Nodes
from interlock.commands.shell_parse import MAX_COMMANDS, MAX_WORDS, parse
from interlock.commands.shell_passed import handed_on
from interlock.commands.shell_script import Redirect, Script, Simple
from interlock.commands.shell_where import standing
from interlock.commands.shell_words import Variables, Word, fold

__all__ = ["Redirect", "Script", "Simple", "Stdin", "read_script"]


def read_script(text: str) -> Script:
    """The simple commands of a text. Raises NotUnderstood for whatever could be read in two ways."""
    root, nodes, variables = parse(text)
    return none_lost(_Walk(variables, lost_dashes(root)).run(root, nodes, text), nodes)


class _Walk:
    """One pass over a checked tree."""

    __slots__ = ("base", "commands", "dashes", "source", "taken", "todo", "variables")

    def __init__(self, variables: Variables, dashes: frozenset[int]) -> None:
        self.variables, self.dashes = variables, dashes
        self.source, self.base = b"", 0
        self.commands: list[Simple] = []
        self.todo: list[tuple[Any, Stdin]] = []
        self.taken: dict[tuple[int, int], Stdin] = {}

    def run(self, root: Any, nodes: Nodes, text: str) -> Script:
        self.source = root.text
        self.base = root.start_byte
        functions = {
            name.text.decode(): node.end_byte
            for node in nodes
            if node.type == "function_definition"
            and nodes.parent(node) is nodes[0]
            and (name := node.child_by_field_name("name")) is not None
        }
        self.todo.append((root, Stdin()))
        while self.todo:
            node, stdin = self.todo.pop()
            self._visit(node, stdin)
            if len(self.commands) > MAX_COMMANDS:
                raise NotUnderstood("too-many-commands")
        # Redirections of a whole list belong behind the commands in it.
        self.commands.sort(key=lambda one: one.start + (0 if one.words else len(one.source.encode())))
        passes, loops = handed_on(nodes, self.commands), wide_loops(nodes, self.variables)
        places = standing(nodes, self.variables)
        return Script(tuple(self.commands), functions, loops, self.variables, passes, text, places)

    def _visit(self, node: Any, stdin: Stdin) -> None:
        kind = node.type
        stdin = self.taken.get((node.start_byte, node.end_byte), stdin)
        if kind == "pipeline":
            self._pipeline(node, stdin)
        elif kind == "redirected_statement":
            self._redirected(node, stdin)
        elif kind == "command":
            self._command(node, stdin)
        elif kind in ("declaration_command", "unset_command"):
            self._declaration(node)
        elif kind == "variable_assignment":
            self._assignment(node)
        elif kind == "process_substitution":
            inner = Stdin("pipe") if node.text.startswith(b">") else Stdin()
            self._push(node, inner)
        elif kind == "command_substitution":
            self._push(node, stdin)
            if any(child.type == "file_redirect" for child in node.named_children):
                self._simple(node, Stdin(), [], self._redirects(node)[0])
        else:
            self._push(node, stdin)

    def _push(self, node: Any, stdin: Stdin) -> None:
        self.todo.extend((child, stdin) for child in reversed(node.named_children))

    def _pipeline(self, node: Any, stdin: Stdin) -> None:
        before = None
        for stage in (child for child in node.named_children if child.type != "comment"):
            piped = Stdin("pipe", span=(before.start_byte, before.end_byte)) if before is not None else stdin
            self.todo.append((stage, piped))
            before = stage

    def _variants(self, node: Any) -> Iterator[None]:
        """Once for every combination of values of a command's variables, with them in place."""
        before = self.variables
        for one in variants(node, before) if len(self.commands) <= MAX_COMMANDS // 2 else [before]:
            self.variables = one
            yield
        self.variables = before

    def _redirected(self, node: Any, stdin: Stdin) -> None:
        body = node.child_by_field_name("body")
        if body is not None and body.type == "command":
            for _ in self._variants(node):
                redirects, given, extra = self._redirects(node)
                if given is not None and self._redirects(body)[1] is not None:
                    raise NotUnderstood("odd-redirection")
                self._one_command(body, given or stdin, redirects, extra)
            self._inside_command(body, given or stdin)
        else:
            redirects, given, extra = self._redirects(node)
            stdin = given or stdin
            if redirects or body is None:
                self._simple(node, Stdin(), extra, redirects)
            if body is not None:
                if extra:
                    raise NotUnderstood("unknown-syntax")
                if given and body.type in ("pipeline", "list"):  # it belongs to the last command alone
                    last = body.named_children[-1]
                    self.taken[last.start_byte, last.end_byte] = given
                self.todo.append((body, stdin))
        for child in node.named_children:
            if child != body:
                self._inside_redirect(child, body or node)

    def _inside_redirect(self, node: Any, body: Any) -> None:
        """Substitutions in a redirection, and what the grammar hangs into a here-document: the rest of its line."""
        if node.type != "heredoc_redirect":
            self._push(node, Stdin())
            return
        for child in node.named_children:
            if child.type == "pipeline":
                before = body
                for stage in child.named_children:
                    self.todo.append((stage, Stdin("pipe", span=(before.start_byte, before.end_byte))))
                    before = stage
            elif child.type == "heredoc_body":
                self._push(child, Stdin())
            elif child.type not in ("heredoc_start", "heredoc_end"):
                self.todo.append((child, Stdin()))

    def _redirects(self, node: Any) -> tuple[list[Redirect], Stdin | None, list[Word]]:
        """Redirections among a node's children, the input they give, and words that stand behind a target."""
        found: list[Redirect] = []
        stdin, extra, inputs = None, [], 0
        todo = [child for child in node.named_children if child.type.endswith("_redirect")]
        for redirect in todo:
            given: Stdin | None = None
            if redirect.type == "heredoc_redirect":
                given = heredoc(redirect)
                inner = [child for child in redirect.named_children if child.type.endswith("_redirect")]
                todo.extend(inner)
                extra.extend(self._folded(redirect.children_by_field_name("argument")))
            elif redirect.type == "herestring_redirect":
                words = self._folded(redirect.named_children)
                static = len(words) == 1 and not words[0].dynamic
                given = (
                    Stdin("text", words[0].text) if static else Stdin("dynamic", "".join(word.text for word in words))
                )
            else:
                words = self._folded(redirect.children_by_field_name("destination"))
                operator = "".join(child.type for child in redirect.children if not child.is_named)
                target = words[0] if words else Word("", dynamic=True)
                found.append(Redirect(operator, target))
                extra.extend(words[1:])
                if operator in ("<", "<&", "<>"):
                    given = Stdin("file")
            if given is not None and feeds_stdin(redirect):
                stdin, inputs = given, inputs + 1
        if inputs > 1:  # the last one counts, and the grammar does not keep their order
            raise NotUnderstood("odd-redirection")
        return found, stdin, extra

    def _folded(self, nodes: list[Any]) -> list[Word]:
        return [word for node in nodes for word in fold(node, self.variables)]

    def _command(self, node: Any, stdin: Stdin) -> None:
        for _ in self._variants(node):
            self._one_command(node, stdin, [], [])
        self._inside_command(node, stdin)

    def _one_command(self, node: Any, stdin: Stdin, redirects: list[Redirect], extra: list[Word]) -> None:
        own, given, behind = self._redirects(node)
        words = [
            word
            for child in node.named_children
            if child.type not in ("variable_assignment", "subshell") and not child.type.endswith("_redirect")
            for word in fold(child, self.variables)
        ]
        if node.end_byte in self.dashes:
            words.append(Word("-"))
        simple = self._simple(node, given or stdin, [*words, *behind, *extra], [*own, *redirects])
        for child in node.named_children:
            if child.type == "variable_assignment":
                simple.assigns.append(self._assigned(child))
            elif child.type == "subshell" and [word.text for word in words] != ["time"]:
                raise NotUnderstood("unknown-syntax")

    def _inside_command(self, node: Any, stdin: Stdin) -> None:
        for child in node.named_children:
            if child.type == "subshell":
                self.todo.append((child, stdin))
            elif child.type.endswith("_redirect"):
                self._inside_redirect(child, node)
            else:
                self._push_substitutions(child)

    def _push_substitutions(self, node: Any) -> None:
        if node.type in ("command_substitution", "process_substitution"):
            self.todo.append((node, Stdin()))
        else:
            self.todo.extend((child, Stdin()) for child in reversed(node.named_children) if child.named_child_count)

    def _declaration(self, node: Any) -> None:
        words = [Word(node.children[0].text.decode())]
        simple = self._simple(node, Stdin(), words, [])
        for child in node.named_children:
            if child.type == "variable_assignment":
                simple.assigns.append(self._assigned(child))
            else:
                words.extend(fold(child, self.variables))
            self._push_substitutions(child)

    def _assignment(self, node: Any) -> None:
        self._simple(node, Stdin(), [], []).assigns.append(self._assigned(node))
        self._push_substitutions(node)

    def _assigned(self, node: Any) -> tuple[str, Word]:
        name = node.children[0].text.decode()
        value = node.child_by_field_name("value")
        words = [] if value is None else fold(value, self.variables)
        if value is not None and (value.type == "array" or len(words) != 1):
            return name, Word(value.text.decode(), dynamic=True)
        return name, words[0] if words else Word("")

    def _simple(self, node: Any, stdin: Stdin, words: list[Word], redirects: list[Redirect]) -> Simple:
        if len(words) > MAX_WORDS:
            raise NotUnderstood("too-many-words")
        start = node.start_byte
        at = self.base + len(self.source[: start - self.base].decode())
        simple = Simple(words, [], redirects, stdin, start, node.text.decode(), at)
        self.commands.append(simple)
        return simple
