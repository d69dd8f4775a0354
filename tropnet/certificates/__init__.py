"""Answers, budgets and proofs as plain data.

A certificate's ``check`` uses exact arithmetic alone and trusts nothing that found it: this folder
imports `tropnet.errors` and `tropnet.exact` only, and reads networks as plain layers.
"""
