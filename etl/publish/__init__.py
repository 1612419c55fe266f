"""Publishing: a generation goes live whole, or not at all."""
