"""JSON, the format that holds every network without loss.

``{"format": "tropnet/network", "version": 1,
"layers": [{"weight": [["1/2", "-3"], ...], "bias": ["0", ...]}, ...]}``

Numbers are text such as ``"1/2"`` or ``"0.1"``, or bare JSON numbers; both are read as the exact
rational that they spell, never through a float.
"""

from __future__ import annotations

import json
from typing import NoReturn

from tropnet.errors import InvalidInputError
from tropnet.exact import format_fraction
from tropnet.io.formats import MAX_FILE_BYTES, Loaded, Options, check_count
from tropnet.networks.network import ReLUNetwork

FORMAT = "tropnet/network"
VERSION = 1


def loads_json(text: str | bytes) -> ReLUNetwork:
    """The network that JSON text describes.

    Args:
        text: The document; bytes are UTF-8, with or without a byte order mark.

    Raises:
        InvalidInputError: for text that is not JSON, another format or version, missing, doubled
            or unknown keys, shapes that do not fit and entries that are no finite numbers; one
            line that names the thing.

    Guarantees:
        Exact: a number is the rational that its text spells, so 0.1 is 1/10.

    >>> net = loads_json('{"format": "tropnet/network", "version": 1, "layers": '
    ...                  '[{"weight": [["1/2", 0.1]], "bias": ["-3"]}]}')
    >>> net((2, 10))
    (Fraction(-1, 1),)
    """
    document = _parse(text)
    if not isinstance(document, dict):
        raise InvalidInputError(
            f'expected a JSON object with "format": "{FORMAT}", got {_kind(document)}'
        )
    if document.get("format") != FORMAT or isinstance(document["format"], _NumberText):
        found = _shown(document["format"]) if "format" in document else "none"
        raise InvalidInputError(f'"format": expected "{FORMAT}", got {found}')
    version = document.get("version")
    if not isinstance(version, _NumberText) or version != str(VERSION):
        found = _shown(version) if "version" in document else "none"
        raise InvalidInputError(
            f'"version": this tropnet reads version {VERSION} of {FORMAT}, got {found}'
        )
    _check_keys(document, ("format", "version", "layers"), "the document")
    layers = document["layers"]
    if not isinstance(layers, list):
        raise InvalidInputError(f'"layers": expected a list of layers, got {_kind(layers)}')
    pairs, entries = [], 0
    for number, layer in enumerate(layers, 1):
        if not isinstance(layer, dict):
            raise InvalidInputError(
                f'layer {number}: expected an object with "weight" and "bias", got {_kind(layer)}'
            )
        _check_keys(layer, ("weight", "bias"), f"layer {number}")
        for key in ("weight", "bias"):
            if not isinstance(layer[key], list):
                raise InvalidInputError(
                    f"layer {number}: {key}: expected a list, got {_kind(layer[key])}"
                )
        pairs.append((layer["weight"], layer["bias"]))
        entries += sum(len(row) for row in layer["weight"] if isinstance(row, list))
    check_count(entries, "the network")
    return ReLUNetwork(pairs)


def dumps_json(network: ReLUNetwork) -> str:
    """JSON text from which `loads_json` makes an equal network; one layer a line.

    >>> net = ReLUNetwork([([["1/2", 0.25]], [-3])])
    >>> print(dumps_json(net), end="")
    {"format": "tropnet/network", "version": 1, "layers": [
    {"weight": [["1/2", "1/4"]], "bias": ["-3"]}
    ]}
    >>> loads_json(dumps_json(net)) == net
    True
    """
    layers = ",\n".join(
        json.dumps(
            {
                "weight": [[format_fraction(entry) for entry in row] for row in layer.weight],
                "bias": [format_fraction(entry) for entry in layer.bias],
            }
        )
        for layer in network.layers
    )
    return f'{{"format": "{FORMAT}", "version": {VERSION}, "layers": [\n{layers}\n]}}\n'


def read(data: bytes, options: Options) -> Loaded:
    """The network in a ``.json`` file; no option means anything here."""
    return Loaded(loads_json(data))


def write(network: ReLUNetwork) -> bytes:
    """The contents of a ``.json`` file."""
    return dumps_json(network).encode("ascii")


class _NumberText(str):
    """The text of a bare JSON number, told apart from a JSON string."""

    __slots__ = ()


def _parse(text: str | bytes) -> object:
    if isinstance(text, (bytes, bytearray)):
        try:
            text = bytes(text).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InvalidInputError(
                f"malformed JSON: byte {error.start} is not UTF-8 text"
            ) from error
    if not isinstance(text, str):
        raise InvalidInputError(f"expected JSON text, got a {type(text).__name__}")
    text = text.removeprefix("\ufeff")
    if len(text) > MAX_FILE_BYTES:
        limit = MAX_FILE_BYTES // 2**20
        raise InvalidInputError(f"the JSON text is longer than the limit of {limit} MiB")
    # A network has at least half as many numbers as its text has commas.
    check_count(text.count(",") // 2, "the document")
    try:
        document: object = json.loads(
            text,
            parse_int=_NumberText,
            parse_float=_NumberText,
            parse_constant=_refuse_constant,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as error:
        what = "it is empty" if not text.strip() else str(error)
        raise InvalidInputError(f"malformed JSON: {what}") from error
    except RecursionError:
        raise InvalidInputError("malformed JSON: lists or objects nested too deeply") from None
    return document


def _refuse_constant(name: str) -> NoReturn:
    raise InvalidInputError(f"{name} is not a finite number")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise InvalidInputError(f"the key {_shown(key)} occurs twice in one object")
            seen.add(key)
    return result


def _check_keys(entries: dict[str, object], expected: tuple[str, ...], where: str) -> None:
    for key in expected:
        if key not in entries:
            raise InvalidInputError(f'{where}: the key "{key}" is missing')
    for key in entries:
        if key not in expected:
            raise InvalidInputError(f"{where}: unknown key {_shown(key)}")


def _kind(value: object) -> str:
    kinds: dict[type, str] = {
        dict: "an object",
        list: "a list",
        str: "text",
        _NumberText: "a number",
        bool: "a boolean",
        type(None): "null",
    }
    return kinds.get(type(value), type(value).__name__)


def _shown(value: object) -> str:
    if isinstance(value, (dict, list)):
        return _kind(value)
    text = str(value) if isinstance(value, _NumberText) else json.dumps(value)
    return text if len(text) <= 60 else text[:57] + "..."
