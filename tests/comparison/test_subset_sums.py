"""Subset sums of integers, vectors and matrices against trying all subsets."""

from __future__ import annotations

from fractions import Fraction
from itertools import chain, combinations, islice
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comparison.shallow_brute_force import rank
from tropnet import Budget, BudgetExceededError
from tropnet.certificates.budget import Meter
from tropnet.comparison.shallow_networks.flats import flats
from tropnet.comparison.shallow_networks.low_rank_sums import LowRankSums, RankOne
from tropnet.comparison.shallow_networks.partial_sums import IntegerSubsetSums
from tropnet.comparison.shallow_networks.subset_sums import SubsetSums


def meter() -> Meter:
    return Meter(None, None)


def all_subsets(number: int):
    return chain.from_iterable(combinations(range(number), k) for k in range(number + 1))


def integers(size: int):
    return st.integers(-size, size)


@st.composite
def vectors_and_target(draw: st.DrawFn):
    """Few different vectors, zero ones among them; about half of the targets are reached."""
    length, size = draw(st.integers(0, 4)), draw(st.sampled_from([1, 2, 10**12]))
    vector = st.tuples(*[integers(size)] * length)
    vectors = draw(st.lists(vector | st.just((0,) * length), max_size=8))
    chosen = [draw(st.booleans()) for _ in vectors]
    reached = tuple(
        sum(v[k] for v, c in zip(vectors, chosen, strict=True) if c) for k in range(length)
    )
    return vectors, draw(st.just(reached) | vector)


@settings(max_examples=150, deadline=None)
@given(vectors_and_target(), st.sampled_from([1, Fraction(1, 6)]))
def test_vector_sums(given_sums, factor: Fraction) -> None:
    vectors, target = given_sums
    expected = [
        subset
        for subset in all_subsets(len(vectors))
        if all(sum(vectors[i][k] for i in subset) == t for k, t in enumerate(target))
    ]
    scaled = [[factor * entry for entry in vector] for vector in vectors]
    solutions = SubsetSums(scaled, [factor * entry for entry in target], meter())
    assert sorted(solutions) == sorted(expected)
    assert solutions.count == len(expected)


@pytest.mark.parametrize("power", [0, 61, 62, 63, 200])
def test_sums_of_any_size(power: int) -> None:
    """On both sides of what fits into machine integers."""
    big = 2**power
    solutions = IntegerSubsetSums([big, -big, 2 * big, big - 1, 1], 2 * big, meter())
    expected = [
        subset
        for subset in all_subsets(5)
        if sum([big, -big, 2 * big, big - 1, 1][i] for i in subset) == 2 * big
    ]
    assert sorted(solutions) == sorted(expected)
    assert solutions.count == len(expected)


@pytest.mark.parametrize("factor", [1, 2**62, 2**200 + 1])
def test_residues_exclude_no_solution(factor: int) -> None:
    """Large integers with sums that meet, and that meet only as residues."""
    random = Random(factor)
    integers = [factor * random.randint(-(2**70), 2**70) for _ in range(14)] + [factor, -factor]
    sums = [0]
    for entry in integers:
        sums += [total + entry for total in sums]
    for target in (sums[12345], sums[12345] + 1, 2**62, 0):
        solutions = IntegerSubsetSums(integers, target, meter())
        assert solutions.count == sums.count(target) == len(list(solutions))


def test_counts_beyond_machine_integers() -> None:
    zeros = IntegerSubsetSums([0] * 80, 0, meter())
    assert zeros.count == 2**80
    assert len(list(islice(zeros, 7))) == 7
    many = SubsetSums([(1, 2)] * 200 + [(0, 1)], (100, 201), meter())
    assert many.count == IntegerSubsetSums([1] * 200, 100, meter()).count > 10**58


def test_no_vectors_and_no_coordinates() -> None:
    assert list(SubsetSums([], (0,), meter())) == [()]
    assert list(SubsetSums([], (1,), meter())) == []
    assert list(SubsetSums([], (), meter())) == [()]
    assert SubsetSums([()] * 3, (), meter()).count == 8


def test_mostly_independent_vectors() -> None:
    """Thirty unit vectors and their sum, which is to be left out, or taken alone."""
    units = [tuple(int(i == j) for j in range(30)) for i in range(30)]
    solutions = SubsetSums([*units, (1,) * 30], (1,) * 30, meter())
    assert solutions.count == 2
    assert list(solutions) == [(30,), tuple(range(30))]
    assert SubsetSums([*units, (1,) * 30], (2,) + (1,) * 29, meter()).count == 1
    assert SubsetSums([*units, (1,) * 30], (3,) + (1,) * 29, meter()).count == 0


