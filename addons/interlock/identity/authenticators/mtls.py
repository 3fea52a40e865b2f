"""Scheme `mtls`: a TLS client certificate, verified against the operator's own authorities (RFC 5280).

The TLS layer has proved that the client holds the leaf's key; here the chain, its validity, its purpose and the name
in it are judged. Revocation lists are not consulted: short-lived certificates are the remedy.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, NoReturn

from interlock.errors import TokenRejected
from interlock.identity.binding import thumbprint
from interlock.identity.claims import MAX_GROUPS, accepts_subject, printable
from interlock.identity.identity import Authenticator, Identity, Scheme, Verified, World
from interlock.identity.sources import read_bounded
from interlock.model import Principal
from interlock.reasons import Reason
from interlock.schema import Reader
from interlock.source import Node

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.x509 import Certificate, Name

__all__ = ["PART", "MtlsAuthenticator", "MtlsIdentity"]

MAX_DEPTH = 4
_SUBJECTS = ("san-uri", "san-dns", "san-email", "cn")


@dataclass(frozen=True, slots=True)
class MtlsIdentity(Identity):
    """Authorities (DER) and which name of the leaf is the subject; `organizational_units` makes its OUs groups."""

    authorities: tuple[bytes, ...] = field(default=(), repr=False)
    subject: str = "san-uri"
    organizational_units: bool = False


class MtlsAuthenticator(Authenticator):
    """Verifies chains up to the identity's authorities."""

    by_certificate: ClassVar[bool] = True

    def __init__(self, identity: MtlsIdentity, world: World) -> None:
        super().__init__(identity)
        self._settings = identity
        self._clock = world.clock

    def certificates(self, chain: Sequence[bytes]) -> Verified:
        """See Authenticator."""
        now = self._clock.now()
        path = self._path(_parse(chain), now)
        leaf = path[0]
        principal = Principal(
            identity=self._settings.name,
            issuer=self._settings.issuer,
            subject=self._subject(leaf),
            scheme=self._settings.scheme,
            groups=self._groups(leaf.subject),
            expires=min(certificate.not_valid_after_utc.timestamp() for certificate in path),
        )
        if not accepts_subject(self._settings.subjects, principal.subject):
            _refuse("the certificate's subject is not one that this identity accepts")
        return Verified(principal, max(certificate.not_valid_before_utc.timestamp() for certificate in path))

    def _path(self, certificates: list[Certificate], now: float) -> list[Certificate]:
        from cryptography import x509
        from cryptography.x509.verification import Store, VerificationError

        roots = [x509.load_der_x509_certificate(authority) for authority in self._settings.authorities]
        builder = _policy(datetime.datetime.fromtimestamp(now, datetime.UTC)).store(Store(roots))
        try:
            return builder.build_client_verifier().verify(certificates[0], certificates[1:]).chain
        except (VerificationError, ValueError):
            _refuse("the client certificate does not chain to the authorities, is out of date, or not for clients")

    def _subject(self, leaf: Certificate) -> str:
        names = _names(leaf, self._settings.subject)
        if len(names) != 1 or not printable(names[0]):
            _refuse(f"the client certificate does not hold exactly one readable {self._settings.subject}")
        return names[0]

    def _groups(self, subject: Name) -> frozenset[str]:
        from cryptography.x509.oid import NameOID

        if not self._settings.organizational_units:
            return frozenset()
        units = [attribute.value for attribute in subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)]
        if len(units) > MAX_GROUPS or not all(printable(unit) for unit in units):
            _refuse("the client certificate holds an organizational unit that is not readable text")
        return frozenset(str(unit) for unit in units)


def _parse(chain: Sequence[bytes]) -> list[Certificate]:
    from cryptography import x509

    if not chain:
        _refuse("no client certificate was presented")
    try:
        return [x509.load_der_x509_certificate(item) for item in chain]
    except ValueError:
        _refuse("the client certificate cannot be read")


def _policy(now: datetime.datetime) -> x509.verification.PolicyBuilder:
    """The library's profile, with two differences: the purpose must be stated, and a name may stand in CN alone."""
    from cryptography import x509
    from cryptography.x509.verification import Criticality, ExtensionPolicy, PolicyBuilder

    leaf = (
        ExtensionPolicy.webpki_defaults_ee()
        .may_be_present(x509.SubjectAlternativeName, Criticality.AGNOSTIC, None)
        .require_present(x509.ExtendedKeyUsage, Criticality.AGNOSTIC, _for_clients)
    )
    authority = ExtensionPolicy.webpki_defaults_ca()
    return PolicyBuilder().time(now).max_chain_depth(MAX_DEPTH).extension_policies(ee_policy=leaf, ca_policy=authority)


def _for_clients(policy: object, certificate: Certificate, usage: x509.ExtendedKeyUsage) -> None:
    from cryptography.x509.oid import ExtendedKeyUsageOID

    if ExtendedKeyUsageOID.CLIENT_AUTH not in usage:
        raise ValueError("not for clients")


def _names(leaf: Certificate, kind: str) -> list[str]:
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    if kind == "cn":
        return [str(attribute.value) for attribute in leaf.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    try:
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return []
    wanted = {"san-uri": x509.UniformResourceIdentifier, "san-dns": x509.DNSName, "san-email": x509.RFC822Name}[kind]
    return [str(name.value) for name in names if isinstance(name, wanted)]


def _refuse(message: str) -> NoReturn:
    raise TokenRejected(Reason.CERTIFICATE_REFUSED, message) from None


def _open(identity: Identity, world: World) -> Authenticator:
    return MtlsAuthenticator(identity, world) if isinstance(identity, MtlsIdentity) else Authenticator(identity)


def _read(common: Identity, node: Node, members: Mapping[str, Node], reader: Reader, base: Path) -> Identity | None:
    if common.demo:
        reader.error(node, "scheme mtls has no demo identities", "leave demo out")
    return MtlsIdentity(
        name=common.name,
        issuer=f"mtls:{common.name}",
        scheme=common.scheme,
        subjects=common.subjects,
        authorities=_authorities(members.get("ca"), base, reader),
        subject=reader.choice(members.get("subject"), "subject", _SUBJECTS, "san-uri"),
        organizational_units=reader.choice(members.get("groups"), "groups", ("ou",)) == "ou",
    )


def _authorities(node: Node | None, base: Path, reader: Reader) -> tuple[bytes, ...]:
    """The certificates of a PEM file; each must be one that may sign others."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    name = reader.text(node, "ca")
    if node is None or not name:
        return ()
    try:
        found = x509.load_pem_x509_certificates(read_bounded(base / name))
    except OSError as error:
        reader.error(node, f"the ca file cannot be read: {error.strerror}")
        return ()
    except ValueError:
        reader.error(node, "the ca file holds no certificates in PEM")
        return ()
    for certificate in found:
        if not _may_sign(certificate):
            reader.error(
                node,
                "a certificate in the ca file is not an authority",
                "it needs the extensions basicConstraints CA:TRUE and keyUsage keyCertSign",
            )
    return tuple(certificate.public_bytes(Encoding.DER) for certificate in found)


def _may_sign(certificate: Certificate) -> bool:
    from cryptography import x509

    try:
        basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    return basic.ca and usage.key_cert_sign


def _claimed(identity: Identity) -> frozenset[str]:
    """An authority vouches for one identity only."""
    authorities = identity.authorities if isinstance(identity, MtlsIdentity) else ()
    return frozenset(f"authority {thumbprint(authority).hex()[:16]}" for authority in authorities)


PART = Scheme(name="mtls", required=("ca",), members=("subject", "groups"), read=_read, open=_open, claimed=_claimed)
