"""The command line: one module for each verb."""

from tropnet.cli.application import app, main

__all__ = ["app", "main"]
