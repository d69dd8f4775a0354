"""A look at the wire format of an ONNX file before protobuf decodes it.

An empty message takes two bytes in a file and some hundred in memory, so that a small file could
claim all memory there is.  Counting the fields first costs little and sets a bound.
"""

from __future__ import annotations

from tropnet.errors import InvalidInputError

_MOST_FIELDS = 300_000

# The message that a field holds, by message and field number; the numbers are part of the format.
_MESSAGES: dict[tuple[str, int], str] = {
    ("Model", 7): "Graph",
    ("Model", 8): "Other",  # opset_import
    ("Model", 14): "Other",  # metadata_props
    ("Model", 20): "Training",
    ("Model", 25): "Function",
    ("Training", 1): "Graph",
    ("Training", 2): "Graph",
    ("Function", 7): "Node",
    ("Function", 11): "Attribute",
    ("Graph", 1): "Node",
    ("Graph", 5): "Tensor",
    ("Graph", 11): "Value",
    ("Graph", 12): "Value",
    ("Graph", 13): "Value",
    ("Graph", 15): "SparseTensor",
    ("Node", 5): "Attribute",
    ("Attribute", 5): "Tensor",
    ("Attribute", 6): "Graph",
    ("Attribute", 10): "Tensor",
    ("Attribute", 11): "Graph",
    ("Attribute", 14): "Type",
    ("Attribute", 15): "Type",
    ("Attribute", 22): "SparseTensor",
    ("Attribute", 23): "SparseTensor",
    ("SparseTensor", 1): "Tensor",
    ("SparseTensor", 2): "Tensor",
    ("Value", 2): "Type",
    ("Type", 1): "TensorType",
    ("TensorType", 2): "Shape",
}


def check_fields(data: bytes) -> None:
    """Refuse a serialised model with more fields than any real one has.

    Whatever does not look like protobuf is left for protobuf to refuse.

    Raises:
        InvalidInputError: if there are too many, or groups, which no ONNX file has.
    """
    waiting = [(0, len(data), "Model")]
    left = _MOST_FIELDS
    while waiting:
        position, end, message = waiting.pop()
        while position < end:
            left -= 1
            if left < 0:
                raise InvalidInputError(
                    f"not an ONNX model of a network: it has more than {_MOST_FIELDS} fields"
                )
            tag, position = _varint(data, position)
            wire_type = tag & 7
            if wire_type == 0:
                _, position = _varint(data, position)
            elif wire_type == 1:
                position += 8
            elif wire_type == 5:
                position += 4
            elif wire_type == 2:
                length, position = _varint(data, position)
                inner = _MESSAGES.get((message, tag >> 3))
                if inner is not None:
                    waiting.append((position, min(position + length, end), inner))
                position += length
            else:
                raise InvalidInputError("not an ONNX model, or damaged: a field has no known type")


def _varint(data: bytes, position: int) -> tuple[int, int]:
    value, shift = 0, 0
    while position < len(data) and shift < 70:
        byte = data[position]
        position += 1
        value |= (byte & 127) << shift
        if byte < 128:
            break
        shift += 7
    return value, position
