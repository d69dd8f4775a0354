"""Every small change of plain JSON data."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

Path = tuple[str | int, ...]
"""The keys and indices that lead to a place in JSON data."""


class Mutation(NamedTuple):
    """Changed data, and what was changed where."""

    path: Path
    kind: str
    data: Any


def places(data: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """All places in JSON data with what stands there, the outermost first."""
    yield path, data
    if isinstance(data, dict):
        for key, value in data.items():
            yield from places(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from places(value, (*path, index))


def replaced(data: Any, path: Path, value: Any) -> Any:
    """A copy of JSON data with something else at a place."""
    if not path:
        return value
    copy = dict(data) if isinstance(data, dict) else list(data)
    copy[path[0]] = replaced(data[path[0]], path[1:], value)
    return copy


def changed_numbers(data: Any, path: Path = ()) -> Iterator[Mutation]:
    """Every number moved by one, negated, zero, doubled, halved, or a neighbour's."""
    leaves = [
        (place, value)
        for place, value in places(data, path)
        if not isinstance(value, (dict, list, bool)) and place[0] not in ("format", "claim")
    ]
    for index, (place, value) in enumerate(leaves):
        number = Fraction(0 if value is None else value)
        candidates: list[Any] = [number + 1, number - 1, -number, 0, 2 * number, number / 2]
        if len(place) > 1 and place[0] == "rules":
            candidates.append(None)
        texts = {str(c) if isinstance(value, str) else _plain(c) for c in candidates}
        # A neighbour of the same field: the next leaf there that is different.
        texts |= {
            other
            for other_place, other in leaves[index + 1 : index + 4]
            if other_place[:-2] == place[:-2] and type(other) is type(value)
        }
        for text in sorted(texts - {value}, key=repr):
            yield Mutation(place, f"{value} -> {text}", replaced(data, place, text))


def rearranged_lists(data: Any) -> Iterator[Mutation]:
    """Every element of every list removed, duplicated, or swapped with the next."""
    for place, value in places(data):
        if not isinstance(value, list):
            continue
        for i in range(len(value)):
            shorter, longer = value[:i] + value[i + 1 :], value[: i + 1] + value[i:]
            yield Mutation((*place, i), "removed", replaced(data, place, shorter))
            yield Mutation((*place, i), "duplicated", replaced(data, place, longer))
            if i and value[i - 1] != value[i]:
                swapped = [*value[: i - 1], value[i], value[i - 1], *value[i + 1 :]]
                yield Mutation((*place, i), "swapped", replaced(data, place, swapped))
        if value:
            yield Mutation(place, "emptied", replaced(data, place, []))


def foreign_values(data: Any) -> Iterator[Mutation]:
    """Every place filled with something of another kind."""
    for place, value in places(data):
        for other in (True, None, "nonsense", "1/0", float("nan"), 0.5, [], {}, [[]]):
            if other is not value:
                yield Mutation(place, f"now {other!r}", replaced(data, place, other))


def _plain(number: Fraction | int | None) -> Any:
    if number is None or number.denominator > 1:
        return None if number is None else str(number)
    return int(number)
