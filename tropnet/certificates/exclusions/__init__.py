"""Proofs that no network of an architecture, or of a smaller one, is a given function."""

from __future__ import annotations

from typing import Any, TypeAlias, get_args

from tropnet.certificates.exclusions.elementary import NotAffine, NotConstant
from tropnet.certificates.exclusions.generic_depth import GenericDepth
from tropnet.certificates.exclusions.one_top_neuron import OneTopNeuron
from tropnet.certificates.exclusions.pieces import GradientRank, ManyPieces
from tropnet.certificates.exclusions.shallow import NotShallow, ShallowWidth
from tropnet.certificates.exclusions.sign_cases import SignCases
from tropnet.certificates.exclusions.unbounded_edges import UnboundedEdges
from tropnet.certificates.exclusions.uncovered_cells import UncoveredCells
from tropnet.certificates.plain import require

__all__ = ["Exclusion", "exclusion_data", "exclusion_from_data"]

Exclusion: TypeAlias = (
    NotConstant
    | NotAffine
    | NotShallow
    | ShallowWidth
    | GradientRank
    | ManyPieces
    | UncoveredCells
    | UnboundedEdges
    | OneTopNeuron
    | SignCases
    | GenericDepth
)
"""It has `excludes(architecture)`, `check(f)`, a `reason` and a `statement`."""

_KINDS: dict[str, type[Exclusion]] = {kind.reason: kind for kind in get_args(Exclusion)}


def exclusion_data(exclusion: Exclusion) -> dict[str, Any]:
    """An exclusion as plain JSON data."""
    return {"reason": exclusion.reason} | exclusion.data()


def exclusion_from_data(data: dict[str, Any]) -> Exclusion:
    """An exclusion from plain JSON data.

    Raises:
        CertificateError: if the data is malformed.
    """
    reason = str(data.get("reason"))
    require(reason in _KINDS, "an exclusion of an unknown kind")
    return _KINDS[reason].from_data({key: data[key] for key in data if key != "reason"})
