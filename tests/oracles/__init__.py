"""Answers of other systems, the scripts that asked them, and a brute force to judge them."""
