"""Which secret a connection gets and how: never the secret itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from interlock.errors import Place
from interlock.schema import Reader
from interlock.source import Node

__all__ = ["CredentialSpec", "read_credential"]

_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+\Z")
_REFERENCE = re.compile(r"[a-z][a-z0-9-]*:[^\s\x00-\x1f\x7f]+\Z")


@dataclass(frozen=True, slots=True)
class CredentialSpec:
    """What secret a connection gets and how: a scheme's name and where the secret is kept.

    `header`, `parameter`, `username` and `prefix` are for the schemes that need them. `rotate_every`
    (seconds, 0: never) is what `check` reminds of; `place` is for errors found later.
    """

    scheme: str
    source: str
    header: str = ""
    parameter: str = ""
    username: str = ""
    prefix: str = ""
    rotate_every: float = 0.0
    place: Place = field(default=Place(""), compare=False, repr=False)


def read_credential(node: Node, reader: Reader) -> CredentialSpec:
    """The `credential:` member of a connection. Scheme and source are looked up where they live, in
    `credentials`.
    """
    members = reader.mapping(
        node,
        "credential",
        required=("scheme", "from"),
        optional=("header", "parameter", "username", "prefix", "rotate_every"),
    )
    source = reader.text(members.get("from"), "from")
    if source and not _REFERENCE.match(source):
        # the text is not repeated: it may be the secret itself
        hint = "env:NAME or file:/run/secrets/name, never the secret"
        reader.error(members["from"], "from must say where the secret is kept", hint)
        source = ""
    header = reader.text(members.get("header"), "header").lower()
    if header and not _TOKEN.match(header):
        reader.error(members["header"], "header is not a header's name", "as in x-api-key")
    return CredentialSpec(
        scheme=reader.name(members.get("scheme"), "scheme"),
        source=source,
        header=header,
        parameter=reader.text(members.get("parameter"), "parameter"),
        username=reader.text(members.get("username"), "username"),
        prefix=reader.text(members.get("prefix"), "prefix"),
        rotate_every=reader.duration(members.get("rotate_every"), "rotate_every", 0.0),
        place=node.place,
    )
