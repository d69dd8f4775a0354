"""Sphinx builds the documentation: python -m sphinx -W -b html docs build/docs."""

from __future__ import annotations

import sys
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from docstrings import escape_docstring  # noqa: E402  (beside this file)
from pictures import draw_all, figures_of  # noqa: E402  (likewise)

project = "tropnet"
author = "the tropnet developers"
project_copyright = author
release = installed_version("tropnet")
extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "sphinx_gallery.gen_gallery",
]
exclude_patterns = ["gallery/**/*.ipynb"]
html_theme = "furo"
html_title = "tropnet"
html_static_path: list[str] = []
default_role = "code"
suppress_warnings = ["config.cache"]

myst_heading_anchors = 3
nb_execution_mode = "force"
nb_execution_raise_on_error = True
autosummary_generate = True
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "inherited-members": False}
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_custom_sections = ["Guarantees", "Cost"]
napoleon_use_rtype = False

sphinx_gallery_conf = {
    "examples_dirs": [str(HERE.parent / "examples" / name) for name in ("abstract", "literature")],
    "gallery_dirs": ["gallery/abstract", "gallery/literature"],
    "filename_pattern": r".*",
    "image_scrapers": (figures_of,),
    "reset_modules": (),
    "show_memory": False,
    "write_computation_times": False,
    "min_reported_time": 10**6,
    "abort_on_example_error": True,
    "download_all_examples": False,
    "remove_config_comments": True,
}


def setup(app: Any) -> None:
    """Pictures are drawn before the pages are read."""
    app.connect("builder-inited", lambda _app: draw_all(HERE / "generated"))
    app.connect("autodoc-process-docstring", escape_docstring, priority=900)
