"""The drawing libraries, imported when a figure is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tropnet.errors import InvalidInputError, TropnetError

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def matplotlib_figure(width: float, height: float) -> Figure:
    """An empty figure of matplotlib, known to no window and no global state.

    Args:
        width: In inches.
        height: In inches.

    Raises:
        TropnetError: if matplotlib is not installed.
    """
    try:
        import matplotlib.figure

        from tropnet.plots.figure import ShownFigure
    except ImportError:
        raise TropnetError('plots need matplotlib: pip install "tropnet[plot]"') from None
    figure: matplotlib.figure.Figure = ShownFigure(figsize=(width, height))
    return figure


def plotly_objects(library: str | None) -> Any | None:
    """The module ``plotly.graph_objects`` if plotly is to draw, None if matplotlib is.

    Args:
        library: "plotly", "matplotlib", or None for plotly where it is installed.

    Raises:
        InvalidInputError: for any other name.
        TropnetError: if plotly is asked for and not installed.
    """
    if library not in (None, "plotly", "matplotlib"):
        raise InvalidInputError(f"library: {library!r} is neither 'plotly' nor 'matplotlib'")
    if library == "matplotlib":
        return None
    try:
        import plotly.graph_objects as objects
    except ImportError:
        if library is None:
            return None
        raise TropnetError('this plot needs plotly: pip install "tropnet[plot]"') from None
    return objects
