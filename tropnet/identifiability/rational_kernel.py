"""A rational kernel from one modulo a prime.

A kernel modulo a prime tells which parameters its vectors move, and how they hang together: two
parameters that no chain of vectors links can be treated apart.  What is left are small systems over
the integers, usually of a few parameters each.  They propose the kernel; whether it is one is for
`kernel_check` to say.
"""

from __future__ import annotations

from collections.abc import Sequence

import networkx as nx
import numpy as np

from tropnet.exact import nullspace
from tropnet.exact.modular import ModularKernel, residues
from tropnet.identifiability.exact_jacobian import ActivePattern, ExactJacobian
from tropnet.identifiability.kernel_check import SparseVector


def rational_kernel(
    jacobian: ExactJacobian,
    coordinates: Sequence[int],
    kernel: ModularKernel,
    regions: Sequence[ActivePattern],
) -> list[SparseVector] | None:
    """Integer vectors that span the kernel if it has the dimension that it has modulo the prime.

    Args:
        jacobian: The Jacobians over the integers.
        coordinates: The parameters that the columns of `kernel` stand for.
        kernel: The kernel modulo a prime of the Jacobians of all regions.
        regions: Regions whose Jacobians have the same rank modulo the prime as those of all.

    Returns:
        Linearly independent vectors, each with a coordinate that no other has, as many as the
        modular kernel has; sorted by their first coordinates.  None if the rank over the rationals
        is larger than that modulo the prime.
    """
    vectors: list[SparseVector] = []
    for component in _components(kernel):
        chosen = [coordinates[column] for column in component]
        dimension = len(set(component) & set(kernel.free.tolist()))
        if dimension == len(component):
            vectors += [{coordinate: 1} for coordinate in chosen]
            continue
        rows = _independent_rows(
            jacobian, chosen, regions, len(component) - dimension, kernel.prime
        )
        basis = nullspace(rows, len(chosen))
        if len(basis) != dimension:
            return None
        vectors += [
            {coordinate: value for coordinate, value in zip(chosen, vector, strict=True) if value}
            for vector in basis
        ]
    return sorted(vectors, key=lambda vector: sorted(vector))


def _components(kernel: ModularKernel) -> list[list[int]]:
    """The columns that the kernel moves, in groups that no vector links, each sorted."""
    graph = nx.Graph()
    free = kernel.free.tolist()
    graph.add_nodes_from(free)
    pivots = kernel.pivots.tolist()
    for row, column in np.argwhere(kernel.combinations).tolist():
        graph.add_edge(pivots[row], free[column])
    return sorted(sorted(component) for component in nx.connected_components(graph))


def _independent_rows(
    jacobian: ExactJacobian,
    coordinates: Sequence[int],
    regions: Sequence[ActivePattern],
    rank: int,
    prime: int,
) -> list[list[int]]:
    """Rows of the Jacobian, restricted to some parameters, that are independent modulo a prime."""
    found: list[list[int]] = []
    modular = ModularKernel(len(coordinates), prime)
    for region in regions:
        jacobian.move_to(region)
        rows = [row for row in jacobian.rows(coordinates) if any(row)]
        if rows:
            found += [rows[i] for i in modular.add(residues(rows, prime))]
        if modular.rank == rank:
            break
    return found
