"""The keys of recordings at rest: a session's own, wrapped by a master key, wrapped by the operator's.

    the operator's key (`recording: {encrypt: env:NAME}`)          never written anywhere
      .keys/<id>.json    a master key, random, wrapped by it       wrapped anew when the operator's key changes
        <session>/key    the session's data key, random            never changed; destroying it erases the session

Data keys are bound to their session and never leave the folder, so whoever has copies of everything else (a backup,
what was shipped) loses the content with them. AES-256-GCM with random nonces (NIST SP 800-38D, 8.2.2) wraps keys;
further keys are derived by HKDF-Expand (RFC 5869, 3.3: all input keys are uniformly random).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from interlock.errors import InterlockError
from interlock.model import JSON, Secret
from interlock.recording.canonical import canonical
from interlock.recording.chain import open_plain

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

__all__ = [
    "KEY", "KEYS", "DataKey", "Kek", "Master", "State", "Unopened", "derive", "digest", "read_kek", "read_key_file",
    "read_master",
]  # fmt: skip

KEY: Final = "key"
"""The file of a session's data key, in its folder."""
KEYS: Final = ".keys"
"""The folder of master keys, among the recordings."""

_BYTES = 32
_NONCE = 12
_MAX_FILE = 4096
_ID = re.compile(r"[0-9a-f]{16}")
_HEX = re.compile(r"[0-9a-fA-F]{64}")
_URL = str.maketrans("-_", "+/")
_decode = msgspec.json.Decoder().decode

type State = Literal["sealed", "erased", "changed"]


class Unopened(InterlockError):
    """What is sealed cannot be read: `sealed` (its key is not here), `erased` (its key was destroyed), `changed`."""

    def __init__(self, state: State, message: str, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.state: State = state


def derive(key: bytes, purpose: bytes) -> bytes:
    """A key for one purpose: HKDF-Expand (RFC 5869) of one block."""
    return hmac.digest(key, b"interlock recording: " + purpose + b"\x01", "sha256")


def _cipher(key: bytes) -> AESGCM:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)


@dataclass(frozen=True, slots=True)
class Kek:
    """The operator's key. `id` names it without telling anything about it."""

    id: str
    secret: bytes = field(repr=False, compare=False)

    def wrap(self, master: Master) -> bytes:
        """The file of a master key."""
        wrapped = _wrapped(derive(self.secret, b"wrap"), master.secret, _aad(master.id, master.made))
        return _file({"format": 1, "id": master.id, "kek": self.id, "made": master.made, "wrapped": wrapped})


@dataclass(frozen=True, slots=True)
class Master:
    """One master key; `made` is the id of the operator's key that it was first wrapped by."""

    id: str
    made: str
    secret: bytes = field(repr=False)

    @classmethod
    def new(cls, kek: Kek) -> Master:
        """A random one; its id follows from it."""
        secret = os.urandom(_BYTES)
        return cls(_identify(secret), kek.id, secret)

    def whose(self, issuer: str, subject: str) -> str:
        """A digest that stands for a person; only who holds this key can tell whom."""
        return hmac.digest(derive(self.secret, b"whose"), canonical([issuer, subject]), "sha256").hex()

    def make(self, session: str) -> tuple[DataKey, bytes]:
        """A new data key and the content of its file."""
        secret = os.urandom(_BYTES)
        wrapped = _wrapped(derive(self.secret, b"wrap"), secret, b"session:" + session.encode())
        file = _file({"format": 1, "master": self.id, "session": session, "wrapped": wrapped})
        return DataKey(session, secret), file

    def open(self, session: str, wrapped: str) -> DataKey:
        """The data key of a session. Raises Unopened (`changed`)."""
        aad = b"session:" + session.encode()
        return DataKey(session, _unwrapped(derive(self.secret, b"wrap"), wrapped, aad, f"the key of {session}"))


@dataclass(frozen=True, slots=True)
class DataKey:
    """A session's own key, from which the keys of its events and flows follow, and the salt of its digests."""

    session: str
    secret: bytes = field(repr=False)

    @property
    def salt(self) -> bytes:
        """The key of the session's body digests: erased with it."""
        return derive(self.secret, b"salt")

    def key(self, purpose: Literal[b"events", b"flows"]) -> bytes:
        """The key of one kind of content."""
        return derive(self.secret, purpose)


def read_kek(secret: Secret, where: str) -> Kek:
    """The operator's key from its text. Raises InterlockError; the text is never repeated."""
    text = secret.reveal().strip()
    try:
        key = bytes.fromhex(text) if _HEX.fullmatch(text) else base64.b64decode(text.translate(_URL), validate=True)
    except ValueError:
        key = b""
    if len(key) != _BYTES:
        hint = "32 random bytes in base64 or hex: openssl rand -base64 32"
        raise InterlockError(f"{where} does not hold a key that recordings can be encrypted with", hint=hint)
    return Kek(derive(key, b"kek id")[:8].hex(), key)


def read_master(path: Path, keks: Sequence[Kek]) -> Master | None:
    """The master key of a file, when one of these keys opens it. Raises OSError, Unopened (`changed`)."""
    said = read_key_file(path)
    name, made, by = (value if isinstance(value, str) else "" for value in map(said.get, ("id", "made", "kek")))
    if f"{name}.json" != path.name or not all(map(_ID.fullmatch, (name, made, by))):
        raise Unopened("changed", f"{path.name} is not the file of a master key")
    kek = next((kek for kek in keks if kek.id == by), None)
    if kek is None:
        return None
    secret = _unwrapped(derive(kek.secret, b"wrap"), said.get("wrapped"), _aad(name, made), f"the master key {name}")
    if _identify(secret) != name:
        raise Unopened("changed", f"{path.name} holds another master key")
    return Master(name, made, secret)


def read_key_file(path: Path) -> dict[str, JSON]:
    """What a key's file says. Raises OSError when it cannot be read, Unopened (`changed`) for anything else."""
    with open_plain(path) as file:
        raw = file.read(_MAX_FILE + 1)
    try:
        said = _decode(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        said = None
    if not isinstance(said, dict) or said.get("format") != 1 or _file(said) != raw:
        raise Unopened("changed", f"{path.parent.name}/{path.name} is not the file of a key")
    return said


def _file(said: dict[str, JSON]) -> bytes:
    return canonical(said) + b"\n"


def _aad(name: str, made: str) -> bytes:
    return b"master:%b:%b" % (name.encode(), made.encode())


def _identify(secret: bytes) -> str:
    return derive(secret, b"master id")[:8].hex()


def _wrapped(key: bytes, secret: bytes, aad: bytes) -> str:
    nonce = os.urandom(_NONCE)
    return base64.b64encode(nonce + _cipher(key).encrypt(nonce, secret, aad)).decode()


def _unwrapped(key: bytes, wrapped: JSON, aad: bytes, what: str) -> bytes:
    from cryptography.exceptions import InvalidTag

    try:
        raw = base64.b64decode(wrapped, validate=True) if isinstance(wrapped, str) else b""
        secret = _cipher(key).decrypt(raw[:_NONCE], raw[_NONCE:], aad)
    except (InvalidTag, binascii.Error, ValueError):
        secret = b""
    if len(secret) != _BYTES:
        raise Unopened("changed", f"{what} was changed: it cannot be unwrapped")
    return secret


def digest(file: bytes) -> str:
    """What the session's first event says of the key's file."""
    return hashlib.sha256(file).hexdigest()
