"""Where a command's standard input comes from, and the text of here-documents.

Only descriptor 0 is standard input: `bash 3<<EOF` reads its program from elsewhere. A here-document whose end, or
whose substitutions, the grammar and Bash might see in different places ends in NotUnderstood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from interlock.commands.language import NotUnderstood

__all__ = ["Stdin", "feeds_stdin", "heredoc"]

_DELIMITER = re.compile(r"(?:(['\"])([A-Za-z0-9_.+-]+)\1|\\?([A-Za-z0-9_.+-]+))\Z")
_ESCAPED = re.compile(rb"\\.", re.DOTALL)
_ESCAPES = re.compile(r"\\([$`\\\n])")
_RUNS = re.compile(rb"`|\$[({\[]")


@dataclass(frozen=True, slots=True)
class Stdin:
    """Where standard input comes from: `inherit`, `text` (known), `pipe` (from the bytes `span`), `file`, `dynamic`."""

    kind: str = "inherit"
    text: str = ""
    span: tuple[int, int] = (0, 0)


def feeds_stdin(redirect: Any) -> bool:
    """Whether a redirection is of descriptor 0: another number before it leaves standard input alone."""
    number = next((child for child in redirect.children if child.type == "file_descriptor"), None)
    return number is None or number.text.strip(b"0") == b""


def heredoc(node: Any) -> Stdin:
    """The text of a here-document, once it is certain where it ends and what in it runs."""
    parts = {child.type: child for child in node.named_children}
    start, body, end = (parts.get(kind) for kind in ("heredoc_start", "heredoc_body", "heredoc_end"))
    found = _DELIMITER.match(start.text.decode()) if start is not None else None
    if start is None or found is None or body is None or end is None:
        raise NotUnderstood("odd-here-document")
    name = found[2] or found[3]
    lines = body.text.decode().split("\n")
    strip = any(child.type == "<<-" for child in node.children)
    if end.text.decode().strip() != name or any((line.lstrip("\t") if strip else line) == name for line in lines):
        raise NotUnderstood("odd-here-document")
    quoted = bool(found[1]) or start.text.startswith(b"\\")
    text = body.text.decode()
    if not quoted:
        _check_substitutions(body)
        if re.search(r"(?<!\\)(?:\\\\)*[$`]", text):
            return Stdin("dynamic", text)
        lines = _ESCAPES.sub(lambda found: "" if found[1] == "\n" else found[1], text).split("\n")
        text = "\n".join(lines)
    return Stdin("text", "\n".join(line.lstrip("\t") for line in lines) if strip else text)


def _check_substitutions(body: Any) -> None:
    """Everything that Bash would run in a body must be a node of the tree; the grammar passes some of it by."""
    left, at, base = b"", 0, body.start_byte
    for child in body.named_children:
        if child.type != "heredoc_content":
            left += body.text[at : child.start_byte - base] + b" "
            at = child.end_byte - base
    if _RUNS.search(_ESCAPED.sub(b"", left + body.text[at:])):
        raise NotUnderstood("odd-here-document")
