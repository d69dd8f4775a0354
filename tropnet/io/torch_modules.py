"""torch modules in and out; torch is imported only when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np

from tropnet.errors import InvalidInputError, UnsupportedNetworkError
from tropnet.exact import to_fraction
from tropnet.io import chain
from tropnet.io.affine import ONE, ZERO, Affine, Row, composed, identity, scaled, shifted
from tropnet.io.arrays import exact_list, float_layers
from tropnet.io.chain import Chain, Piecewise, Unit
from tropnet.io.folding import normalization
from tropnet.io.formats import check_count
from tropnet.networks.network import ReLUNetwork

Handler: TypeAlias = Callable[[Chain, Affine, Any, str], Affine]

_FINAL_ACTIVATIONS = (
    *("Softmax", "LogSoftmax", "Softmin", "Sigmoid", "LogSigmoid", "Tanh", "Softplus", "Softsign"),
    *("ELU", "SELU", "CELU", "GELU", "SiLU", "Mish", "Hardswish"),
)


def from_torch(module: Any, *, drop_final_activation: bool = False) -> ReLUNetwork:
    """The network that a torch module computes in evaluation mode.

    Read are ``Sequential``, nested and subclassed, of Linear, BatchNorm1d, ReLU, LeakyReLU,
    PReLU, RReLU, ReLU6, Hardtanh, Hardsigmoid, Softshrink, Flatten, Identity and Dropout; or one
    of these alone.  Activations other than ReLU are rewritten exactly with ReLUs.

    Args:
        module: The module; it is not changed.
        drop_final_activation: Leave out trailing activations that are not piecewise linear
            (Softmax, Sigmoid, Tanh and the like) instead of refusing them.

    Raises:
        UnsupportedNetworkError: for any other module; names it.
        InvalidInputError: if torch is missing, `module` is no module, or a number is not finite.

    Guarantees:
        Parameters are the binary floats that the tensors store.  A BatchNorm1d factor
        weight/sqrt(variance + eps) that is irrational is rounded to the nearest float64; nothing
        else is rounded.  Functions are real: torch's own rounding is not imitated.
    """
    torch = import_torch()
    if not isinstance(module, torch.nn.Module):
        raise InvalidInputError(
            f"from_torch: expected a torch.nn.Module, got a {type(module).__name__}"
        )
    leaves = list(_leaves(torch.nn, module, ""))
    if drop_final_activation:
        while leaves and _is_one_of(torch.nn, leaves[-1][1], _FINAL_ACTIVATIONS):
            leaves.pop()
    width = _input_width(torch.nn, leaves)
    builder = Chain(width)
    value = identity(width)
    for position, (label, leaf) in enumerate(leaves):
        value = _applied(torch.nn, builder, value, leaf, label, position == len(leaves) - 1)
    return builder.network(value)


def to_torch(network: ReLUNetwork) -> Any:
    """The network as a ``torch.nn.Sequential`` of Linear and ReLU, in float64.

    Raises:
        InvalidInputError: for a number that is no float64 (names layer, row and column), and if
            torch is missing.

    Guarantees:
        The parameters are exact: `from_torch` of the result is an equal network.  torch evaluates
        in floating point, so the module's values are rounded.
    """
    torch = import_torch()
    modules: list[Any] = []
    for weight, bias in float_layers(
        network, np.float64, "only float64 numbers can be given to torch"
    ):
        linear = torch.nn.Linear(weight.shape[1], weight.shape[0], dtype=torch.float64)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(weight))
            linear.bias.copy_(torch.from_numpy(bias))
        modules += [linear, torch.nn.ReLU()]
    return torch.nn.Sequential(*modules[:-1])


def import_torch() -> Any:
    """The torch package.

    Raises:
        InvalidInputError: if it is not installed; says how to install it.
    """
    try:
        import torch
    except ImportError as error:
        raise InvalidInputError(
            'torch modules and files need the torch package: pip install "tropnet[torch]"'
        ) from error
    return torch


def exact_tensor(tensor: Any, name: str) -> list[Fraction]:
    """The entries of a tensor as exact rationals, in C order.

    Raises:
        InvalidInputError: for tensors that hold no real numbers, and nan and infinities.
    """
    check_count(tensor.numel(), name)
    torch = import_torch()
    if not tensor.is_floating_point() and tensor.dtype not in (torch.int64, torch.int32):
        raise InvalidInputError(f"{name}: expected real numbers, got dtype {tensor.dtype}")
    try:
        array = tensor.detach().cpu().to(torch.float64).numpy()
    except (RuntimeError, NotImplementedError, TypeError, ValueError) as error:
        raise InvalidInputError(f"{name}: the tensor holds no plain numbers") from error
    return exact_list(array, name)


def linear_rows(weight: Any, name: str) -> list[Row]:
    """The rows of a weight tensor of shape (outputs, inputs)."""
    width = int(weight.shape[1])
    flat = exact_tensor(weight, name)
    return [
        {j: entry for j, entry in enumerate(flat[start : start + width]) if entry}
        for start in range(0, len(flat), width)
    ]


def _leaves(nn: Any, module: Any, path: str) -> Iterator[tuple[str, Any]]:
    """The modules of a chain in order, each with the words that name it."""
    label = f"module {path!r} ({type(module).__name__})" if path else type(module).__name__
    if module._forward_hooks or module._forward_pre_hooks:
        raise UnsupportedNetworkError(f"{label} has forward hooks, which may change its function")
    if not isinstance(module, nn.Sequential):
        yield label, module
        return
    if type(module).forward is not nn.Sequential.forward:
        raise UnsupportedNetworkError(
            f"{label} has a forward method of its own, so it need not be a chain; "
            "export it with torch.onnx.export and load the .onnx file"
        )
    for name, child in module.named_children():
        yield from _leaves(nn, child, f"{path}.{name}" if path else name)


def _is_one_of(nn: Any, module: Any, names: tuple[str, ...]) -> bool:
    """Whether a module is of one of these classes and has that class's forward method."""
    classes = [getattr(nn, name) for name in names if hasattr(nn, name)]
    return any(isinstance(module, c) and type(module).forward is c.forward for c in classes)


