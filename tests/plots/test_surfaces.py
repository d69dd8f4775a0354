"""Pictures in space and of activation regions, by what the figures contain."""

import io

import pytest

from tropnet import (
    Facet,
    InvalidInputError,
    Polyhedron,
    ReLUNetwork,
    TropicalPolynomial,
    WeightedComplex,
    activation_regions,
    random_network,
)
from tropnet.plots import plot_hypersurface, plot_regions, plot_surface
from tropnet.plots.window import Window

art3d = pytest.importorskip(
    "mpl_toolkits.mplot3d.art3d", reason="matplotlib (the extra plot) is not installed"
)

PLANE = TropicalPolynomial([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 2]], [0, 0, 0, 0])
LINE = TropicalPolynomial([[0, 0], [1, 0], [0, 1]], [0, 0, 0])
NET = random_network([2, 3, 2, 1], seed=3)


def render(figure):
    target = io.BytesIO()
    figure.savefig(target, format="png", dpi=40)
    assert target.getvalue().startswith(b"\x89PNG")


@pytest.fixture(autouse=True)
def _collections_that_remember(monkeypatch):
    """Matplotlib keeps the corners of polygons in space where each version likes."""

    class Remembering(art3d.Poly3DCollection):
        def __init__(self, corners, *arguments, **options):
            super().__init__(corners, *arguments, **options)
            self.corners = corners

    monkeypatch.setattr(art3d, "Poly3DCollection", Remembering)


def polygons(figure):
    """The corners of all polygons of a matplotlib figure."""
    return [ring for collection in figure.axes[0].collections for ring in collection.corners]


def test_a_tropical_plane_has_six_facets_inside_the_box():
    figure = plot_hypersurface(PLANE, (-1, 1, -2, 2, -3, 1), library="matplotlib")
    render(figure)
    collections = figure.axes[0].collections
    assert [collection.get_label() for collection in collections] == ["weight 1", "weight 2"]
    assert len(polygons(figure)) == len(PLANE.hypersurface().facets) == 6
    for polygon in polygons(figure):
        for x, y, z in polygon:
            assert -1 <= x <= 1
            assert -2 <= y <= 2
            assert -3 <= z <= 1


def test_vector_weights_in_space():
    plane = Polyhedron.from_inequalities([[1, 0, 0]], [0], ([[0, 1, 0]], [2]))
    X = WeightedComplex(3, [Facet((0, 1, 0), 2, (1, -1), plane)])
    figure = plot_hypersurface(X, library="matplotlib")
    assert [c.get_label() for c in figure.axes[0].collections] == ["weight (1, -1)"]
    render(figure)


def test_plotly_draws_the_same_polygons():
    objects = pytest.importorskip("plotly.graph_objects", reason="plotly is not installed")
    figure = plot_hypersurface(PLANE)
    assert isinstance(figure, objects.Figure)
    assert [trace.name for trace in figure.data[:-1]] == ["weight 1", "weight 2"]
    # A broken line: one gap after each polygon.
    assert sum(x is None for x in figure.data[-1].x) == 6
    surface = plot_surface(LINE)
    assert sorted(trace.name for trace in surface.data[:-1]) == ["0", "x", "y"]
    for trace in surface.data[:-1]:
        assert set(trace.z) <= {0.0, 4.0, -4.0}
    assert len(plot_hypersurface(WeightedComplex(3)).data) == 0


@pytest.mark.parametrize(
    ("f", "count"),
    [
        (LINE, 3),
        (TropicalPolynomial([[1, 2]], [3]), 1),
        (LINE + TropicalPolynomial([[9, 9]], [-99]), 3),
    ],
)
def test_a_polynomial_is_drawn_over_its_linearity_domains(f, count):
    figure = plot_surface(f, library="matplotlib")
    render(figure)
    assert len(polygons(figure)) == count
    for polygon in polygons(figure):
        assert all(f((x, y)) == z for x, y, z in polygon)


@pytest.mark.parametrize("f", [NET, LINE / TropicalPolynomial([[0, 0], [1, 1]], [0, 0])])
def test_corners_lie_on_the_graph(f):
    figure = plot_surface(f, (-1, 1, 0, 2), library="matplotlib")
    render(figure)
    assert polygons(figure)
    for polygon in polygons(figure):
        for x, y, z in polygon:
            assert -1 <= x <= 1
            assert 0 <= y <= 2
            value = f((x, y))
            assert z == pytest.approx(float(value[0] if f is NET else value))


def test_one_polygon_for_each_region():
    box = Window.of((-4, 4, -4, 4), 2).polyhedron
    count = len(list(activation_regions(NET, box)))
    assert len(polygons(plot_surface(NET, library="matplotlib"))) == count
    figure = plot_regions(NET)
    assert len(figure.axes[0].patches) == count
    render(figure)


def test_an_output_is_chosen():
    net = ReLUNetwork([([[1, 0], [0, 1]], [0, 5])])
    corners = polygons(plot_surface(net, output=1, library="matplotlib"))[0]
    assert all(z == y + 5 for _, y, z in corners)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: plot_surface(PLANE), "3 variables; it needs two"),
        (lambda: plot_surface(TropicalPolynomial([[1]], [0])), "1 variable; it needs two"),
        (lambda: plot_surface(LINE.hypersurface()), "got WeightedComplex"),
        (lambda: plot_surface(NET, output=1), "output: 1"),
        (lambda: plot_surface(NET, (1, 0, 0, 1)), "x_min < x_max"),
        (lambda: plot_surface(NET, library="x"), "'x'"),
        (lambda: plot_regions(NET, (0, 1)), "expected \\(x_min"),
        (lambda: plot_regions(random_network([1, 2, 1], seed=0)), "1 inputs"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(InvalidInputError, match=message):
        call()
