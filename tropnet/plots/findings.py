"""A page of pictures for what a search has found."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from io import StringIO
from itertools import islice

from tropnet.errors import InvalidInputError
from tropnet.plots.hypersurface import plot_break_locus
from tropnet.search.finding import Finding

_HEAD = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ font-family: sans-serif; margin: 2em; }}
main {{ display: flex; flex-wrap: wrap; gap: 1.5em; }}
figure {{ margin: 0; width: 20em; }}
figure svg {{ width: 100%; height: auto; }}
figcaption {{ font-size: 80%; overflow-wrap: anywhere; }}
</style>
<h1>{title}</h1>
<p>{about}</p>
<main>
"""


def findings_page(findings: Iterable[Finding], title: str, most: int = 60) -> str:
    """An HTML page with the break loci of findings in two variables, one for each function.

    Args:
        findings: The findings; those with another number of inputs are passed over.
        title: The title of the page.
        most: How many pictures there are at most.

    Returns:
        A page that needs no other file.

    Raises:
        InvalidInputError: if no finding has two inputs and one output.
        TropnetError: if matplotlib is not installed.
    """
    first: dict[str, Finding] = {}
    for finding in findings:
        widths = finding.network.architecture
        if (widths[0], widths[-1]) == (2, 1):
            first.setdefault(finding.function, finding)
    if not first:
        raise InvalidInputError("findings: none of them has two inputs and one output")
    shown = list(islice(first.values(), most))
    about = (
        f"Break loci of {len(shown)} of {len(first)} functions; colours and widths tell weights."
    )
    parts = [_HEAD.format(title=escape(title), about=escape(about))]
    parts += map(_figure, shown)
    return "".join([*parts, "</main>\n</html>\n"])


def _figure(finding: Finding) -> str:
    picture = StringIO()
    plot_break_locus(finding.network, size=3).savefig(picture, format="svg")
    svg = picture.getvalue().partition("<svg")[2]
    widths = "-".join(map(str, finding.network.architecture))
    facts = ", ".join(f"{name.replace('_', ' ')}: {fact}" for name, fact in finding.facts.items())
    caption = f"{widths}, index {finding.index}; {facts}"
    return f"<figure><svg{svg}<figcaption>{escape(caption)}</figcaption></figure>\n"
