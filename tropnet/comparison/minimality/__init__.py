"""Deciding whether a network is as small as a network with its function can be."""

from tropnet.comparison.minimality.decision import decide_minimality
from tropnet.comparison.minimality.gradients import GradientSpan, gradient_span
from tropnet.comparison.minimality.pieces import max_linear_pieces

__all__ = ["GradientSpan", "decide_minimality", "gradient_span", "max_linear_pieces"]
