"""Pictures of weighted complexes and of the duality, by what the figures contain."""

import builtins
import io
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tropnet import Facet, InvalidInputError, Polyhedron, TropicalPolynomial, TropnetError
from tropnet import WeightedComplex as Complex
from tropnet.plots import plot_duality, plot_hypersurface, plot_newton_polygon
from tropnet.plots.window import Window

pytest.importorskip("matplotlib", reason="matplotlib (the extra plot) is not installed")

LINE = TropicalPolynomial([[0, 0], [1, 0], [0, 1]], [0, 0, 0])
CONIC = TropicalPolynomial([[0, 0], [1, 0], [2, 0], [0, 1], [1, 1], [0, 2]], [0, 1, 0, 1, 1, 0])


def drawn(axes, gid):
    """The coordinates of all lines of one kind."""
    return [tuple(map(tuple, line.get_xydata())) for line in axes.lines if line.get_gid() == gid]


def counts(axes):
    kinds = Counter(line.get_gid() for line in axes.lines)
    kinds.update(patch.get_gid() for patch in axes.patches)
    return kinds


def texts(axes):
    return sorted(text.get_text() for text in axes.texts)


def render(figure):
    """Draws everything; warnings are errors."""
    target = io.BytesIO()
    figure.savefig(target, format="png", dpi=40)
    assert target.getvalue().startswith(b"\x89PNG")


def test_a_tropical_line_has_three_rays_cut_off_at_the_window():
    figure = plot_hypersurface(LINE, (-1, 2, -3, 1))
    axes = figure.axes[0]
    assert sorted(drawn(axes, "facet")) == [((-1, 0), (0, 0)), ((0, -3), (0, 0)), ((0, 0), (1, 1))]
    assert counts(axes)["vertex"] == 1
    assert texts(axes) == []
    render(figure)


def test_what_lies_outside_the_window_is_not_drawn():
    axes = plot_hypersurface(LINE, (1, 2, 0, 3)).axes[0]
    assert drawn(axes, "facet") == [((1, 1), (2, 2))]
    assert counts(axes)["vertex"] == 0
    axes = plot_hypersurface(LINE, (0, 1, -3, -2)).axes[0]
    assert drawn(axes, "facet") == [((0, -3), (0, -2))]


points = st.tuples(st.integers(0, 3), st.integers(0, 3))


@settings(max_examples=15, deadline=None)
@given(st.dictionaries(points, st.integers(-6, 6), min_size=1, max_size=8))
def test_ends_lie_in_the_window_and_nothing_is_lost(terms):
    p = TropicalPolynomial(list(terms), list(terms.values()))
    X = p.hypersurface()
    axes = plot_hypersurface(X).axes[0]
    segments = drawn(axes, "facet")
    assert len(segments) == len(X.facets)
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    for segment in segments:
        assert len(segment) == 2
        assert all(left <= x <= right and low <= y <= high for x, y in segment)
    heavy = [facet for facet in X.facets if facet.weight != 1]
    assert len(axes.texts) == len(heavy) + (not X.facets)


def test_weights_other_than_one_are_written_and_negative_ones_have_their_colour():
    X = LINE.hypersurface() - TropicalPolynomial([[0, 0], [2, 2]], [1, 1]).hypersurface()
    figure = plot_hypersurface(X)
    axes = figure.axes[0]
    assert "-2" in texts(axes)
    assert len({line.get_color() for line in axes.lines if line.get_gid() == "facet"}) == 2
    assert len(axes.get_legend().get_texts()) == 2
    render(figure)
    assert plot_hypersurface(LINE).axes[0].get_legend() is None


def test_vector_weights_are_written():
    line = Polyhedron.from_generators([(0, 0)], lines=[(1, 0)])
    figure = plot_hypersurface(Complex(2, [Facet((0, 1), 0, (1, "-1/2"), line)]))
    assert texts(figure.axes[0]) == ["(1, -1/2)"]
    render(figure)


@pytest.mark.parametrize(
    "X", [Complex(1), Complex(2), Complex(3), TropicalPolynomial([[2, 1]], [0])]
)
def test_nothing_to_draw_is_said(X):
    figure = plot_hypersurface(X, library="matplotlib")
    axes = figure.axes[0]
    assert "the function is affine" in "".join([*texts(axes), axes.get_title()])
    render(figure)


