"""A figure of matplotlib that shows itself in a notebook, without pyplot and its global state."""

from __future__ import annotations

from io import StringIO

from matplotlib.figure import Figure


class ShownFigure(Figure):
    """A figure whose value in a notebook is its picture."""

    def _repr_svg_(self) -> str:
        text = StringIO()
        self.savefig(text, format="svg", metadata={"Date": None})
        svg = text.getvalue()
        return svg[svg.index("<svg") :]
