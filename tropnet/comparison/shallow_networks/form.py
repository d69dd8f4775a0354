"""Functions with one hidden layer in normal form: hyperplanes, jumps and a linear part."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from tropnet.errors import InvalidInputError
from tropnet.exact import Matrix, Vector, primitive_vector
from tropnet.networks.network import ReLUNetwork
from tropnet.piecewise.break_locus import break_locus
from tropnet.piecewise.chain import oriented
from tropnet.piecewise.function_like import FunctionTuple, PiecewiseLinear, values
from tropnet.piecewise.hyperplanes import Hyperplane
from tropnet.piecewise.shallow import WeightChange, hyperplane_weights


@dataclass(frozen=True)
class ShallowForm:
    """The function Σ_i c_i relu(u_i·x − o_i) + ℓ x + e, in the only way to write it like this.

    Attributes:
        hyperplanes: The pairs (u_i, o_i), u_i primitive integers whose first non-zero entry is
            positive; distinct and sorted.
        jumps: The c_i, none of them zero, shape (H, m).
        gradient: ℓ, shape (m, n): the gradient where all u_i·x < o_i, if there are such points.
        constant: e, shape (m,).

    Equal functions have equal forms, since the c_i are the weights of the break locus.
    """

    hyperplanes: tuple[Hyperplane, ...]
    jumps: tuple[Vector, ...]
    gradient: Matrix
    constant: Vector

    @property
    def input_width(self) -> int:
        """The number n of inputs."""
        return len(self.gradient[0])

    @property
    def output_width(self) -> int:
        """The number m of outputs."""
        return len(self.constant)


def shallow_form(f: PiecewiseLinear) -> ShallowForm | WeightChange:
    """The normal form of a function, if a network with one hidden layer represents it.

    A function is of this form iff the weight of its break locus is constant on each hyperplane:
    then f − Σ c_i relu(u_i·x − o_i) breaks nowhere and is affine.

    Returns:
        The form; or a hyperplane on which the weight changes.

    Raises:
        InvalidInputError: for a function that is only defined on a polyhedron.

    Cost: linear for networks with at most one hidden layer and tuples of them; else that of the
        break locus.

    >>> form = shallow_form(ReLUNetwork([([[2], [-1]], [2, -1]), ([[1, 1]], [0])]))
    >>> [(normal, int(offset), int(jump)) for (normal, offset), (jump,) in
    ...  zip(form.hyperplanes, form.jumps)]                       # relu(2x + 2) + relu(-x - 1)
    [((1,), -1, 3)]
    >>> form.gradient, form.constant
    (((Fraction(-1, 1),),), (Fraction(-1, 1),))
    """
    if f.domain is not None:
        raise InvalidInputError("f: defined on a polyhedron only; networks are defined on R^n")
    if isinstance(f, ReLUNetwork) and f.depth <= 1:
        return _of_network(f)
    if isinstance(f, FunctionTuple):
        forms = []
        for part in f.parts:
            form = shallow_form(part)
            if isinstance(form, WeightChange):
                return form
            forms.append(form)
        return _stacked(forms)
    weights = hyperplane_weights(break_locus(f))
    if isinstance(weights, WeightChange):
        return weights
    return form_with_weights(f, weights)


def neuron_hyperplane(row: Vector, bias: Fraction) -> tuple[Hyperplane, int, Fraction]:
    """Where a neuron whose row is not zero switches, on which side it is active, and its size.

    Returns:
        The (normal u, offset o), a sign and a positive scale with row·x + bias =
        scale · sign · (u·x − o).

    >>> neuron_hyperplane((Fraction(0), Fraction(-2)), Fraction(1))
    (((0, 1), Fraction(1, 2)), -1, Fraction(2, 1))
    """
    normal, sign = oriented(primitive_vector(row))
    scale = next(abs(a / b) for a, b in zip(row, normal, strict=True) if b)
    return (normal, -sign * bias / scale), sign, scale


def _of_network(net: ReLUNetwork) -> ShallowForm:
    """Neurons on one hyperplane are added up; relu(−h) = relu(h) − h."""
    (output, constant), inputs, outputs = net.layers[-1], net.input_width, net.output_width
    if not net.depth:
        return ShallowForm((), (), output, constant)
    jumps: dict[Hyperplane, Vector] = {}
    gradient = [[Fraction(0)] * inputs for _ in range(outputs)]
    shift = list(constant)
    for row, bias, out in zip(*net.layers[0], zip(*output, strict=True), strict=True):
        if not any(row):
            shift = [e + v * max(bias, Fraction(0)) for e, v in zip(shift, out, strict=True)]
            continue
        hyperplane, sign, scale = neuron_hyperplane(row, bias)
        jump = tuple(scale * v for v in out)
        before = jumps.get(hyperplane, (Fraction(0),) * outputs)
        jumps[hyperplane] = tuple(a + b for a, b in zip(before, jump, strict=True))
        if sign < 0:
            normal, offset = hyperplane
            for k, c in enumerate(jump):
                gradient[k] = [g - c * u for g, u in zip(gradient[k], normal, strict=True)]
                shift[k] += c * offset
    return _sorted(jumps, tuple(map(tuple, gradient)), tuple(shift))


def _stacked(forms: list[ShallowForm]) -> ShallowForm:
    """The form of several scalar functions as one."""
    jumps: dict[Hyperplane, list[Fraction]] = {}
    for k, form in enumerate(forms):
        for hyperplane, (jump,) in zip(form.hyperplanes, form.jumps, strict=True):
            jumps.setdefault(hyperplane, [Fraction(0)] * len(forms))[k] = jump
    return _sorted(
        {hyperplane: tuple(jump) for hyperplane, jump in jumps.items()},
        tuple(form.gradient[0] for form in forms),
        tuple(form.constant[0] for form in forms),
    )


def form_with_weights(f: PiecewiseLinear, jumps: dict[Hyperplane, Vector]) -> ShallowForm:
    """The form of a function that has one weight on each of its hyperplanes.

    Args:
        f: The function.
        jumps: The weights c_i of its break locus, by hyperplane.

    The affine rest is determined by its values at n + 1 points.
    """
    inputs = f.input_width

    def rest(point: Vector) -> Vector:
        result = list(values(f, point))
        for (normal, offset), jump in jumps.items():
            height = sum((a * x for a, x in zip(normal, point, strict=True)), -offset)
            if height > 0:
                result = [r - c * height for r, c in zip(result, jump, strict=True)]
        return tuple(result)

    constant = rest((Fraction(0),) * inputs)
    units = [tuple(Fraction(i == j) for i in range(inputs)) for j in range(inputs)]
    columns = [tuple(a - e for a, e in zip(rest(unit), constant, strict=True)) for unit in units]
    return _sorted(jumps, tuple(zip(*columns, strict=True)), constant)


def _sorted(jumps: dict[Hyperplane, Vector], gradient: Matrix, constant: Vector) -> ShallowForm:
    items = sorted((hyperplane, jump) for hyperplane, jump in jumps.items() if any(jump))
    return ShallowForm(
        tuple(hyperplane for hyperplane, _ in items),
        tuple(jump for _, jump in items),
        gradient,
        constant,
    )
