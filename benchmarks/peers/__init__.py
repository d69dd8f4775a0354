"""tropnet and its peers on the same inputs in one run, every answer compared with the exact one.

A peer takes part if it can be imported (`peers.txt`, which ``./run bench`` installs as far as it
can) or, for programs, found.  `questions` says what is asked, `regions`, `equality` and `polytopes`
how each peer is asked, `report` writes what came of it.
"""
