"""Answers: what they hold, and that they are no truth values."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError

import pytest

from tropnet import Answer, Verdict


@pytest.mark.parametrize("verdict", Verdict)
def test_no_answer_is_a_truth_value(verdict: Verdict) -> None:
    answer = Answer(verdict)
    with pytest.raises(TypeError, match="verdict"):
        bool(answer)
    with pytest.raises(TypeError):
        assert not answer


def test_what_an_answer_holds() -> None:
    answer = Answer(
        Verdict.UNDECIDED, bounds={"width": (2, 4)}, scope="a claim", statistics={"regions": 7}
    )
    assert answer.verdict is Verdict.UNDECIDED
    assert answer.certificate is None
    assert answer.bounds == {"width": (2, 4)}
    assert answer.statistics == {"regions": 7}
    assert repr(answer) == "<Answer: undecided; a claim>"
    assert repr(Answer(Verdict.PROVED)) == "<Answer: proved>"
    with pytest.raises(FrozenInstanceError):
        answer.scope = "another"  # type: ignore[misc]


def test_answers_are_plain_data() -> None:
    answer = Answer(Verdict.REFUTED, certificate=(1, 2), scope="s")
    assert pickle.loads(pickle.dumps(answer)) == answer
    assert Answer(Verdict.PROVED).bounds is not Answer(Verdict.PROVED).bounds
    assert [verdict.value for verdict in Verdict] == ["proved", "refuted", "undecided"]
