"""Reads: one module per subject; (session, scope, …) → typed rows of one generation."""
