"""CPU time and memory of tropnet beside the exact solvers a user would take instead.

Run ``python -m benchmarks --help`` from the root of the checkout.  Every measurement runs in a
fresh process with one thread, so that neither caches nor garbage carry over.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# The networks measured are the ones the tests count and compare.
if (_TESTS := str(ROOT / "tests")) not in sys.path:
    sys.path.insert(0, _TESTS)
