"""Train the network of the demo, examples/iris.json, on Fisher's irises.

It takes the length and the width of a petal in centimetres and scores the three species.  The
trained weights are rounded to float32 and written exactly: a float is the dyadic rational that it
stores.  Only this script needs scikit-learn, which is not a dependency of tropnet:

    .venv/bin/python -m pip install scikit-learn
    .venv/bin/python examples/train_iris.py
"""

import sys
from pathlib import Path

import numpy as np

from tropnet import from_arrays

try:
    from sklearn.datasets import load_iris
    from sklearn.neural_network import MLPClassifier
except ImportError:
    sys.exit("train_iris.py needs scikit-learn: python -m pip install scikit-learn")

PATH = Path(__file__).with_name("iris.json")


def main() -> None:
    """Train, convert, say how well the exact network does, save."""
    irises = load_iris()
    petals = irises.data[:, 2:]
    model = MLPClassifier((12, 8), solver="lbfgs", alpha=0.03, max_iter=5000, random_state=0)
    model.fit(petals, irises.target)

    # scikit-learn multiplies from the left (inputs, outputs); its softmax changes no ranking.
    net = from_arrays(
        [weight.T.astype(np.float32) for weight in model.coefs_],
        [bias.astype(np.float32) for bias in model.intercepts_],
    )
    hits = 0
    for petal, species in zip(petals, irises.target, strict=True):
        scores = net(petal)
        hits += scores.index(max(scores)) == species
    print(f"{net}: {hits} of {len(petals)} irises right, in {model.n_iter_} iterations")
    net.save(PATH)
    print(f"written to {PATH.name}")


if __name__ == "__main__":
    main()
