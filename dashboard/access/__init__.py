"""People: what they may see, how they sign in, and the gate that every request passes."""
