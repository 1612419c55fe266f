"""Places: divisions, boundaries, locating, neighbours. Imports nothing else of ours."""
