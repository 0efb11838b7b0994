"""What C2PA's validation codes and IPTC's source types mean, in plain words (C2PA 2.x, section 15.2.2)."""

from __future__ import annotations

# The file, or what the manifest states, is not what was signed.
CHANGED = frozenset(
    {
        "assertion.bmffHash.mismatch",
        "assertion.boxesHash.mismatch",
        "assertion.collectionHash.mismatch",
        "assertion.dataHash.mismatch",
        "assertion.hashedURI.mismatch",
        "assertion.multiAssetHash.mismatch",
        "claimSignature.mismatch",
    }
)
# Somebody is on no list that was given; nothing is wrong with the file.
UNTRUSTED = frozenset(
    {
        "cawg.ica.untrusted_issuer",
        "cawg.x509.credential.untrusted",
        "signingCredential.untrusted",
        "timeStamp.untrusted",
    }
)

_BYTES = "the file's bytes are not those that were signed"
_WORDS = {
    "algorithm.unsupported": "it uses a cryptographic method that the library does not know",
    "assertion.bmffHash.mismatch": f"{_BYTES}, or pieces of a segmented clip are missing",
    "assertion.boxesHash.mismatch": _BYTES,
    "assertion.collectionHash.mismatch": _BYTES,
    "assertion.dataHash.mismatch": _BYTES,
    "assertion.hashedURI.mismatch": "a statement in the manifest is not the one that was signed",
    "assertion.missing": "a statement that the manifest lists is missing",
    "assertion.multiAssetHash.mismatch": _BYTES,
    "assertion.required.missing": "a statement that every manifest needs is missing",
    "assertion.undeclared": "a statement is in the manifest that was not signed",
    "cawg.ica.did_unavailable": "who is behind the file is told on a server, and nothing is fetched",
    "claimSignature.mismatch": "the signature does not fit the manifest",
    "claimSignature.missing": "the signature is missing",
    "claimSignature.outsideValidity": "it was signed outside the certificate's period of validity",
    "claim.hardBindings.missing": "nothing ties the manifest to the file's bytes",
    "manifest.inaccessible": "a manifest kept elsewhere was not read",
    "signingCredential.expired": "the signer's certificate had expired",
    "signingCredential.invalid": "the signer's certificate is of a kind that may not sign manifests",
    "signingCredential.revoked": "the signer's certificate was withdrawn",
    "signingCredential.untrusted": "the signer is on no list of trusted certificates that was given",
    "timeStamp.mismatch": "the time stamp is not of this signature",
    "timeStamp.outsideValidity": "the time stamp was made outside its certificate's period of validity",
    "timeStamp.untrusted": "who made the time stamp is on no list that was given",
}
_KINDS = {
    "assertion.": "a statement in the manifest breaks the specification",
    "cawg.": "a statement of who is behind the file could not be confirmed",
    "claim": "the manifest's main part breaks the specification",
    "ingredient.": "what is stated of an ingredient does not hold",
    "manifest.": "the manifest breaks the specification",
    "signingCredential.": "the signer's certificate does not hold",
    "timeStamp.": "the time stamp does not hold",
}

_SOURCES = {
    "algorithmicMedia": "made by a program, not by a trained model",
    "algorithmicallyEnhanced": "enhanced by a program",
    "composite": "put together from several elements",
    "compositeCapture": "put together from several captures",
    "compositeSynthetic": "put together, with elements that are synthetic",
    "compositeWithTrainedAlgorithmicMedia": "put together, partly made by a trained model (generative AI)",
    "computationalCapture": "captured by a device that computes the picture from several",
    "dataDrivenMedia": "made from data",
    "digitalArt": "drawn by a person with digital tools",
    "digitalCapture": "captured by a digital camera or recorder",
    "digitalCreation": "made by a person with digital tools",
    "empty": "begun as an empty canvas",
    "humanEdits": "edited by a person",
    "minorHumanEdits": "slightly edited by a person",
    "negativeFilm": "scanned from film",
    "positiveFilm": "scanned from film",
    "print": "scanned from a print",
    "screenCapture": "captured from a screen",
    "softwareImage": "made by a program",
    "trainedAlgorithmicData": "made by a trained model",
    "trainedAlgorithmicMedia": "made by a trained model (generative AI)",
    "virtualRecording": "recorded in a virtual scene",
}


def words(code: str) -> str:
    """What a failed validation code means; codes that are not known are told by their kind."""
    kinds = (text for start, text in _KINDS.items() if code.startswith(start))
    return _WORDS.get(code) or next(kinds, "a rule of the specification does not hold")


def source(source_type: str) -> str | None:
    """What an IPTC digital source type means; None where it is not known."""
    return _SOURCES.get(source_type)
