"""Networks, function-preserving transformations and differences with known witnesses.

Everything random takes a seed or a `random.Random`, so that a failure can be replayed, and so
that Hypothesis can drive (and shrink) the same generators.
"""
