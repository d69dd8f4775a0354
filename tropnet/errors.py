"""The whole exception hierarchy.

A mathematical "no" is a value, never an exception.  Everything raised on purpose derives from
`TropnetError`, and its message says what is wrong and what to do about it, in one line.
"""

from __future__ import annotations


class TropnetError(Exception):
    """Base class of every error that tropnet raises on purpose."""


class InvalidInputError(TropnetError, ValueError):
    """An argument or a file does not mean what it should; the message names it."""


class UnsupportedNetworkError(TropnetError):
    """A network file holds something that is not a piecewise linear chain; names the layer."""


class BudgetExceededError(TropnetError):
    """A budget ran out before the answer was complete.

    Attributes:
        found: What had been computed by then (its type is the called function's business).
    """

    def __init__(self, message: str, found: object = None) -> None:
        super().__init__(message)
        self.found = found

    def __reduce__(self) -> tuple[type[BudgetExceededError], tuple[str, object]]:
        return type(self), (str(self), self.found)


class CertificateError(TropnetError):
    """A certificate is malformed, or it does not prove what it claims."""