def test_in_one_variable_the_graph_and_its_breaks_are_drawn():
    p = TropicalPolynomial([[0], [1], [4]], [0, 0, -3])
    figure = plot_hypersurface(p, (-1, 2))
    axes = figure.axes[0]
    assert drawn(axes, "graph") == [((-1, 0), (0, 0), (1, 1), (2, 5))]
    assert sorted(drawn(axes, "vertex")) == [((0, 0),), ((1, 1),)]
    assert texts(axes) == ["3"]
    assert counts(plot_hypersurface(p.hypersurface()).axes[0])["vertex"] == 2
    render(figure)
    render(plot_duality(p))
    assert counts(plot_newton_polygon(p).axes[0])["edge"] == 2


def test_the_newton_polygon_of_a_conic():
    figure = plot_newton_polygon(CONIC)
    kinds = counts(figure.axes[0])
    assert (kinds["edge"], kinds["cell"], kinds["essential exponent"]) == (9, 4, 6)
    assert kinds["other exponent"] == 0
    render(figure)


def test_hollow_exponents_and_lattice_lengths():
    p = TropicalPolynomial([[0, 0], [1, 0], [2, 0], [0, 2]], [0, -1, 0, 0])
    axes = plot_newton_polygon(p).axes[0]
    kinds = counts(axes)
    assert (kinds["essential exponent"], kinds["other exponent"], kinds["cell"]) == (3, 1, 1)
    assert texts(axes) == ["2", "2", "2"]


def test_collinear_exponents():
    p = TropicalPolynomial([[0, 0], [1, 1], [3, 3]], [0, 0, -2])
    figure = plot_duality(p)
    left, right = figure.axes
    assert (counts(left)["facet"], counts(left)["vertex"]) == (2, 0)
    assert (counts(right)["edge"], counts(right)["cell"]) == (2, 0)
    assert texts(left) == texts(right) == ["2"]
    render(figure)


def test_rational_exponents():
    p = TropicalPolynomial([[0, 0], ["1/2", 0], [0, "1/3"]], [0, 0, 0])
    assert texts(plot_duality(p).axes[1]) == ["1/2", "1/3", "1/6"]


@pytest.mark.parametrize("p", [CONIC, LINE, LINE * CONIC, TropicalPolynomial([[1, 1]], [3])])
def test_dual_edges_and_facets_have_one_colour_and_are_orthogonal(p):
    figure = plot_duality(p)
    left, right = figure.axes
    facets = {line.get_color(): line for line in left.lines if line.get_gid() == "facet"}
    edges = {line.get_color(): line for line in right.lines if line.get_gid() == "edge"}
    assert len(facets) == len(p.hypersurface().facets)
    assert facets.keys() == edges.keys()
    for shade, facet in facets.items():
        (a, b), (c, d) = facet.get_xydata(), edges[shade].get_xydata()
        assert abs((b - a) @ (d - c)) < 1e-9
    assert counts(left)["vertex"] == counts(right)["cell"]
    render(figure)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: plot_hypersurface("x"), "got str"),
        (lambda: plot_hypersurface(Complex(4)), "R\\^4"),
        (lambda: plot_hypersurface(LINE, (0, 1)), "x_min, x_max, y_min, y_max"),
        (lambda: plot_hypersurface(LINE, (0, 1, 2, 2)), "y_min < y_max"),
        (lambda: plot_hypersurface(Complex(3), library="gnuplot"), "'gnuplot'"),
        (lambda: plot_newton_polygon(LINE.hypersurface()), "got WeightedComplex"),
        (lambda: plot_duality(TropicalPolynomial([[0, 0, 1]], [0])), "3 variables"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(InvalidInputError, match=message):
        call()


def test_without_matplotlib_the_error_says_what_to_install(monkeypatch):
    real = builtins.__import__

    def absent(name, *arguments):
        if name.startswith(("matplotlib", "plotly")):
            raise ImportError(name)
        return real(name, *arguments)

    monkeypatch.setattr(builtins, "__import__", absent)
    for draw in (plot_hypersurface, plot_newton_polygon, plot_duality):
        with pytest.raises(TropnetError, match=r'pip install "tropnet\[plot\]"'):
            draw(LINE)
    with pytest.raises(TropnetError, match=r'plotly: pip install "tropnet\[plot\]"'):
        plot_hypersurface(Complex(3), library="plotly")


def test_default_windows():
    half = Fraction(1, 2)
    assert Window.around([], 1).intervals == ((-2, 2),)
    assert Window.around([(Fraction(0), Fraction(3)), (Fraction(1), Fraction(3))], 2).intervals == (
        (Fraction(-2, 5), Fraction(7, 5)),
        (3 - Fraction(27, 40), 3 + Fraction(27, 40)),
    )
    point = Polyhedron.from_generators([(half, half)])
    assert Window.of((0, 1, 0, 1), 2).clip(point) == ((half, half),)
