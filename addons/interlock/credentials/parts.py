"""What a secret source and a credential scheme are: one file each in `sources/` and `schemes/`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from interlock.errors import Refused
from interlock.model import Secret
from interlock.ports import SecretSource
from interlock.reasons import Reason
from interlock.settings import CredentialSpec

__all__ = ["MAX_SECRET", "Headers", "Scheme", "Source", "checked"]

type Headers = Sequence[tuple[str, str]]

MAX_SECRET = 64 << 10
"""The most characters a secret may have."""


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of place where secrets are kept: `name` stands before the colon.

    `open` gets what stands after it, and the folder that relative files are relative to. It raises InterlockError
    for a reference that can never work and reads nothing yet. `warnings` says what is risky about a reference now.
    """

    name: str
    open: Callable[[str, Path], SecretSource]
    warnings: Callable[[str, Path], tuple[str, ...]] = lambda reference, base: ()


@dataclass(frozen=True, slots=True)
class Scheme:
    """A way to put a secret into a request whose credential places are empty.

    `needs` are the members of `credential:` that must be written, `takes` those that may be; `problem` says what is
    wrong with their values (empty: nothing). `place` adds the secret; `shapes` are the spellings of it that an
    upstream might echo, beside the secret itself.
    """

    name: str
    place: Callable[[CredentialSpec, str, Headers, str], tuple[Headers, str]]
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    problem: Callable[[CredentialSpec], str] = lambda spec: ""
    shapes: Callable[[CredentialSpec, str], tuple[str, ...]] = lambda spec, secret: ()


def checked(text: str, reference: str) -> Secret:
    """A secret that can go on the wire. Raises Refused (SECRET_UNAVAILABLE) for one that is empty or could split a
    header.
    """
    if not text:
        raise Refused(Reason.SECRET_UNAVAILABLE, f"{reference} is empty", hint="put the secret there")
    if len(text) > MAX_SECRET:
        raise Refused(Reason.SECRET_UNAVAILABLE, f"{reference} is larger than a secret may be", hint="64 KiB at most")
    if any(ord(char) < 0x20 or ord(char) == 0x7F for char in text) or text != text.strip():
        message = f"{reference} holds a line break, another control character, or blanks around it"
        raise Refused(Reason.SECRET_UNAVAILABLE, message, hint="keep the secret alone on one line")
    return Secret(text)
