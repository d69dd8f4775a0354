"""Networks as formulas."""

from __future__ import annotations

from html import escape

from tropnet.certificates.records import table
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
    for layer, (weight, bias) in enumerate(net.layers[:-1], 1):
        relus = [f"relu({affine_text(row, b, names)})" for row, b in zip(weight, bias, strict=True)]
        names = tuple(relus)
        if layer < net.depth:
            names = tuple(f"{_letter(layer)}{k}" for k in range(1, len(relus) + 1))
            lines += [f"{name} = {relu}" for name, relu in zip(names, relus, strict=True)]
    last = net.layers[-1]
    outputs = [affine_text(row, b, names) for row, b in zip(*last, strict=True)]
    if len(outputs) == 1:
        return "\n".join([*lines, f"f = {outputs[0]}"])
    return "\n".join([*lines, *(f"f{k + 1} = {text}" for k, text in enumerate(outputs))])


def _letter(layer: int) -> str:
    """a, b, c, … for the hidden layers; f is the function, and x, y, z are the inputs."""
    letters = "abcdeghijklmnopqrstuvw"
    turn, place = divmod(layer - 1, len(letters))
    return letters[place] * (turn + 1)


# More neurons than these are not written out in a notebook.
_NEURONS = 12


def network_html(net: ReLUNetwork) -> str:
    """What a notebook shows of a network: its numbers, and small ones as formulas."""
    rows = [
        ("architecture", "-".join(map(str, net.architecture))),
        ("parameters P", str(net.parameter_count)),
        ("hidden neurons N", str(net.hidden_neuron_count)),
    ]
    shown = table("ReLUNetwork", rows)
    if net.hidden_neuron_count <= _NEURONS:
        shown += f"<pre>{escape(formulas(net))}</pre>"
    return shown