def test_budgets(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BudgetExceededError):
        _ = IntegerSubsetSums([3**k for k in range(40)], 1, Meter(Budget(regions=1000), None)).count
    monkeypatch.setattr("tropnet.comparison.shallow_networks.partial_sums._MOST_SUMS", 2**10)
    assert IntegerSubsetSums([5**k for k in range(20)], 1, meter()).count == 1
    with pytest.raises(BudgetExceededError, match="more than 1024 different sums at a time"):
        _ = IntegerSubsetSums([5**k for k in range(30)], 1, meter()).count


@st.composite
def matrices(draw: st.DrawFn):
    """A start, few different rank-one terms (none of them zero) and a bound."""
    outputs, inputs, size = (
        draw(st.integers(1, 3)),
        draw(st.integers(1, 3)),
        draw(st.integers(1, 2)),
    )
    column = st.tuples(*[integers(size)] * outputs).filter(any)
    row = st.tuples(*[integers(size)] * inputs).filter(any)
    columns = st.sampled_from(draw(st.lists(column, min_size=1, max_size=3)))
    rows = st.sampled_from(draw(st.lists(row, min_size=1, max_size=4)))
    terms = [
        RankOne(tuple(map(Fraction, column)), row)
        for column, row in draw(st.lists(st.tuples(columns, rows), max_size=6))
    ]
    start = [
        [Fraction(draw(integers(2)), draw(st.integers(1, 2))) for _ in range(inputs)]
        for _ in range(outputs)
    ]
    return start, terms, draw(st.integers(0, 3))


@settings(max_examples=100, deadline=None)
@given(matrices(), st.sampled_from([2**16, 4, 1]))
def test_sums_of_low_rank(given_matrices, tried: int) -> None:
    """Also where few subsets may be tried at once, so that more is decided one by one."""
    start, terms, bound = given_matrices
    expected = []
    for subset in all_subsets(len(terms)):
        matrix = [
            [
                entry + sum(terms[i].column[p] * terms[i].row[q] for i in subset)
                for q, entry in enumerate(row)
            ]
            for p, row in enumerate(start)
        ]
        if rank(matrix) <= bound:
            expected.append(subset)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tropnet.comparison.shallow_networks.low_rank_sums._MOST_TRIED", tried)
        solutions = LowRankSums(start, terms, bound, meter())
        assert sorted(solutions) == sorted(expected)
    assert solutions.count == len(expected)


def test_many_choices_that_lead_to_few_matrices() -> None:
    """Forty equal creases of each of two outputs: the rank is 1 iff the rows are parallel."""
    one, other = (Fraction(1), Fraction(0)), (Fraction(0), Fraction(1))
    terms = [RankOne(one, (1, 0))] * 40 + [RankOne(other, (1, 0))] * 40
    solutions = LowRankSums([(0, 1), (-20, 1)], terms, 1, meter())
    binomials = IntegerSubsetSums([1] * 80, 20, meter()).count  # chosen: k of one, 20 + k of other
    assert solutions.count == IntegerSubsetSums([1] * 40 + [-1] * 40, -20, meter()).count
    assert binomials == IntegerSubsetSums([1] * 40 + [-1] * 40, -20, meter()).count
    assert len(list(islice(solutions, 5))) == 5


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 4).flatmap(
        lambda d: st.tuples(
            st.just(d), st.lists(st.tuples(*[integers(1)] * d).filter(any), max_size=7)
        )
    ),
    st.data(),
)
def test_flats_and_their_bases(configuration, data: st.DataObject) -> None:
    dimension, vectors = configuration
    fractions = [[Fraction(entry) for entry in vector] for vector in vectors]
    size = data.draw(st.integers(0, dimension + 1))
    independent = [
        subset
        for subset in all_subsets(len(vectors))
        if rank([fractions[i] for i in subset]) == len(subset)
    ]
    required = data.draw(st.sampled_from(independent))
    found = flats(vectors, size, dimension, meter(), required)
    bases = [basis for flat in found for basis in flat.bases(vectors)]
    expected = [s for s in independent if len(s) == size and set(required) <= set(s)]
    assert sorted(bases) == expected
    for flat in found:
        assert flat.basis_count == len(list(flat.bases(vectors)))
        for i, vector in enumerate(vectors):
            assert (i in flat.elements) == (not any(flat.image(vector)))
