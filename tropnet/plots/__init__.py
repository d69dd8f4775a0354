"""Figures; imports of matplotlib and plotly stay in this folder (extra ``plot``).

Every function returns a figure object and neither shows nor saves it; `write_figure` does.
"""

from tropnet.plots.bends import plot_bends
from tropnet.plots.findings import findings_page
from tropnet.plots.graphs import plot_bend_graph, plot_fiber
from tropnet.plots.hypersurface import plot_break_locus, plot_hypersurface
from tropnet.plots.newton import plot_duality, plot_newton_polygon
from tropnet.plots.regions import plot_regions
from tropnet.plots.surface import plot_surface
from tropnet.plots.writing import write_figure

__all__ = [
    "findings_page",
    "plot_bend_graph",
    "plot_bends",
    "plot_break_locus",
    "plot_duality",
    "plot_fiber",
    "plot_hypersurface",
    "plot_newton_polygon",
    "plot_regions",
    "plot_surface",
    "write_figure",
]
