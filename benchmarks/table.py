"""Plain text tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class Table:
    """A table printed row by row, so that long runs show what they have.

    The first column is left-aligned, all others right-aligned.
    """

    def __init__(self, title: str, columns: Sequence[str], widths: Sequence[int]) -> None:
        self._widths = widths
        print(f"\n{title}")
        self.row(columns)
        self.row(["-" * width for width in widths])

    def row(self, cells: Iterable[str]) -> None:
        """Print one row, of texts that fit their columns."""
        first, *others = [
            cell.ljust(width) if index == 0 else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(cells, self._widths, strict=True))
        ]
        print("  ".join([first, *others]).rstrip(), flush=True)


def seconds(value: float) -> str:
    """Seconds with three significant digits."""
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


def ratio(ours: float, theirs: float, bounded: bool) -> str:
    """How many times faster we are; a lower bound where the peer was stopped."""
    return f"{'>' if bounded else ''}{theirs / ours:.1f}x"
