"""Exact convex polyhedra; the only folder that imports cddlib."""

from tropnet.polyhedra.affine_frame import affine_frame
from tropnet.polyhedra.decomposability import (
    Decomposability,
    decide_decomposability,
    is_indecomposable,
)
from tropnet.polyhedra.double_description import DoubleDescription
from tropnet.polyhedra.linear_program import (
    LinearProgramSolution,
    LinearProgramStatus,
    solve_linear_program,
)
from tropnet.polyhedra.normal_fan import NormalFan
from tropnet.polyhedra.polyhedron import Polyhedron
from tropnet.polyhedra.redundancy import essential_points

__all__ = [
    "Decomposability",
    "DoubleDescription",
    "LinearProgramSolution",
    "LinearProgramStatus",
    "NormalFan",
    "Polyhedron",
    "affine_frame",
    "decide_decomposability",
    "essential_points",
    "is_indecomposable",
    "solve_linear_program",
]
