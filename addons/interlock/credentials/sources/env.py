"""`from: env:NAME`: a variable of the gateway's own environment, read at every use."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

from interlock.credentials.parts import Source, checked
from interlock.errors import InterlockError, Refused
from interlock.model import Secret
from interlock.ports import SecretSource
from interlock.reasons import Reason

__all__ = ["PART"]

_BEGAN = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


class _Variable:
    __slots__ = ("_name", "_read")

    def __init__(self, name: str) -> None:
        self._name = name
        self._read = Secret("")

    def read(self) -> Secret:
        """See SecretSource."""
        value = os.environ.get(self._name)
        if value is None:
            message = f"{self.reference()} is not set"
            raise Refused(Reason.SECRET_UNAVAILABLE, message, hint="set it where the gateway is started")
        if not value or value != self._read.reveal():
            self._read = checked(value, self.reference())
        return self._read

    def since(self) -> str:
        """When this process began, which its environment is as old as."""
        return _BEGAN

    def reference(self) -> str:
        """See SecretSource."""
        return f"env:{self._name}"


def _open(reference: str, base: Path) -> SecretSource:
    if not _NAME.match(reference):
        raise InterlockError(f"{reference!r} is not a variable's name", hint="as in env:ANTHROPIC_API_KEY")
    return _Variable(reference)


PART = Source("env", _open)
