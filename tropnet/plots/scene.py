"""Polygons in space, drawn by plotly or by matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

from tropnet.exact import Vector
from tropnet.plots.libraries import matplotlib_figure, plotly_objects
from tropnet.plots.style import INK, Colour
from tropnet.plots.window import Window

Figure3D: TypeAlias = Any
"""A ``plotly.graph_objects.Figure`` or a ``matplotlib.figure.Figure``."""

_SHADES = {"ambient": 0.75, "diffuse": 0.4, "specular": 0.05}


class Patch(NamedTuple):
    """Polygons of one colour.

    Attributes:
        name: For the legend.
        colour: Of the faces.
        rings: The corners of each polygon, in order around it.
    """

    name: str
    colour: Colour
    rings: list[tuple[Vector, ...]]


def draw_scene(
    patches: Sequence[Patch],
    window: Window,
    *,
    library: str | None,
    legend: bool,
    opacity: float,
    cube: bool,
    size: float,
    remark: str = "",
) -> Figure3D:
    """A figure with polygons and their borders.

    Args:
        patches: The polygons.
        window: The part of space to show.
        library: "plotly", "matplotlib", or None for plotly where it is installed.
        legend: Whether to list the names.
        opacity: From 0 to 1.
        cube: Whether the box has equal sides on the screen, instead of equal units.
        size: The width in inches.
        remark: A title.

    Raises:
        InvalidInputError: for another library.
        TropnetError: if the library is not installed.
    """
    objects = plotly_objects(library)
    if objects is not None:
        return _plotly(objects, patches, window, legend, opacity, cube, remark)
    return _matplotlib(patches, window, legend, opacity, cube, size, remark)


def _plotly(
    objects: Any,
    patches: Sequence[Patch],
    window: Window,
    legend: bool,
    opacity: float,
    cube: bool,
    remark: str,
) -> Figure3D:
    figure = objects.Figure()
    edges: list[tuple[float | None, ...]] = []
    for patch in patches:
        points: list[tuple[float, ...]] = []
        triangles: list[tuple[int, int, int]] = []
        for corners in patch.rings:
            start = len(points)
            points.extend(_floats(corners))
            triangles.extend((start, start + k, start + k + 1) for k in range(1, len(corners) - 1))
            edges.extend([*_floats(corners), *_floats(corners[:1]), (None, None, None)])
        x, y, z = zip(*points, strict=True)
        i, j, k = zip(*triangles, strict=True)
        figure.add_trace(
            objects.Mesh3d(
                x=x, y=y, z=z, i=i, j=j, k=k, name=patch.name, color=_css(patch.colour),
                opacity=opacity, flatshading=True, showlegend=legend, lighting=_SHADES,
                hoverinfo="x+y+z+name",
            )
        )  # fmt: skip
    if edges:
        x, y, z = zip(*edges, strict=True)
        figure.add_trace(
            objects.Scatter3d(
                x=x, y=y, z=z, mode="lines", line={"color": _css(INK), "width": 2},
                showlegend=False, hoverinfo="skip",
            )
        )  # fmt: skip
    axes = {
        f"{name}axis": {"range": interval}
        for name, interval in zip("xyz", window.floats, strict=True)
    }
    figure.update_layout(
        scene={**axes, "aspectmode": "cube" if cube else "data"},
        title=remark or None,
        margin={"l": 0, "r": 0, "b": 0, "t": 40 if remark else 0},
    )
    return figure


def _matplotlib(
    patches: Sequence[Patch],
    window: Window,
    legend: bool,
    opacity: float,
    cube: bool,
    size: float,
    remark: str,
) -> Figure3D:
    figure = matplotlib_figure(size, 0.85 * size)
    from mpl_toolkits.mplot3d.art3d import Poly3DCollection  # type: ignore[import-untyped]

    axes: Any = figure.add_subplot(projection="3d")
    for patch in patches:
        axes.add_collection3d(
            Poly3DCollection(
                [_floats(corners) for corners in patch.rings],
                facecolors=(*patch.colour, opacity), edgecolors=(*INK, 0.8), linewidths=0.6,
                label=patch.name,
            ),
            autolim=False,
        )  # fmt: skip
    x, y, z = window.floats
    axes.set(xlim=x, ylim=y, zlim=z, xlabel="x", ylabel="y", zlabel="z")
    sides = [1.0, 1.0, 0.75] if cube else [high - low for low, high in window.floats]
    axes.set_box_aspect(sides, zoom=0.88)
    if remark:
        axes.set_title(remark, fontsize=10, style="italic")
    if legend and patches:
        from matplotlib.patches import Patch as Swatch

        axes.legend(
            handles=[
                Swatch(facecolor=(*patch.colour, opacity), edgecolor=INK, label=patch.name)
                for patch in patches
            ],
            loc="upper left",
        )
    return figure


def _floats(corners: Sequence[Vector]) -> list[tuple[float, ...]]:
    return [tuple(float(entry) for entry in corner) for corner in corners]


def _css(shade: Colour) -> str:
    return f"rgb({', '.join(str(round(255 * part)) for part in shade)})"
