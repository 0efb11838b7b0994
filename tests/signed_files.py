"""Files signed with a C2PA manifest, offline, by a certificate made on the spot. Needs the extra c2pa."""

from __future__ import annotations

import io
import json
import os
import warnings
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

ACTIONS = {
    "label": "c2pa.actions.v2",
    "data": {
        "actions": [
            {
                "action": "c2pa.created",
                "when": "2026-01-02T03:04:05Z",
                "softwareAgent": {"name": "A program", "version": "2"},
                "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
            }
        ]
    },
}


class Signer:
    """Signs files offline with a certificate made on the spot."""

    def __init__(self) -> None:
        from cryptography.hazmat.primitives.asymmetric import ec

        root, leaf = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        self.root = _certificate("A root", root, "A root", root, authority=True)
        self.chain = _certificate("A newsroom", leaf, "A root", root, authority=False) + self.root
        self.key = _pem(leaf)

    def sign(self, source: Path, target: Path, *, parent: Path | None = None, at: str | None = None) -> Path:
        """Sign a file; `parent` becomes its ingredient, and with `at` the manifest is left there alone."""
        import c2pa as library

        stated = {
            "claim_generator_info": [{"name": "a test", "version": "1"}],
            "title": target.name,
            "assertions": [ACTIONS],
        }
        info = library.C2paSignerInfo(b"es256", self.chain, self.key, None)
        with warnings.catch_warnings(), library.Builder(json.dumps(stated)) as builder:
            warnings.simplefilter("ignore")
            if parent is not None:
                with parent.open("rb") as stream:
                    builder.add_ingredient(
                        {"title": "the source", "relationship": "componentOf"}, _type(parent), stream
                    )
            if at is not None:
                builder.set_remote_url(at)
                builder.set_no_embed()
            with library.Signer.from_info(info) as signer, source.open("rb") as stream:
                signed = io.BytesIO()
                builder.sign(signer, _type(source), stream, signed)
        target.write_bytes(signed.getvalue())
        return target


def _type(path: Path) -> str:
    return {".jpg": "image/jpeg", ".png": "image/png", ".mp4": "video/mp4"}[path.suffix]


def _pem(key: object) -> bytes:
    from cryptography.hazmat.primitives import serialization as form

    return key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())  # type: ignore[attr-defined,no-any-return]


def _certificate(name: str, key: object, issuer: str, by: object, *, authority: bool) -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    def named(text: str) -> x509.Name:
        organisation = x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Tests")
        return x509.Name([organisation, x509.NameAttribute(NameOID.COMMON_NAME, text)])

    now = datetime.now(UTC)
    public = key.public_key()  # type: ignore[attr-defined]
    usage = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only"),
        False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named(issuer))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()),  # type: ignore[attr-defined]
            critical=False,
        )
        .add_extension(
            x509.KeyUsage(
                digital_signature=not authority, key_cert_sign=authority, crl_sign=authority,
                decipher_only=False, **usage,
            ),
            critical=True,
        )
    )  # fmt: skip
    if not authority:
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
        builder = builder.add_extension(purpose, critical=True)
    made = builder.sign(by, hashes.SHA256())  # type: ignore[arg-type]
    return made.public_bytes(serialization.Encoding.PEM)


def flipped(path: Path, target: Path, at: float) -> Path:
    """The file with one bit of the byte at a share of its length changed."""
    data = bytearray(path.read_bytes())
    data[int(len(data) * at)] ^= 0x10
    target.write_bytes(bytes(data))
    return target


def ends(_: object) -> None:
    """What a library does to its process when a damaged file breaks it."""
    os.abort()
