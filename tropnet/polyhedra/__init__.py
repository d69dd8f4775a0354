"""Exact convex polyhedra; the only folder that imports cddlib."""

from tropnet.polyhedra.affine_chart import AffineChart
from tropnet.polyhedra.polyhedron import DoubleDescription, Polyhedron

__all__ = ["AffineChart", "DoubleDescription", "Polyhedron"]
