"""Addresses that scripts call: files in and out of a case."""
