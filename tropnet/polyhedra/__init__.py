"""Exact convex polyhedra; the only folder that imports cddlib."""

from tropnet.polyhedra.affine_frame import affine_frame
from tropnet.polyhedra.polyhedron import DoubleDescription, Polyhedron

__all__ = ["DoubleDescription", "Polyhedron", "affine_frame"]
