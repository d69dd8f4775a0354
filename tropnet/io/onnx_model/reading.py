"""Reading an ONNX graph: a chain of affine maps and piecewise linear activations."""

from __future__ import annotations

from tropnet.errors import TropnetError, UnsupportedNetworkError
from tropnet.io.affine import identity
from tropnet.io.chain import Chain
from tropnet.io.formats import Loaded, Options, check_width
from tropnet.io.onnx_model import activations, arithmetic, shapes, windows
from tropnet.io.onnx_model.graph import Graph, Node, read_graph
from tropnet.io.onnx_model.values import (
    Context,
    Operand,
    Operator,
    Value,
    integer_attribute,
    malformed,
    unsupported,
)

OPERATORS: dict[str, Operator] = {
    **activations.OPERATORS,
    **arithmetic.OPERATORS,
    **shapes.OPERATORS,
    **windows.OPERATORS,
}

FINAL_ACTIVATIONS = frozenset(
    {"ArgMax", "ArgMin", "Celu", "Elu", "Erf", "Exp", "Gelu", "HardSwish", "Hardmax"}
    | {"LogSoftmax", "Mish", "Selu", "Sigmoid", "Softmax", "Softplus", "Softsign", "Swish", "Tanh"}
)
"""Operators that `drop_final_activation` leaves out at the end of a chain."""

_ORDER_KEEPING = frozenset(
    {"Cast", "Dropout", "Flatten", "Identity", "Reshape", "Squeeze", "Unsqueeze"}
)


def read(data: bytes, options: Options) -> Loaded:
    """The network in a ``.onnx`` file.

    The graph is read as a function of real numbers: constants are the binary floats the file
    stores, and everything affine is folded in exact arithmetic.  A batch axis that the file
    leaves open has length 1; the input and the output are flattened in C order.

    Raises:
        InvalidInputError: for a file that is no ONNX model, or contradicts itself.
        UnsupportedNetworkError: for a graph that is not a chain, and for operators that are not
            piecewise linear; names the node.
    """
    graph = read_graph(data)
    producers = {name: node for node in graph.nodes for name in node.outputs if name}
    trailing, output = _trailing(graph, producers)
    shape = _input_shape(graph)
    check_width(_product(shape), f"input {graph.input!r}")
    context = Context(Chain(_product(shape)), graph.opset)
    if options.drop_final_activation and trailing:
        labels = ", ".join(node.label for node in reversed(trailing))
        context.note(f"final activation dropped: {labels}")
        trailing = []
    else:
        output = graph.output
    if shape[0] > 1 and len(shape) > 1:
        context.note(
            f"the input of shape {shape} is read as one point with {_product(shape)} coordinates"
        )
    values: dict[str, Operand] = {
        graph.input: context.value(identity(_product(shape)), shape),
    }
    needed = _needed(output, producers)
    for node in graph.nodes:
        if not needed.isdisjoint(node.outputs):
            operands = [_operand(context, graph, values, node, name) for name in node.inputs]
            values[node.outputs[0]] = _applied(context, _operator(node, trailing), node, operands)
    result = values.get(output)
    if not isinstance(result, Value):
        raise UnsupportedNetworkError(
            f"output {output!r} is not computed from input {graph.input!r}"
        )
    if result.stage != context.chain.stage:
        raise UnsupportedNetworkError(f"output {output!r} leaves the chain before its last layer")
    return Loaded(context.chain.network(result.affine), tuple(context.notes))


def _applied(context: Context, operator: Operator, node: Node, operands: list[Operand]) -> Operand:
    try:
        return operator(context, node, operands)
    except TropnetError:
        raise
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        # The operators check what they are given; this is for what they overlook.
        raise malformed(node, "cannot be read, its inputs or attributes contradict it") from error


def _operand(
    context: Context, graph: Graph, values: dict[str, Operand], node: Node, name: str
) -> Operand:
    if not name:
        return None
    value = values.get(name)
    if value is None:
        value = graph.constant(name)
    if value is None:
        raise malformed(node, f"its input {name!r} is not computed by any node before it")
    if isinstance(value, Value) and value.stage != context.chain.stage and node.op != "Shape":
        raise unsupported(
            node, f"uses {name!r} again after a later layer, so the graph is not a chain"
        )
    return value


def _operator(node: Node, trailing: list[Node]) -> Operator:
    operator = OPERATORS.get(node.op)
    if operator is not None:
        return operator
    if node in trailing:
        raise unsupported(
            node,
            "is not piecewise linear; "
            "load with drop_final_activation=True to leave out such a final activation",
        )
    if node.op in FINAL_ACTIVATIONS:
        raise unsupported(node, "is not piecewise linear, and other layers follow it")
    raise unsupported(node, "is not an operator that tropnet reads as piecewise linear")


def _trailing(graph: Graph, producers: dict[str, Node]) -> tuple[list[Node], str]:
    """The final activations that are not piecewise linear, last first, and what they act on."""
    found: list[Node] = []
    kept = name = graph.output
    seen: set[str] = set()
    while name in producers and name not in seen:
        seen.add(name)
        node = producers[name]
        if node.op not in FINAL_ACTIVATIONS | _ORDER_KEEPING or not node.inputs:
            break
        name = node.inputs[0]
        if node.op in FINAL_ACTIVATIONS:
            found.append(node)
            kept = name
    return found, kept


def _needed(output: str, producers: dict[str, Node]) -> set[str]:
    needed: set[str] = set()
    waiting = [output]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            if name in producers:
                waiting.extend(producers[name].inputs)
    return needed


def _input_shape(graph: Graph) -> tuple[int, ...]:
    """The input's shape, an open batch axis taken as 1 and an open width from the first layer."""
    declared = graph.input_shape if graph.input_shape is not None else (None, None)
    shape = list(declared)
    if len(shape) > 1 and shape[0] is None:
        shape[0] = 1
    if shape and shape[-1] is None and len(shape) <= 2:
        shape[-1] = _first_width(graph)
    lengths = [length for length in shape if length is not None]
    if len(lengths) != len(shape):
        raise UnsupportedNetworkError(
            f"input {graph.input!r}: its shape is left open; export the model with a fixed input"
        )
    return tuple(lengths) or (1,)


def _first_width(graph: Graph) -> int | None:
    for node in graph.nodes:
        if node.op in ("MatMul", "Gemm") and len(node.inputs) > 1:
            matrix = graph.constant(node.inputs[1])
            if matrix is not None and matrix.ndim == 2:
                return int(matrix.shape[1 if integer_attribute(node, "transB", 0) else 0])
    return None


def _product(shape: tuple[int, ...]) -> int:
    result = 1
    for length in shape:
        result *= length
    return result
