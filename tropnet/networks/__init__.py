"""ReLU networks, their activation regions and their symmetries."""
