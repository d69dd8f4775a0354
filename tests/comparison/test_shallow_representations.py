"""All representations with one hidden layer: degenerate functions, known answers, brute force."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, islice
from math import comb
from random import Random

import pytest
from hypothesis import given, settings

from comparison.shallow_brute_force import Creases, creases, line, random_creases
from tropnet import (
    Budget,
    BudgetExceededError,
    ComponentCount,
    InvalidInputError,
    Polyhedron,
    ReLUNetwork,
    ShallowComponent,
    TropicalPolynomial,
    canonical_form,
    decide_equality,
    decide_equivalence,
    piecewise_linear,
    shallow_representations,
)


def shallow(rows, bias, outs, constant=(0,)) -> ReLUNetwork:
    """The sum of the outs[i] relu(rows[i]·x + bias[i]), and a constant."""
    return ReLUNetwork([(rows, bias), (list(zip(*outs, strict=True)), constant)])


def modulus(inputs: int) -> ReLUNetwork:
    """|x_1| + … + |x_n|."""
    rows = [[sign * (i == j) for j in range(inputs)] for i in range(inputs) for sign in (1, -1)]
    return shallow(rows, [0] * len(rows), [[1]] * len(rows))


def generic(inputs: int, number: int, seed: int = 0, fitting: bool = False) -> ReLUNetwork:
    """Generic creases, and a generic linear part unless it is to fit."""
    random = Random(seed)

    def vector(length: int) -> list[int]:
        return [random.choice((-1, 1)) * random.randint(1, 10**4) for _ in range(length)]

    rows, bias, outs = [vector(inputs) for _ in range(number)], vector(number), vector(number)
    if not fitting:
        row = vector(inputs)
        rows, bias, outs = [*rows, row, [-a for a in row]], [*bias, 0, 0], [*outs, 1, -1]
    return shallow(rows, bias, [[out] for out in outs])


# -- degenerate functions ----------------------------------------------------------------------


@pytest.mark.parametrize("outputs", [1, 3])
def test_a_constant_needs_no_neuron(outputs: int) -> None:
    constant = ReLUNetwork([([[0, 0]] * outputs, range(outputs))])
    found = shallow_representations(constant)
    assert (found.width, found.count) == (0, ComponentCount(isolated=1))
    (only,) = found
    assert only.network == constant
    assert found.component_of(constant) == only
    dead = shallow([[0, 0], [1, 0], [1, 0]], [1, 0, 0], [[0] * outputs] * 3, range(outputs))
    assert shallow_representations(dead).width == 0
    assert shallow_representations(dead).component_of(dead) is None


@pytest.mark.parametrize(
    ("inputs", "outputs", "rank"), [(1, 1, 1), (2, 1, 1), (3, 2, 2), (2, 3, 2)]
)
def test_an_affine_function_is_one_family(inputs: int, outputs: int, rank: int) -> None:
    weight = [[(i + 1) ** j for j in range(inputs)] for i in range(outputs)]
    affine = ReLUNetwork([(weight, range(outputs))])
    found = shallow_representations(affine)
    assert found.width == 2 * rank
    assert found.count == ComponentCount(families={rank * rank: 1})
    (family,) = found
    mixing = [[i + 1 if i == j else 2 * (i < j) for j in range(rank)] for i in range(rank)]
    member = family.member(offsets=range(1, rank + 1), mixing=mixing)
    assert decide_equality(member, affine).equal
    assert not decide_equivalence(member, family.network).equivalent


def test_a_linear_part_of_low_rank() -> None:
    affine = ReLUNetwork([([[1, 2], [2, 4], [3, 6]], [0, 1, 2])])
    found = shallow_representations(affine)
    assert (found.width, found.count) == (2, ComponentCount(families={1: 1}))


def test_there_are_none_if_a_weight_changes_along_a_hyperplane() -> None:
    maximum = TropicalPolynomial([[0, 0], [1, 0], [0, 1]], [0, 0, 0])
    for f in (maximum, (modulus(2), maximum), piecewise_linear(maximum)):
        found = shallow_representations(f)
        assert (found.width, found.width_bounds, found.count_bounds) == (None, None, (0, 0))
        assert found.count == ComponentCount()
        assert found.count.total == 0
        assert list(found) == []
        assert found.weight_change is not None
        assert found.component_of(modulus(2)) is None
        assert found.best_known is None


@pytest.mark.parametrize("number", [1, 2, 5, 30])
def test_parallel_creases_with_the_same_jump(number: int) -> None:
    """Flipping any k of them makes the same linear part, −k times the row."""
    for flips in {0, 1, number // 2, number}:
        rows = [[3, -6]] * number + [[1, -2], [-1, 2]]
        outs = [[1]] * number + [[-3 * flips], [3 * flips]]
        f = shallow(rows, [*range(number), 0, 0], outs)
        if flips:  # the last two neurons are an invisible pair beside the first hyperplane
            f = shallow(rows, [*range(number), -1, 1], outs)
        found = shallow_representations(f)
        assert (found.width, found.count) == (number, ComponentCount(comb(number, flips)))
        assert sum(1 for _ in islice(found, 100)) == min(100, found.count.total)


def test_thirty_parallel_creases_that_miss_the_linear_part() -> None:
    rows = [[1, 1]] * 30 + [[1, 1], [-1, -1]]
    f = shallow(rows, [*range(30), -1, 1], [[1]] * 30 + [["1/2"], ["-1/2"]])
    found = shallow_representations(f)
    assert found.width == 31
    assert found.count == ComponentCount(30 * 2**29)
    for component in islice(found, 5):
        assert decide_equality(component.network, f).equal


def test_nearly_parallel_creases_are_not_parallel() -> None:
    """The linear part x is what flipping both leaves: their normals differ by (1, 0)."""
    rows = [[10**9, 1], [10**9 + 1, 1], [1, 0], [-1, 0]]
    f = shallow(rows, [0, 0, 1, -1], [[1], [-1], [1], [-1]])
    assert [choices(component) for component in shallow_representations(f)] == [((0, 1), (), 0)]


def test_a_function_of_one_output_as_several() -> None:
    """Outputs that are multiples of one: nothing changes."""
    f = modulus(2)
    g = ReLUNetwork([([[2], [-1], [0]], [1, 1, 1])]) @ f
    one, three = shallow_representations(f), shallow_representations(g)
    assert (one.width, one.count) == (three.width, three.count)
    assert list(map(choices, one)) == list(map(choices, three))


def choices(component: ShallowComponent) -> tuple[tuple[int, ...], tuple[int, ...], int]:
    return component.flipped, component.doubled, component.invisible


def test_every_kind_of_function_is_read() -> None:
    polynomial = TropicalPolynomial([[0], [1], [3]], [0, 0, -2])
    answers = [
        shallow_representations(f)
        for f in (polynomial, polynomial / polynomial.scale(2), piecewise_linear(polynomial))
    ]
    assert [answer.width for answer in answers] == [2, 2, 2]
    pair = shallow_representations((polynomial, modulus(1)))
    assert pair.form == shallow_representations([polynomial, modulus(1)]).form
    assert pair.form is not None
    assert pair.form.jumps == ((1, 2), (2, 0))


def test_inputs_that_are_no_functions_on_space() -> None:
    with pytest.raises(InvalidInputError, match="f: expected a ReLUNetwork"):
        shallow_representations(3)  # type: ignore[arg-type]
    half = Polyhedron.from_inequalities([[1]], [0])
    with pytest.raises(InvalidInputError, match="on a polyhedron only"):
        shallow_representations(piecewise_linear(modulus(1), half))


# -- known answers -----------------------------------------------------------------------------


def test_the_triple_flip_has_exactly_two_orbits() -> None:
    f = shallow([[1, 0], [0, 1], [-1, -1]], [0, 0, 0], [[1], [1], [1]])
    found = shallow_representations(f)
    assert (found.width, found.count) == (3, ComponentCount(isolated=2))
    g = shallow([[-1, 0], [0, -1], [1, 1]], [0, 0, 0], [[1], [1], [1]])
    assert {found.component_of(net) for net in (f, g)} == set(found)


def test_the_modulus_in_two_variables() -> None:
    found = shallow_representations(modulus(2))
    assert (found.width, found.count) == (4, ComponentCount(isolated=1, families={1: 4}))


@pytest.mark.parametrize("inputs", [1, 2, 3, 4])
@pytest.mark.parametrize("number", [1, 2, 3, 6, 10])
def test_generic_creases_with_a_generic_linear_part(inputs: int, number: int) -> None:
    found = shallow_representations(generic(inputs, number))
    if inputs == 1:
        assert found.width == number + 1
        assert found.count == ComponentCount(number * 2 ** (number - 1))
    else:
        assert found.width == number + 2
        pairs = comb(number, 2) * 2 ** max(number - 2, 0) if inputs == 2 else 0
        assert found.count == ComponentCount(pairs, {1: 2**number})


@pytest.mark.parametrize("inputs", [2, 3])
def test_forty_generic_creases_are_counted(inputs: int) -> None:
    found = shallow_representations(generic(inputs, 40, fitting=True))
    assert found.width == 40
    assert found.count == ComponentCount(isolated=1)


@pytest.mark.parametrize("fitting", [True, False])
def test_independent_creases_need_no_search(fitting: bool) -> None:
    found = shallow_representations(generic(60, 60, fitting=fitting))
    assert found.width == 60 + (0 if fitting else 2)
    assert found.count == ComponentCount(1 if fitting else 0, {} if fitting else {1: 2**60})


# -- members -----------------------------------------------------------------------------------


def test_members_of_a_family_are_equal_functions_and_inequivalent() -> None:
    """Two outputs, one doubled hyperplane and one invisible one: a family of dimension 2."""
    f = Creases(
        rows=((Fraction(1), Fraction(0), Fraction(0)),),
        shifts=(Fraction(1),),
        jumps=((Fraction(1), Fraction(3)),),
        linear=(
            (Fraction(1), Fraction(1), Fraction(0)),
            (Fraction(0), Fraction(1), Fraction(0)),
        ),
        constant=(Fraction(0), Fraction(5)),
    ).network()
    found = shallow_representations(f)
    assert (found.width, found.count) == (4, ComponentCount(families={2: 1}))
    (family,) = found
    assert choices(family) == ((), (0,), 1)
    members = [
        family.member(offsets=[offset], shifts=[[shift]])
        for offset in (0, 1, "-1/2")
        for shift in (0, 1, "1/3")
    ]
    for member in members:
        assert decide_equality(member, f).equal
        assert found.component_of(member) == family
    for one, two in combinations(members, 2):
        assert not decide_equivalence(one, two).equivalent
    same = family.member(offsets=[-2], mixing=[[-2]], shifts=[[1]])
    assert decide_equivalence(same, family.member(offsets=[1], shifts=[[1]])).equivalent


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"offsets": [1]}, "offsets: 1 numbers, but this component takes 2"),
        ({"mixing": [[1, 2], [2, 4]]}, "mixing: the matrix is singular"),
        ({"mixing": [[1]]}, r"mixing: this component takes a matrix of shape \(2, 2\)"),
        ({"shifts": [[1, 2]]}, r"shifts: this component takes a matrix of shape \(0, 2\)"),
        ({"offsets": ["one", 2]}, "offsets"),
    ],
)
def test_parameters_that_do_not_fit(parameters, message: str) -> None:
    (family,) = shallow_representations(ReLUNetwork([([[1, 0], [0, 1]], [0, 0])]))
    with pytest.raises(InvalidInputError, match=message):
        family.member(**parameters)


# -- budgets -----------------------------------------------------------------------------------


def test_out_of_budget_there_are_bounds() -> None:
    f = generic(2, 12)
    found = shallow_representations(f, budget=Budget(regions=10))
    assert found.width_bounds == (12, 14)
    low, high = found.count_bounds
    complete = shallow_representations(f)
    assert low <= complete.count.total <= high
    with pytest.raises(BudgetExceededError, match="the width is between") as caught:
        _ = found.width
    assert caught.value.found == (12, 14)
    with pytest.raises(BudgetExceededError):
        _ = found.count
    with pytest.raises(BudgetExceededError):
        next(iter(found))
    assert found.best_known is not None
    assert found.best_known.width == 14
    assert decide_equality(found.best_known.network, f).equal


@pytest.mark.parametrize("regions", [0, 1, 50, 300, 2000, 10**6])
@pytest.mark.parametrize("seed", range(3))
def test_bounds_are_right_whatever_the_budget(seed: int, regions: int) -> None:
    f = random_creases(Random(seed), 3, 2, 9).network()
    complete = shallow_representations(f)
    found = shallow_representations(f, budget=Budget(regions=regions))
    low, high = found.width_bounds or (1, 0)
    assert low <= complete.width <= high
    few, many = found.count_bounds
    assert few <= complete.count.total <= many
    if regions == 10**6:
        assert (low, few) == (high, many)


def test_progress_is_reported() -> None:
    reports: list[int] = []
    found = shallow_representations(generic(2, 24), progress=reports.append)
    assert found.width == 26
    assert reports == sorted(reports)
    assert reports


# -- brute force -------------------------------------------------------------------------------


def agrees_with_brute_force(f: Creases, listed: int = 40) -> None:
    """Width, counts and list; the first of the listed networks are looked at one by one."""
    net = f.network()
    width, kinds = f.narrowest()
    found = shallow_representations(net)
    assert found.width == width
    assert found.width_bounds == (width, width)
    families: dict[int, int] = {}
    for (doubled, invisible), members in kinds.items():
        dimension = invisible * (invisible + doubled)
        families[dimension] = families.get(dimension, 0) + len(members)
    assert found.count == ComponentCount(families.pop(0, 0), families)
    assert found.count_bounds == (found.count.total,) * 2

    places = {
        line(row, shift): i for i, (row, shift) in enumerate(zip(f.rows, f.shifts, strict=True))
    }
    if len(places) < 9 or found.count.total < 3000:
        components = list(found)
        assert len(components) == found.count.total
        seen: dict[tuple[int, int], set[frozenset[tuple[int, int]]]] = {}
        for component in components:
            key = len(component.doubled), component.invisible
            seen.setdefault(key, set()).add(neurons(component, f, places))
        assert seen == kinds
    first = list(islice(found, listed))
    for component in first:
        member = component.network
        assert member.hidden_neuron_count == width
        assert decide_equality(member, net).equal
        assert found.component_of(member) == component
    assert len({canonical_form(component.network).network for component in first}) == len(first)
    for one, two in combinations(first[:5], 2):
        assert not decide_equivalence(one.network, two.network).equivalent


def neurons(
    component: ShallowComponent, f: Creases, places: dict[tuple[Fraction, ...], int]
) -> frozenset[tuple[int, int]]:
    """The hyperplanes with signs, in the numbering and orientation of brute force."""
    result = []
    for i, (normal, offset) in enumerate(component.hyperplanes):
        place = places[line(list(map(Fraction, normal)), -offset)]
        along = sum(a * b for a, b in zip(normal, f.rows[place], strict=True)) > 0
        signs = {1, -1} if i in component.doubled else {-1 if i in component.flipped else 1}
        result += [(place, sign if along else -sign) for sign in signs]
    return frozenset(result)


@settings(max_examples=60, deadline=None)
@given(creases())
def test_small_functions_agree_with_brute_force(f: Creases) -> None:
    agrees_with_brute_force(f, listed=6)


@pytest.mark.parametrize("seed", range(4))
def test_larger_functions_agree_with_brute_force(seed: int) -> None:
    random = Random(seed)
    agrees_with_brute_force(random_creases(random, 1 + seed % 3, 1 + seed % 2, 8))


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", range(500))
def test_500_functions_agree_with_brute_force(seed: int) -> None:
    """Half of them scalar, half with two outputs; up to 10 creases in up to 3 variables."""
    random = Random(f"shallow {seed}")
    inputs, number, size = random.randint(1, 3), random.randint(0, 10), random.randint(1, 2)
    agrees_with_brute_force(random_creases(random, inputs, 1 + seed % 2, number, size))
