"""How much of a network's parameters its function determines."""