def _input_width(nn: Any, leaves: list[tuple[str, Any]]) -> int:
    for label, leaf in leaves:
        if _is_one_of(nn, leaf, ("Linear",)):
            width = int(leaf.in_features)
        elif _is_one_of(nn, leaf, ("BatchNorm1d",)):
            width = int(leaf.num_features)
        else:
            continue
        if width < 1:
            raise InvalidInputError(f"{label} has no inputs yet; run it once before reading it")
        return width
    if leaves:
        raise UnsupportedNetworkError(
            f"{leaves[0][0]}: the number of inputs cannot be told, there is no Linear layer"
        )
    raise InvalidInputError("from_torch: the module has no layers")


def _applied(
    nn: Any, builder: Chain, value: Affine, module: Any, label: str, is_last: bool
) -> Affine:
    for name, handler in _HANDLERS.items():
        if _is_one_of(nn, module, (name,)):
            return handler(builder, value, module, label)
    if is_last and _is_one_of(nn, module, _FINAL_ACTIVATIONS):
        raise UnsupportedNetworkError(
            f"{label} is not piecewise linear; "
            "pass drop_final_activation=True to leave out such a final activation"
        )
    raise UnsupportedNetworkError(
        f"{label} is not a module that tropnet reads as part of a piecewise linear chain; "
        "torch.onnx.export may help, more is read from .onnx files"
    )


def _linear(builder: Chain, value: Affine, module: Any, label: str) -> Affine:
    _check_width(int(module.weight.shape[1]), value, label)
    affine = composed(linear_rows(module.weight, f"{label}: weight"), value)
    if module.bias is None:
        return affine
    return shifted(affine, exact_tensor(module.bias, f"{label}: bias"))


