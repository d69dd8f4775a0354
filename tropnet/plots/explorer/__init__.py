"""An explorer for the browser: one page, without network, for a network with two inputs."""

from tropnet.plots.explorer.page import explorer_page
from tropnet.plots.explorer.slices import coordinate_slice

__all__ = ["coordinate_slice", "explorer_page"]
