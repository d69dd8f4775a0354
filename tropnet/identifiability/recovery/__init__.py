"""Parameters recovered from a function."""

from tropnet.identifiability.recovery.recover import (
    RecoveredComponent,
    Recovery,
    recover_parameters,
)

__all__ = ["RecoveredComponent", "Recovery", "recover_parameters"]