def _batch_norm(builder: Chain, value: Affine, module: Any, label: str) -> Affine:
    if module.running_mean is None or module.running_var is None:
        raise UnsupportedNetworkError(
            f"{label} keeps no running statistics, so it is not a function of one point"
        )
    mean = exact_tensor(module.running_mean, f"{label}: running_mean")
    variance = exact_tensor(module.running_var, f"{label}: running_var")
    _check_width(len(mean), value, label)
    scale, bias = [ONE] * len(mean), [ZERO] * len(mean)
    if module.weight is not None:
        scale = exact_tensor(module.weight, f"{label}: weight")
    if module.bias is not None:
        bias = exact_tensor(module.bias, f"{label}: bias")
    epsilon = to_fraction(module.eps, f"{label}: eps")
    factors, constants, _ = normalization(scale, bias, mean, variance, epsilon, name=label)
    return shifted(scaled(value, factors), constants)


def _flatten(builder: Chain, value: Affine, module: Any, label: str) -> Affine:
    if (module.start_dim, module.end_dim) != (1, -1):
        raise UnsupportedNetworkError(f"{label} flattens other axes than all but the first")
    return value


def _unchanged(builder: Chain, value: Affine, module: Any, label: str) -> Affine:
    return value


def _relu(builder: Chain, value: Affine, module: Any, label: str) -> Affine:
    return builder.relu(value)


def _parametric_relu(builder: Chain, value: Affine, module: Any, label: str) -> Affine:
    slopes = exact_tensor(module.weight, f"{label}: weight")
    if len(slopes) == 1:
        slopes *= value.width
    _check_width(len(slopes), value, label)
    return builder.apply(value, [chain.leaky(slope) for slope in slopes])


def _check_width(expected: int, value: Affine, label: str) -> None:
    if expected != value.width:
        raise InvalidInputError(f"{label} takes {expected} inputs but gets {value.width}")


def _number(module: Any, name: str, label: str) -> Fraction:
    return to_fraction(getattr(module, name), f"{label}: {name}")


def _leaky(module: Any, label: str) -> Piecewise:
    return chain.leaky(_number(module, "negative_slope", label))


def _randomized(module: Any, label: str) -> Piecewise:
    return chain.leaky((_number(module, "lower", label) + _number(module, "upper", label)) / 2)


def _hardtanh(module: Any, label: str) -> Piecewise:
    return chain.clip(_number(module, "min_val", label), _number(module, "max_val", label))


def _hard_sigmoid(module: Any, label: str) -> Piecewise:
    sixth = Fraction(1, 6)
    return Piecewise(ZERO, ZERO, (Unit(sixth, ONE, Fraction(3)), Unit(-sixth, ONE, Fraction(-3))))


def _soft_shrink(module: Any, label: str) -> Piecewise:
    threshold = _number(module, "lambd", label)
    return Piecewise(ZERO, ZERO, (Unit(ONE, ONE, -threshold), Unit(-ONE, -ONE, -threshold)))


def _entrywise(function: Callable[[Any, str], Piecewise]) -> Handler:
    def handler(builder: Chain, value: Affine, module: Any, label: str) -> Affine:
        return builder.apply(value, [function(module, label)] * value.width)

    return handler


_HANDLERS: dict[str, Handler] = {
    "Linear": _linear,
    "BatchNorm1d": _batch_norm,
    "ReLU": _relu,
    "PReLU": _parametric_relu,
    "LeakyReLU": _entrywise(_leaky),
    "RReLU": _entrywise(_randomized),
    "Hardtanh": _entrywise(_hardtanh),
    "ReLU6": _entrywise(_hardtanh),
    "Hardsigmoid": _entrywise(_hard_sigmoid),
    "Softshrink": _entrywise(_soft_shrink),
    "Flatten": _flatten,
    "Identity": _unchanged,
    "Dropout": _unchanged,
    "AlphaDropout": _unchanged,
    "FeatureAlphaDropout": _unchanged,
}
