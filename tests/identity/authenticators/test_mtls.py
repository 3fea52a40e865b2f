"""Scheme mtls: chain, validity, purpose and name of a client certificate."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from tests.identity.issuer import CORP, NOW, Bench, Clock, Web, ec_key, read, token

from interlock.errors import RulesInvalid, TokenRejected
from interlock.identity import Verifier
from interlock.reasons import Reason

_START = datetime.datetime.fromtimestamp(NOW, datetime.UTC)
_DAY = datetime.timedelta(days=1)
_USAGE = {
    "digital_signature": False,
    "content_commitment": False,
    "key_encipherment": False,
    "data_encipherment": False,
    "key_agreement": False,
    "key_cert_sign": True,
    "crl_sign": False,
    "encipher_only": False,
    "decipher_only": False,
}
WORKLOAD = x509.UniformResourceIdentifier("spiffe://example.com/agent-7")


def _name(text: str, units: list[str] | None = None) -> x509.Name:
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, text)]
    attributes += [x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit) for unit in units or []]
    return x509.Name(attributes)


def _sign(subject: x509.Name, key: str, issuer: x509.Name, signer: str, start: Any, end: Any) -> Any:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
    builder = builder.public_key(ec_key(key).public_key()).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(start).not_valid_after(end)
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(ec_key(signer).public_key())
    return builder.add_extension(authority, critical=False)


def authority(name: str, signer: str | None = None, end: Any = None) -> x509.Certificate:
    """An authority of this name, signed by itself or by another."""
    by = signer or name
    builder = _sign(_name(name), name, _name(by), by, _START - _DAY, end or _START + 30 * _DAY)
    own = x509.SubjectKeyIdentifier.from_public_key(ec_key(name).public_key())
    builder = builder.add_extension(own, critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    usage = x509.KeyUsage(**_USAGE)
    return builder.add_extension(usage, critical=True).sign(ec_key(by), hashes.SHA256())


def leaf(
    signer: str = "root",
    *,
    names: tuple[x509.GeneralName, ...] = (WORKLOAD,),
    purpose: Any = ExtendedKeyUsageOID.CLIENT_AUTH,
    subject: x509.Name | None = None,
    start: Any = _START - _DAY,
    end: Any = _START + _DAY,
) -> x509.Certificate:
    """A client certificate; `purpose` None leaves its extension out."""
    builder = _sign(subject or _name("agent-7"), "leaf", _name(signer), signer, start, end)
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(list(names)), critical=False)
    if purpose is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
    return builder.sign(ec_key(signer), hashes.SHA256())


def _verifier(folder: Path, more: str = "", clock: Clock | None = None) -> Verifier:
    (folder / "ca.pem").write_bytes(authority("root").public_bytes(Encoding.PEM))
    text = f"[{{name: machines, scheme: mtls, ca: ca.pem{more}}}]"
    return Verifier(read(text, folder), Web(), clock or Clock())


def _der(*certificates: x509.Certificate) -> list[bytes]:
    return [certificate.public_bytes(Encoding.DER) for certificate in certificates]


def _reason(verifier: Verifier, chain: list[bytes]) -> Reason:
    with pytest.raises(TokenRejected) as caught:
        verifier.verify_certificate(chain)
    return caught.value.reason


def test_client_certificate_makes_a_principal(tmp_path: Path) -> None:
    """The URI in the certificate is the subject, until the certificate ends."""
    clock = Clock()
    verifier = _verifier(tmp_path, clock=clock)
    principal = verifier.verify_certificate(_der(leaf()))
    assert (principal.identity, principal.issuer, principal.scheme) == ("machines", "mtls:machines", "mtls")
    assert (principal.subject, principal.groups) == ("spiffe://example.com/agent-7", frozenset())
    assert principal.expires == (_START + _DAY).timestamp()
    assert verifier.still_valid(principal, NOW)
    assert not verifier.still_valid(principal, principal.expires)


def test_verified_chain_is_remembered_only_while_it_holds(tmp_path: Path) -> None:
    """The second time nothing is verified; before its start and after its end it is refused again."""
    clock = Clock()
    verifier = _verifier(tmp_path, clock=clock)
    chain = _der(leaf(start=_START - datetime.timedelta(hours=1)))
    assert verifier.verify_certificate(chain) is verifier.verify_certificate(chain)
    for moment in (NOW - 7200, NOW + 86401):
        clock.time = moment
        assert _reason(verifier, chain) is Reason.CERTIFICATE_REFUSED


def test_intermediate_authorities_are_followed(tmp_path: Path) -> None:
    """A chain that the client sends whole verifies, and ends with its first member to end."""
    middle = authority("middle", "root", end=_START + datetime.timedelta(hours=1))
    principal = _verifier(tmp_path).verify_certificate(_der(leaf("middle"), middle))
    assert principal.expires == (_START + datetime.timedelta(hours=1)).timestamp()
    assert _reason(_verifier(tmp_path), _der(leaf("middle"))) is Reason.CERTIFICATE_REFUSED


@pytest.mark.parametrize(
    "certificate",
    [
        leaf("stranger"),
        leaf(purpose=ExtendedKeyUsageOID.SERVER_AUTH),
        leaf(purpose=None),
        leaf(purpose=ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE),
        leaf(end=_START - datetime.timedelta(seconds=1)),
        leaf(start=_START + datetime.timedelta(seconds=2)),
        leaf(names=()),
        leaf(names=(WORKLOAD, x509.UniformResourceIdentifier("spiffe://example.com/admin"))),
        leaf(names=(x509.DNSName("agent.example.com"),)),
        authority("root"),
    ],
    ids=["stranger", "server", "no-purpose", "any", "ended", "early", "no-name", "two-names", "other-name", "root"],
)
def test_certificates_that_prove_nothing_are_refused(tmp_path: Path, certificate: x509.Certificate) -> None:
    """Another authority, another purpose, another time, no single name."""
    assert _reason(_verifier(tmp_path), _der(certificate)) is Reason.CERTIFICATE_REFUSED


def test_stranger_of_the_same_name_is_refused(tmp_path: Path) -> None:
    """An authority that only calls itself root signs nothing here, also when the client sends it along."""
    fake = _sign(_name("root"), "fake", _name("root"), "fake", _START - _DAY, _START + _DAY)
    fake = fake.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    fake = fake.sign(ec_key("fake"), hashes.SHA256())
    forged = _sign(_name("agent-7"), "leaf", _name("root"), "fake", _START - _DAY, _START + _DAY)
    forged = forged.add_extension(x509.SubjectAlternativeName([WORKLOAD]), critical=False)
    forged = forged.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
    chain = _der(forged.sign(ec_key("fake"), hashes.SHA256()), fake)
    assert _reason(_verifier(tmp_path), chain) is Reason.CERTIFICATE_REFUSED


@pytest.mark.parametrize("chain", [[], [b""], [b"\x30"], [b"x" * 40000], _der(leaf()) * 11])
def test_chains_out_of_shape_are_refused(tmp_path: Path, chain: list[bytes]) -> None:
    """Nothing, noise, too much."""
    assert _reason(_verifier(tmp_path), chain) is Reason.CERTIFICATE_REFUSED


@pytest.mark.parametrize(
    ("setting", "names", "subject"),
    [
        ("san-dns", (x509.DNSName("agent.example.com"), WORKLOAD), "agent.example.com"),
        ("san-email", (x509.RFC822Name("erika@example.com"),), "erika@example.com"),
        ("cn", (), "agent-7"),
    ],
)
def test_subject_is_the_operators_choice(
    tmp_path: Path, setting: str, names: tuple[x509.GeneralName, ...], subject: str
) -> None:
    """One kind of name, by setting."""
    verifier = _verifier(tmp_path, f", subject: {setting}")
    assert verifier.verify_certificate(_der(leaf(names=names))).subject == subject


def test_organizational_units_are_groups_when_asked(tmp_path: Path) -> None:
    """`groups: ou` and not otherwise."""
    certificate = leaf(subject=_name("agent-7", ["analyst", "batch"]))
    assert _verifier(tmp_path).verify_certificate(_der(certificate)).groups == frozenset()
    assert _verifier(tmp_path, ", groups: ou").verify_certificate(_der(certificate)).groups == {"analyst", "batch"}


def test_subjects_narrow_who_is_accepted(tmp_path: Path) -> None:
    """The same setting as for tokens."""
    verifier = _verifier(tmp_path, ", subjects: ['spiffe://example.com/batch-*']")
    assert _reason(verifier, _der(leaf())) is Reason.CERTIFICATE_REFUSED


async def test_schemes_do_not_stand_in_for_each_other(tmp_path: Path) -> None:
    """A token that names an mtls identity as issuer is refused, and a certificate means nothing to a jwt identity."""
    verifier = _verifier(tmp_path)
    with pytest.raises(TokenRejected) as caught:
        await verifier.verify(token(iss="mtls:machines"))
    assert caught.value.reason is Reason.TOKEN_ISSUER
    assert _reason(Bench(CORP).verifier, _der(leaf())) is Reason.CERTIFICATE_REFUSED


def _errors(folder: Path, text: str) -> str:
    with pytest.raises(RulesInvalid) as caught:
        read(text, folder)
    return str(caught.value)


def test_authorities_file_is_checked_at_load(tmp_path: Path) -> None:
    """Missing, empty, holding a leaf, or shared by two identities: an error with its place."""
    assert "cannot be read" in _errors(tmp_path, "[{name: m, scheme: mtls, ca: none.pem}]")
    (tmp_path / "ca.pem").write_bytes(b"nothing")
    assert "no certificates in PEM" in _errors(tmp_path, "[{name: m, scheme: mtls, ca: ca.pem}]")
    (tmp_path / "ca.pem").write_bytes(leaf().public_bytes(Encoding.PEM))
    assert "not an authority" in _errors(tmp_path, "[{name: m, scheme: mtls, ca: ca.pem}]")
    (tmp_path / "ca.pem").write_bytes(authority("root").public_bytes(Encoding.PEM))
    both = "[{name: m, scheme: mtls, ca: ca.pem}, {name: n, scheme: mtls, ca: ca.pem}]"
    assert "already used by identity 'm'" in _errors(tmp_path, both)
    assert "'ca'" in _errors(tmp_path, "[{name: m, scheme: mtls}]")
    assert "no demo" in _errors(tmp_path, "[{name: m, scheme: mtls, ca: ca.pem, demo: true}]")
    assert "issuer" in _errors(tmp_path, "[{name: m, scheme: mtls, ca: ca.pem, issuer: x}]")
    assert "cannot be" in _errors(tmp_path, "[{name: m, scheme: mtls, ca: ca.pem, subject: dn}]")
