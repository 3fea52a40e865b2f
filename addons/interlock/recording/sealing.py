"""Events sealed before the chain hashes them: the chain is over what stands in the file, and verifies without a key.

    {"at":...,"data":{"sealed":"<base64 of nonce and AES-256-GCM ciphertext>"},"hash":...,"kind":...,...}

A nonce never repeats: eight random bytes for each opening of a chain, then the number of the attempt, counted anew
for every line that is tried, also one that was not written (NIST SP 800-38D, 8.2.1). The same number of an event
sealed twice, after a failed write or by another process after a crash, therefore has another nonce. What is sealed is
bound to its session, number and kind. In clear stays what the recording says about itself, and nothing personal.
"""

from __future__ import annotations

import base64
import binascii
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import msgspec

from interlock.model import JSON
from interlock.recording.canonical import Data, Written, canonical
from interlock.recording.event import Event, seal
from interlock.recording.keys import DataKey, State, Unopened

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

__all__ = ["CLEAR", "Nonces", "Opener", "Sealer", "is_sealed", "opened_or_not", "unread"]

CLEAR: Final = frozenset(
    {"after", "continues", "format", "gateway", "key", "node", "rules", "salt", "session", "tree", "whose"}
)
"""Members of the `opened` event that stay readable; everything else that it says is sealed."""
_OWN: Final = frozenset({"closed", "gap", "reopened"})
"""Events that say something about the recording alone, and that recovery writes without any key."""
_MAX_ATTEMPTS: Final = (1 << 32) - 1
_NONCE = 12
_decode = msgspec.json.Decoder().decode


class Nonces:
    """Nonces of one key, as one opening of a file uses them. Not for several threads at once."""

    __slots__ = ("_count", "_epoch")

    def __init__(self) -> None:
        self._epoch = os.urandom(8)
        self._count = 0

    def next(self) -> bytes:
        """The next one. Raises OSError after 2^32 of them."""
        if self._count >= _MAX_ATTEMPTS:
            raise OSError("the session is too long for its key")
        self._count += 1
        return self._epoch + self._count.to_bytes(4)


class Sealer:
    """Writes the lines of one encrypted session. `line` stands where `event.seal` stands for others."""

    __slots__ = ("_aad", "_cipher", "_nonces")

    def __init__(self, key: DataKey) -> None:
        self._cipher, self._aad = _tools(key)
        self._nonces = Nonces()

    def line(self, kind: str, data: Data, seq: int, prev: str, at: str) -> tuple[bytes, str]:
        """See `event.seal`. Raises OSError when the session used up its nonces, Uncanonical."""
        if kind in _OWN:
            return seal(kind, data, seq, prev, at)
        clear: dict[str, JSON] = {}
        if kind == "opened" and not isinstance(data, Written):
            clear = {name: value for name, value in data.items() if name in CLEAR}
            data = {name: value for name, value in data.items() if name not in CLEAR}
        nonce = self._nonces.next()
        aad = b"%b%d:%b" % (self._aad, seq, kind.encode())
        sealed = nonce + self._cipher.encrypt(nonce, canonical(data), aad)
        return seal(kind, {**clear, "sealed": base64.b64encode(sealed).decode()}, seq, prev, at)


class Opener:
    """Reads the events of one encrypted session."""

    __slots__ = ("_aad", "_cipher")

    def __init__(self, key: DataKey) -> None:
        self._cipher, self._aad = _tools(key)

    def open(self, event: Event) -> Event:
        """The event with what it says; one that is not sealed as it is. Never raises: what is not what was sealed
        here says `changed`.
        """
        if not is_sealed(event):
            return event
        from cryptography.exceptions import InvalidTag

        aad = b"%b%d:%b" % (self._aad, event.seq, event.kind.encode())
        try:
            raw = base64.b64decode(str(event.data["sealed"]), validate=True)
            said = _decode(self._cipher.decrypt(raw[:_NONCE], raw[_NONCE:], aad))
        except (InvalidTag, binascii.Error, ValueError, RecursionError, msgspec.MsgspecError):
            said = None
        if not isinstance(said, dict):
            return unread(event, "changed")
        clear = {name: value for name, value in event.data.items() if name != "sealed"}
        return replace(event, data={**said, **clear})


def is_sealed(event: Event) -> bool:
    """Whether what the event says is encrypted."""
    return event.kind not in _OWN and isinstance(event.data.get("sealed"), str)


def unread(event: Event, state: State) -> Event:
    """The event without its ciphertext, saying why nobody can read it here."""
    return replace(event, data={**event.data, "sealed": state}) if is_sealed(event) else event


def _tools(key: DataKey) -> tuple[AESGCM, bytes]:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key.key(b"events")), b"event:%b:" % key.session.encode()


def opened_or_not(event: Event, opener: Opener | Unopened) -> Event:
    """The event as far as it can be read."""
    return unread(event, opener.state) if isinstance(opener, Unopened) else opener.open(event)
