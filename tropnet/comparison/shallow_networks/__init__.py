"""Networks with one hidden layer: the narrowest ones that realise a function, all of them.

`form` reads off the hyperplanes, jumps and linear part of a function; `search` has the theorem that
reduces its representations to subsets of vectors with a given sum (`subset_sums`) and of rank-one
matrices with a sum of small rank (`low_rank_sums`); `component` turns each solution into networks.
"""
