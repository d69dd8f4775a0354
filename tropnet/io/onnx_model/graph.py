"""The graph of an ONNX file as plain data: the nodes that lead to the output, and the constants."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tropnet.errors import InvalidInputError, UnsupportedNetworkError
from tropnet.io.onnx_model.tensors import FLOATS, Array, tensor_array
from tropnet.io.onnx_model.wire import check_fields

_ATTRIBUTE_FIELDS = {1: "f", 2: "i", 3: "s", 4: "t", 6: "floats", 7: "ints", 8: "strings"}
_STANDARD_DOMAINS = ("", "ai.onnx")


@dataclass(frozen=True, eq=False)
class Node:
    """One operation.

    Attributes:
        op: The operator's name; one of another domain is ``domain.Name``.
        name: The node's name, often empty.
        inputs: Names of its inputs; an omitted one is empty.
        outputs: Names of its outputs.
        attributes: Numbers, texts, tuples of numbers, and arrays.
    """

    op: str
    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: dict[str, Any]

    @property
    def label(self) -> str:
        """The node as messages name it."""
        op = self.op if self.op.isprintable() else repr(self.op)
        if self.name:
            return f"node {self.name!r} ({op})"
        return f"node {op} with output {self.outputs[0] if self.outputs else ''!r}"


@dataclass
class Graph:
    """The part of an ONNX model that matters.

    Attributes:
        nodes: In the order of the file.
        tensors: The initialisers (TensorProtos), decoded when asked for.
        input: The name of the only input that is not an initialiser.
        input_shape: Its lengths, None where the file leaves one open; None if it says nothing.
        output: The name of the only output.
        opset: The version of the standard operator set.
    """

    nodes: list[Node]
    tensors: dict[str, Any]
    input: str
    input_shape: tuple[int | None, ...] | None
    output: str
    opset: int
    _arrays: dict[str, Array] = field(default_factory=dict)

    def constant(self, name: str) -> Array | None:
        """The initialiser of that name, if there is one."""
        if name not in self.tensors:
            return None
        if name not in self._arrays:
            self._arrays[name] = tensor_array(self.tensors[name], f"initialiser {name!r}")
        return self._arrays[name]


def read_graph(data: bytes) -> Graph:
    """The graph of a serialised ONNX model.

    Raises:
        InvalidInputError: for anything that is no ONNX model, or a part of one, and where the
            onnx package is missing.
        UnsupportedNetworkError: for several inputs or outputs, sparse or external data.
    """
    return _plain(_parsed(data))


def _parsed(data: bytes) -> Any:
    try:
        import onnx
    except ImportError as error:
        raise InvalidInputError(
            'ONNX files need the onnx package: pip install "tropnet[onnx]"'
        ) from error
    check_fields(data)
    model = onnx.ModelProto()
    try:
        model.ParseFromString(data)
    except Exception as error:  # protobuf's DecodeError, and what else its versions raise
        raise InvalidInputError(
            "not an ONNX model, or damaged: the protobuf message cannot be decoded"
        ) from error
    if not model.HasField("graph") or not (model.graph.node or model.graph.output):
        raise InvalidInputError("not an ONNX model, or damaged: there is no graph in it")
    return model


def _plain(model: Any) -> Graph:
    graph = model.graph
    if graph.sparse_initializer:
        raise UnsupportedNetworkError(
            f"initialiser {graph.sparse_initializer[0].values.name!r}: "
            "sparse tensors are not supported"
        )
    tensors = {_text(tensor.name): tensor for tensor in graph.initializer}
    if len(tensors) != len(graph.initializer):
        raise InvalidInputError("two initialisers of the graph have the same name")
    inputs = [value for value in graph.input if _text(value.name) not in tensors]
    if len(inputs) != 1 or len(graph.output) != 1:
        kind, values = ("inputs", inputs) if len(inputs) != 1 else ("outputs", graph.output)
        names = ", ".join(repr(str(value.name)) for value in list(values)[:4])
        raise UnsupportedNetworkError(
            f"the graph has {len(values)} {kind}{f' ({names})' if names else ''}; "
            "tropnet reads chains from one input to one output"
        )
    opsets = [entry.version for entry in model.opset_import if entry.domain in _STANDARD_DOMAINS]
    return Graph(
        nodes=[_node(node) for node in graph.node],
        tensors=tensors,
        input=_text(inputs[0].name),
        input_shape=_shape(inputs[0]),
        output=_text(graph.output[0].name),
        opset=max(opsets, default=1),
    )


def _node(node: Any) -> Node:
    op = _text(node.op_type)
    if node.domain not in _STANDARD_DOMAINS:
        op = f"{_text(node.domain)}.{op}"
    inputs, outputs = tuple(map(_text, node.input)), tuple(map(_text, node.output))
    plain = Node(op, _text(node.name), inputs, outputs, {})
    for attribute in node.attribute:
        name = _text(attribute.name)
        field_name = _ATTRIBUTE_FIELDS.get(attribute.type) or _only_field(attribute)
        if field_name is None:
            continue  # graphs and the like; the operators that have them are refused by name
        value = getattr(attribute, field_name)
        if field_name == "s":
            value = _text(value.decode("utf-8", errors="replace"))
        elif field_name == "t":
            value = tensor_array(value, f"{plain.label}: attribute {name!r}")
        elif field_name in ("floats", "ints", "strings"):
            value = tuple(value)
        plain.attributes[name] = value
    return plain


def _only_field(attribute: Any) -> str | None:
    """The field that holds the value where the file, an early one, does not tell the type."""
    if attribute.type != 0:
        return None
    for name in ("f", "i", "s", "t"):
        if attribute.HasField(name):
            return name
    return next((name for name in ("floats", "ints") if getattr(attribute, name)), None)


def _text(value: Any) -> str:
    if not isinstance(value, str):  # protobuf hands out bytes where they are not UTF-8
        raise InvalidInputError("not an ONNX model, or damaged: a name in it is not text")
    return value


def _shape(value: Any) -> tuple[int | None, ...] | None:
    label = f"input {str(value.name)!r}"
    if value.type.WhichOneof("value") != "tensor_type":
        raise UnsupportedNetworkError(f"{label}: is not a tensor")
    tensor_type = value.type.tensor_type
    if tensor_type.elem_type not in FLOATS:
        raise UnsupportedNetworkError(f"{label}: is not a tensor of floats")
    if not tensor_type.HasField("shape"):
        return None
    return tuple(
        int(length.dim_value) if length.HasField("dim_value") and length.dim_value > 0 else None
        for length in tensor_type.shape.dim
    )
