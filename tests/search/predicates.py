"""Predicates of one's own, for searches in other processes."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from tropnet import Finding, ReLUNetwork, count_linear_pieces, piecewise_linear


def many_pieces(net: ReLUNetwork) -> dict[str, int] | None:
    """Networks with more than five linear pieces."""
    pieces = count_linear_pieces(piecewise_linear(net))
    return {"pieces": pieces} if pieces > 5 else None


def moody(net: ReLUNetwork) -> dict[str, int] | None:
    """Fails for networks with a positive first bias."""
    if net.layers[0].bias[0] > 0:
        raise ValueError("this one not")
    return many_pieces(net)


def wrong_type(net: ReLUNetwork) -> object:
    """Returns what is no finding."""
    return 3.5 if net else None


def unproved(net: ReLUNetwork) -> Finding:
    """Claims something with a proof that does not hold."""
    from tropnet.certificates.identifiability import UniqueShallowCertificate

    return Finding(net, {"unique": UniqueShallowCertificate()})


def deadly(net: ReLUNetwork) -> dict[str, int] | None:
    """Kills its process, once: the file named by DEADLY remembers."""
    mark = Path(os.environ["DEADLY"])
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return many_pieces(net)


def always_deadly(_net: ReLUNetwork) -> None:
    """Kills its process."""
    os.kill(os.getpid(), signal.SIGKILL)


def slow(net: ReLUNetwork) -> dict[str, int] | None:
    """Takes its time."""
    time.sleep(0.02)
    return many_pieces(net)
