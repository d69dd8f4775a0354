"""Figures as files."""

from __future__ import annotations

import os
from html import escape
from pathlib import Path
from typing import Any

from tropnet.errors import InvalidInputError, TropnetError
from tropnet.piecewise.weighted_complex import WeightedComplex
from tropnet.plots.hypersurface import plot_hypersurface

_PAGE = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>{title}</title>
<style>svg {{ max-width: 100%; height: auto; }}</style>
{svg}
</html>
"""


def write_figure(figure: Any, path: str | os.PathLike[str]) -> None:
    """Write a figure of matplotlib or plotly to a file; the suffix chooses the format.

    Args:
        figure: What a function of this folder returns.
        path: A name that ends in .svg, .png, .pdf or .html.  A figure of plotly, which can be
            turned, goes to .html alone; that file needs no network.

    Raises:
        InvalidInputError: for another suffix, or one that does not suit the figure.
        TropnetError: if the file cannot be written.
    """
    target = Path(path)
    suffix = target.suffix.lower()
    try:
        if hasattr(figure, "write_html"):
            if suffix != ".html":
                raise InvalidInputError(
                    f"{target}: a picture in space by plotly; write it to a .html file"
                )
            figure.write_html(target, include_plotlyjs=True)
        elif suffix == ".html":
            page = _PAGE.format(title=escape(target.stem), svg=figure._repr_svg_())
            target.write_text(page, encoding="utf-8")
        elif suffix in (".svg", ".png", ".pdf"):
            figure.savefig(target)
        else:
            raise InvalidInputError(f"{target}: pictures are .svg, .png, .pdf or .html")
    except OSError as error:
        raise TropnetError(f"{target}: cannot write ({error.strerror})") from None


# Complexes with more facets are not drawn in a notebook.
_DRAWN = 400


def complex_svg(X: WeightedComplex) -> str | None:
    """What a notebook shows of a complex in the plane or on a line.

    None in other dimensions, for many facets, and where matplotlib is not installed.
    """
    if X.ambient_dim > 2 or len(X.facets) > _DRAWN:
        return None
    try:
        figure = plot_hypersurface(X, size=4.0)
    except TropnetError:
        return None
    svg: str = figure._repr_svg_()
    return svg
