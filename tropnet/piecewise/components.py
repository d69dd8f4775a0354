"""Parts of space that are connected through the facets of a complex."""

from __future__ import annotations

from collections.abc import Collection, Sequence


def count_components(cells: int, sides: Sequence[tuple[int, int]], walls: Collection[int]) -> int:
    """How many parts of space remain if some facets of a complex are walls.

    Args:
        cells: The number of maximal cells.
        sides: For each facet the numbers of the two cells that it separates.
        walls: The numbers of the facets that are walls.

    >>> count_components(3, [(0, 1), (1, 2), (0, 2)], {0, 1})
    2
    """
    parent = list(range(cells))

    def root(cell: int) -> int:
        while parent[cell] != cell:
            parent[cell] = parent[parent[cell]]
            cell = parent[cell]
        return cell

    count = cells
    for number, (below, above) in enumerate(sides):
        if number not in walls:
            one, other = root(below), root(above)
            if one != other:
                parent[one] = other
                count -= 1
    return count
