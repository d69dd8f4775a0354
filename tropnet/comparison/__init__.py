"""Deciding how two networks, or two functions, relate."""
