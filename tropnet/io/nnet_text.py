"""The NNet text format of the Stanford Intelligent Systems Laboratory.

Comment lines (``//``), then one line each of: layers, inputs, outputs, largest layer; the layer
sizes; a flag without meaning; least inputs; greatest inputs; means and ranges of the inputs with
one more entry for all outputs; then for every layer its rows of weights and its biases, one a
line.  The network computes range · N((x - means) / ranges) + mean.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise
from math import prod

import flint

from tropnet.errors import InvalidInputError
from tropnet.exact import to_fraction
from tropnet.io.arrays import shortened
from tropnet.io.formats import Loaded, Options, check_count
from tropnet.networks.network import ReLUNetwork

_MAX_LAYERS = 10_000
_BOUND = "1e38"  # what `write` gives as input bounds, and what is not worth a note


def read(data: bytes, options: Options) -> Loaded:
    """The network in a ``.nnet`` file; ``raw`` leaves the normalisation out.

    Raises:
        InvalidInputError: for a file that ends early, counts that contradict each other, and
            entries that are no finite numbers; names the line.

    Guarantees:
        Exact: every number is the decimal that its text spells, and the normalisation is folded
        into the first and the last layer in exact arithmetic.  The clipping of inputs to the
        bounds in the file is not applied; a note says so.
    """
    lines = _Lines(data)
    counts = lines.integers("the numbers of layers, inputs, outputs and the largest layer")
    if len(counts) < 3:
        raise lines.error(f"expected the numbers of layers, inputs and outputs, got {len(counts)}")
    layer_count, input_count, output_count = counts[:3]
    if not 1 <= layer_count <= _MAX_LAYERS:
        raise lines.error(f"{layer_count} layers")
    widths = lines.integers("the layer sizes", layer_count + 1)
    if min(widths) < 1 or (widths[0], widths[-1]) != (input_count, output_count):
        raise lines.error(
            f"layer sizes {_listed(widths)} contradict {input_count} inputs "
            f"and {output_count} outputs"
        )
    pairs = list(pairwise(widths))
    check_count(sum(prod(pair) + pair[1] for pair in pairs), "the network")
    lines.skip("the flag")
    lows = lines.numbers("the least inputs", input_count)
    highs = lines.numbers("the greatest inputs", input_count)
    means = lines.numbers("the means", input_count + 1)
    ranges = lines.numbers("the ranges", input_count + 1)
    if not all(ranges):
        raise lines.error("a range is zero, and inputs are divided by it")
    layers = []
    for number, (inputs, outputs) in enumerate(pairs, 1):
        what = f"a row of weights of layer {number}"
        weight = [lines.numbers(what, inputs) for _ in range(outputs)]
        bias = [lines.numbers(f"a bias of layer {number}", 1)[0] for _ in range(outputs)]
        layers.append((weight, bias))
    lines.finish()
    notes = _clipping_note(lows, highs)
    if options.raw:
        notes += ("the normalisation in the NNet header is not applied (raw)",)
    else:
        _fold(layers, means, ranges)
    return Loaded(ReLUNetwork(layers), notes)


def write(network: ReLUNetwork) -> bytes:
    """The contents of a ``.nnet`` file, with a normalisation that changes nothing.

    Raises:
        InvalidInputError: for a number that is no finite decimal; names layer, row and column.
    """
    widths = network.architecture
    inputs = widths[0]
    lines = [
        "// Neural network in the NNet format, written by tropnet; all decimals are exact",
        _joined([len(widths) - 1, inputs, widths[-1], max(widths)]),
        _joined(widths),
        "0,",
        _joined([f"-{_BOUND}"] * inputs),
        _joined([_BOUND] * inputs),
        _joined(["0.0"] * (inputs + 1)),
        _joined(["1.0"] * (inputs + 1)),
    ]
    for number, layer in enumerate(network.layers, 1):
        for i, row in enumerate(layer.weight, 1):
            place = f"layer {number}: weight, row {i}"
            lines.append(
                _joined(_decimal(entry, f"{place}, column {j}") for j, entry in enumerate(row, 1))
            )
        lines.extend(
            _joined([_decimal(entry, f"layer {number}: bias, row {i}")])
            for i, entry in enumerate(layer.bias, 1)
        )
    return ("\n".join(lines) + "\n").encode("ascii")


class _Lines:
    """The lines of a file that are not comments, with the number of the last one taken."""

    def __init__(self, data: bytes) -> None:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InvalidInputError(
                f"not an NNet file: byte {error.start} is not UTF-8 text"
            ) from error
        self._lines = self._content(text)
        self._number = 0
        self._whole = True

    def error(self, reason: str) -> InvalidInputError:
        return InvalidInputError(f"line {self._number}: {reason}")

    def numbers(self, what: str, count: int) -> list[Fraction]:
        """The next line, which must be `count` numbers."""
        entries = self._entries(what)
        if len(entries) != count:
            raise self.error(f"expected {count} numbers ({what}), got {len(entries)}")
        return [to_fraction(entry, f"line {self._number}: {what}") for entry in entries]

    def integers(self, what: str, count: int | None = None) -> list[int]:
        """The next line, which must be nonnegative integers, `count` of them if that is known."""
        entries = self._entries(what)
        if count is not None and len(entries) != count:
            raise self.error(f"expected {count} integers ({what}), got {len(entries)}")
        if not all(entry.isascii() and entry.isdigit() and len(entry) < 10 for entry in entries):
            raise self.error(f"expected integers ({what}), got {_listed(entries)}")
        return [int(entry) for entry in entries]

    def skip(self, what: str) -> None:
        """The next line, whatever it says."""
        self._entries(what)

    def finish(self) -> None:
        """Make sure that nothing follows, and that the last number was not cut short."""
        if not self._whole:
            raise self.error("the file ends without a line break; a number may be cut short")
        if next(self._lines, None) is not None:
            raise self.error("more lines than the layer sizes ask for")

    def _entries(self, what: str) -> list[str]:
        line = next(self._lines, None)
        if line is None:
            raise InvalidInputError(f"the file ends before {what}")
        self._whole = line.endswith("\n") or line.rstrip().endswith(",")
        entries = [entry.strip() for entry in line.split(",")]
        return entries[:-1] if not entries[-1] else entries

    def _content(self, text: str) -> Iterator[str]:
        for number, line in enumerate(io.StringIO(text, newline=None), 1):
            if line.strip() and not line.lstrip().startswith("//"):
                self._number = number
                yield line


def _fold(
    layers: list[tuple[list[list[Fraction]], list[Fraction]]],
    means: list[Fraction],
    ranges: list[Fraction],
) -> None:
    """Fold x ↦ (x - mean) / range into the first layer and y ↦ range · y + mean into the last."""
    weight, bias = layers[0]
    scaled = [
        [entry / scale for entry, scale in zip(row, ranges[:-1], strict=True)] for row in weight
    ]
    moved = [
        b - sum(entry * mean for entry, mean in zip(row, means[:-1], strict=True))
        for b, row in zip(bias, scaled, strict=True)
    ]
    layers[0] = scaled, moved
    weight, bias = layers[-1]
    mean, scale = means[-1], ranges[-1]
    layers[-1] = (
        [[entry * scale for entry in row] for row in weight],
        [entry * scale + mean for entry in bias],
    )


def _clipping_note(lows: list[Fraction], highs: list[Fraction]) -> tuple[str, ...]:
    limit = to_fraction(_BOUND)
    if all(low <= -limit for low in lows) and all(high >= limit for high in highs):
        return ()
    pairs = list(zip(lows, highs, strict=True))
    shown = " x ".join(f"[{_rounded(low)}, {_rounded(high)}]" for low, high in pairs[:8])
    more = "" if len(pairs) <= 8 else " x ..."
    return (f"input clipping to {shown}{more} of the NNet header is not applied",)


def _rounded(value: Fraction) -> str:
    return f"{float(value):g}" if abs(value) < 10**300 else "beyond 1e300"


def _decimal(value: Fraction, place: str) -> str:
    """A rational as a finite decimal: 3/8 is 0.375."""
    rest, digits = value.denominator, 0
    twos = (rest & -rest).bit_length() - 1
    rest >>= twos
    while rest % 5 == 0:
        rest //= 5
        digits += 1
    if rest != 1:
        raise InvalidInputError(
            f"{place}: {shortened(value)} is not a finite decimal; "
            "save as .json, which holds every rational"
        )
    digits = max(digits, twos, 1)
    whole = abs(value.numerator) * 10**digits // value.denominator
    text = str(flint.fmpz(whole)).rjust(digits + 1, "0")
    return f"{'-' if value < 0 else ''}{text[:-digits]}.{text[-digits:]}"


def _joined(entries: Iterable[object]) -> str:
    return ",".join(map(str, entries)) + ","


def _listed(entries: list[int] | list[str]) -> str:
    text = ", ".join(map(str, entries))
    return repr(text) if len(text) <= 60 else repr(text[:57] + "...")
