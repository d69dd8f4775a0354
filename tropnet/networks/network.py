"""Feedforward ReLU networks with exact rational parameters."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, NoReturn

from tropnet.errors import InvalidInputError
from tropnet.exact import Number, Vector, to_fraction, to_integers, to_vector
from tropnet.networks import layers as plain
from tropnet.networks.integer_form import IntegerForm
from tropnet.networks.layers import Layers
from tropnet.piecewise import Facet
from tropnet.piecewise.affine_cells import AffineCell
from tropnet.polyhedra import Polyhedron


class ReLUNetwork:
    """A network T_{L+1} ∘ relu ∘ T_L ∘ … ∘ relu ∘ T_1 with affine maps T_l(z) = W_l z + b_l.

    ReLU acts after every layer but the last, coordinate by coordinate.  All parameters are exact
    rationals; a float given as a weight is the dyadic rational it stores.  Networks are
    immutable, hashable and picklable.  ``==`` compares parameters; whether two networks are the
    same *function* is `tropnet.decide_equality`'s question.

    Args:
        layers: Pairs (W, b), the output layer last; W has shape (outputs, inputs).  A single pair
            is an affine function without hidden layers.

    Raises:
        InvalidInputError: for no layers, empty layers, shapes that do not fit (names the layer,
            counted from 1) and entries that are not finite numbers.

    >>> net = ReLUNetwork([([[1, -1], ["1/2", 0.25]], [0, 1]), ([[2, -3]], ["1/3"])])
    >>> net.architecture, net.depth, net.hidden_neuron_count, net.parameter_count
    ((2, 2, 1), 1, 2, 9)
    >>> net((3, 1))
    (Fraction(-47, 12),)
    """

    _layers: Layers
    # numpy leaves arithmetic with networks to them instead of broadcasting over its arrays.
    __array_ufunc__ = None
    adds_pointwise = True

    def __init__(self, layers: Iterable[object]) -> None:
        vars(self)["_layers"] = plain.read_layers(layers)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"networks are immutable; {name!r} cannot be set")

    @classmethod
    def _from_layers(cls, layers: Layers) -> ReLUNetwork:
        network = cls.__new__(cls)
        vars(network)["_layers"] = layers
        return network

    @property
    def layers(self) -> Layers:
        """The pairs (weight, bias) of all layers, as tuples of Fractions; the output layer last."""
        return self._layers

    @property
    def architecture(self) -> tuple[int, ...]:
        """The widths (n_0, n_1, …, n_L, n_{L+1}): inputs, hidden layers, outputs."""
        return (self.input_width, *(len(layer.bias) for layer in self._layers))

    @property
    def input_width(self) -> int:
        """The number n_0 of inputs."""
        return len(self._layers[0].weight[0])

    @property
    def output_width(self) -> int:
        """The number n_{L+1} of outputs."""
        return len(self._layers[-1].bias)

    @property
    def depth(self) -> int:
        """The number L of hidden layers."""
        return len(self._layers) - 1

    @property
    def hidden_neuron_count(self) -> int:
        """The number N = n_1 + … + n_L of hidden neurons."""
        return sum(len(layer.bias) for layer in self._layers[:-1])

    @property
    def parameter_count(self) -> int:
        """The number P of weights and biases, the output layer included."""
        return sum(len(layer.bias) * (len(layer.weight[0]) + 1) for layer in self._layers)

    @cached_property
    def integer_form(self) -> IntegerForm:
        """The equal network with integer weights on which exact computations run."""
        return IntegerForm(self._layers)

    def __call__(self, x: Sequence[Number] | Number) -> Vector:
        """The exact value at a point, as a tuple of Fractions of length `output_width`.

        Args:
            x: The coordinates; a bare number will do for a network with one input.

        Raises:
            InvalidInputError: if the number of coordinates is not `input_width`.
        """
        point = to_vector(x if _is_sequence(x) else (x,), "x")
        if len(point) != self.input_width:
            raise InvalidInputError(
                f"x: {len(point)} coordinates for a network with {self.input_width} inputs"
            )
        return self.integer_form.evaluate(point)

    def permute(self, layer: int, order: Iterable[int]) -> ReLUNetwork:
        """The same function with the neurons of a hidden layer rearranged (a trivial symmetry).

        Args:
            layer: The hidden layer, counted from 1.
            order: A permutation of range(width): new neuron i is the old neuron order[i].

        >>> net = ReLUNetwork([([[1], [-2]], [0, 3]), ([[5, 7]], [0])])
        >>> net.permute(1, (1, 0)).layers[1].weight
        ((Fraction(7, 1), Fraction(5, 1)),)
        """
        width = self._hidden_width(layer)
        permutation = to_integers(order, "order")
        if sorted(permutation) != list(range(width)):
            raise InvalidInputError(f"order: {permutation} is not a permutation of range({width})")
        return self._from_layers(plain.permuted(self._layers, layer - 1, permutation))

    def rescale(self, layer: int, factors: Iterable[Number]) -> ReLUNetwork:
        """The same function with the neurons of a hidden layer rescaled (a trivial symmetry).

        Args:
            layer: The hidden layer, counted from 1.
            factors: One positive factor for each neuron; it multiplies the incoming weights and
                the bias and divides the outgoing weights.

        >>> net = ReLUNetwork([([[1], [-2]], [0, 3]), ([[5, 7]], [0])])
        >>> net.rescale(1, [2, "1/7"]).layers[1].weight
        ((Fraction(5, 2), Fraction(49, 1)),)
        """
        width = self._hidden_width(layer)
        values = to_vector(factors, "factors")
        if len(values) != width or any(value <= 0 for value in values):
            raise InvalidInputError(
                f"factors: layer {layer} needs {width} positive numbers, got {len(values)}"
                + ("" if len(values) != width else ", not all positive")
            )
        return self._from_layers(plain.rescaled(self._layers, layer - 1, values))

    @property
    def domain(self) -> None:
        """None: networks are defined on all of R^n."""
        return None

    def affine_cells(self, domain: Polyhedron | None = None) -> Iterator[AffineCell]:
        """The activation regions, cut to a domain, with the affine maps on them."""
        from tropnet.networks.regions import activation_regions

        return (
            AffineCell(region.polyhedron, region.gradient, region.constant)
            for region in activation_regions(self, domain)
        )

    def break_facets(self, domain: Polyhedron | None = None) -> Iterator[Facet]:
        """The facets along which it breaks, with weights (see `break_facets.break_facets`)."""
        from tropnet.networks.break_facets import break_facets

        return (facet.to_facet() for facet in break_facets(self, domain))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the network to a file; the suffix chooses the format (see `tropnet.save`)."""
        from tropnet.io import save

        save(self, path)

    def to_torch(self) -> Any:
        """The network as a `torch.nn.Sequential` (see `tropnet.to_torch`)."""
        from tropnet.io import to_torch

        return to_torch(self)

    def __add__(self, other: object) -> ReLUNetwork:
        if not isinstance(other, ReLUNetwork):
            return NotImplemented
        self._check_same_shape(other, "+")
        return self._from_layers(plain.combined(self._layers, other._layers, to_fraction(1)))

    def __sub__(self, other: object) -> ReLUNetwork:
        if not isinstance(other, ReLUNetwork):
            return NotImplemented
        self._check_same_shape(other, "-")
        return self._from_layers(plain.combined(self._layers, other._layers, to_fraction(-1)))

    def __neg__(self) -> ReLUNetwork:
        return self._from_layers(plain.scaled(self._layers, to_fraction(-1)))

    def __mul__(self, factor: Number) -> ReLUNetwork:
        try:
            value = to_fraction(factor, "factor")
        except InvalidInputError:
            return NotImplemented
        return self._from_layers(plain.scaled(self._layers, value))

    __rmul__ = __mul__

    def __matmul__(self, inner: object) -> ReLUNetwork:
        if not isinstance(inner, ReLUNetwork):
            return NotImplemented
        if inner.output_width != self.input_width:
            raise InvalidInputError(
                f"@: the inner network has {inner.output_width} outputs "
                f"but the outer one takes {self.input_width} inputs"
            )
        return self._from_layers(plain.composed(self._layers, inner._layers))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ReLUNetwork) and self._layers == other._layers

    def __hash__(self) -> int:
        return hash(self._layers)

    def __repr__(self) -> str:
        return f"<ReLUNetwork {'-'.join(map(str, self.architecture))}>"

    def _repr_html_(self) -> str:
        from tropnet.networks.formulas import network_html

        return network_html(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return ReLUNetwork._from_layers, (self._layers,)

    def _hidden_width(self, layer: int) -> int:
        if isinstance(layer, (bool, float)) or layer not in range(1, self.depth + 1):
            raise InvalidInputError(
                f"layer: {layer!r} is not a hidden layer; this network has {self.depth}"
            )
        return len(self._layers[layer - 1].bias)

    def _check_same_shape(self, other: ReLUNetwork, sign: str) -> None:
        for name, mine, theirs in (
            ("inputs", self.input_width, other.input_width),
            ("outputs", self.output_width, other.output_width),
        ):
            if mine != theirs:
                raise InvalidInputError(f"{sign}: the networks have {mine} and {theirs} {name}")


def from_arrays(weights: Iterable[Any], biases: Iterable[Any]) -> ReLUNetwork:
    """A network from a list of weight matrices and a list of bias vectors, exactly.

    Args:
        weights: One matrix for each layer, shape (outputs, inputs); numpy arrays or nested lists.
        biases: One vector for each layer.

    Raises:
        InvalidInputError: if the lists differ in length or a shape does not fit.

    >>> from_arrays([[[1.0, 0.5]]], [[0]])
    <ReLUNetwork 2-1>
    """
    for name, values in (("weights", weights), ("biases", biases)):
        if not isinstance(values, Iterable):
            raise InvalidInputError(f"from_arrays: {name} is not a list")
    matrices, vectors = list(weights), list(biases)
    if len(matrices) != len(vectors):
        raise InvalidInputError(
            f"from_arrays: {len(matrices)} weight matrices but {len(vectors)} bias vectors"
        )
    return ReLUNetwork(zip(matrices, vectors, strict=True))


def _is_sequence(value: object) -> bool:
    return hasattr(value, "__len__") and not isinstance(value, (str, bytes)) and _dimension(value)


def _dimension(value: object) -> bool:
    return getattr(value, "ndim", 1) > 0
