"""Certificates as JSON."""

from __future__ import annotations

import json
from typing import Any, TypeAlias, get_args

from tropnet.certificates.depth import DepthChain, NoTransversalRepresentation
from tropnet.certificates.dimension import DimensionCertificate
from tropnet.certificates.equality import EqualityCertificate
from tropnet.certificates.equivalence import EquivalenceCertificate
from tropnet.certificates.identifiability import (
    NotIdentifiableCertificate,
    UniqueShallowCertificate,
)
from tropnet.certificates.inequality import InequalityCertificate
from tropnet.certificates.inequivalence import InequivalenceCertificate
from tropnet.certificates.minimality import MinimalityCertificate, NotMinimalCertificate
from tropnet.certificates.plain import require
from tropnet.certificates.shallow import NotShallowCertificate, ShallowCertificate
from tropnet.certificates.shallow_width import ShallowWidthCertificate
from tropnet.certificates.unique_transversal import UniqueTransversalCertificate
from tropnet.errors import CertificateError

Certificate: TypeAlias = (
    EqualityCertificate | InequalityCertificate | EquivalenceCertificate | InequivalenceCertificate
)
"""A certificate about two functions: `check(f, g)`."""
FunctionCertificate: TypeAlias = (
    DepthChain
    | DimensionCertificate
    | NoTransversalRepresentation
    | ShallowCertificate
    | NotShallowCertificate
    | ShallowWidthCertificate
    | MinimalityCertificate
    | NotMinimalCertificate
    | NotIdentifiableCertificate
    | UniqueShallowCertificate
    | UniqueTransversalCertificate
)
"""A certificate about one function: `check(f)`."""
AnyCertificate: TypeAlias = Certificate | FunctionCertificate

_FORMAT = "tropnet/certificate"
_VERSION = 1
_KINDS: dict[str, type[AnyCertificate]] = {
    kind.claim: kind for kind in get_args(Certificate) + get_args(FunctionCertificate)
}


def certificate_to_json(certificate: AnyCertificate) -> str:
    """A certificate as JSON text; every number in it is exact.

    >>> certificate_to_json(InequalityCertificate((1, 2)))    # doctest: +NORMALIZE_WHITESPACE
    '{"format": "tropnet/certificate", "version": 1, "claim": "different",
      "witness": ["1", "2"]}'
    """
    header = {"format": _FORMAT, "version": _VERSION, "claim": certificate.claim}
    return json.dumps(header | certificate.data())


def certificate_from_json(text: str) -> AnyCertificate:
    """A certificate from JSON text.

    Raises:
        CertificateError: if the text is no certificate, or of another version.  What it proves is
            `check`'s business.
    """
    try:
        data: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CertificateError(f"certificate: not JSON ({error})") from None
    require(isinstance(data, dict), "not a JSON object")
    require(data.pop("format", None) == _FORMAT, "the format is not {!r}", _FORMAT)
    version = data.pop("version", None)
    require(type(version) is int and version == _VERSION, "the version is not {}", _VERSION)
    claim = data.pop("claim", None)
    require(isinstance(claim, str) and claim in _KINDS, "unknown claim")
    return _KINDS[claim].from_data(data)
