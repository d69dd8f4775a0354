"""Networks as formulas."""

from __future__ import annotations

from tropnet.networks.network import ReLUNetwork
from tropnet.tropical.printing import affine_text, variable_names


def formulas(net: ReLUNetwork) -> str:
    """A network as text, one line for each neuron, those of the last hidden layer written out.

    >>> print(formulas(ReLUNetwork([([[1, -1]], [1]), ([[2], [1]], [0, 0]), ([[-1, 3]], [0])])))
    a1 = relu(1 + x - y)
    f = -relu(2*a1) + 3*relu(a1)
    """
    names = variable_names(net.input_width)
    lines = []
    *hidden, last = net.layers
    for letter, (weight, bias) in zip("abcdefghijklm", hidden, strict=False):
        relus = [f"relu({affine_text(row, b, names)})" for row, b in zip(weight, bias, strict=True)]
        names = tuple(f"{letter}{k + 1}" for k in range(len(relus)))
        lines += [f"{name} = {relu}" for name, relu in zip(names, relus, strict=True)]
    if hidden:
        width = len(hidden[-1].bias)
        lines, names = lines[:-width] if width else lines, tuple(relus)
    outputs = [affine_text(row, b, names) for row, b in zip(*last, strict=True)]
    if len(outputs) == 1:
        return "\n".join([*lines, f"f = {outputs[0]}"])
    return "\n".join([*lines, *(f"f{k + 1} = {text}" for k, text in enumerate(outputs))])
