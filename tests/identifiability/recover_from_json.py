"""Recovers parameters from break loci and affine pieces: JSON lines in, pickled answers out.

Run in a process of its own, so that nothing of a network can reach the recovery.
"""

from __future__ import annotations

import json
import pickle
import sys

from tropnet import object_from_json, recover_parameters


def main() -> None:
    answers = []
    for line in sys.stdin:
        data = json.loads(line)
        X = object_from_json(data["complex"])
        f = X.to_function(data["gradient"], data["constant"], at=data["point"])
        answers.append(recover_parameters(f, data["architecture"]))
    sys.stdout.buffer.write(pickle.dumps(answers))


if __name__ == "__main__":
    main()
