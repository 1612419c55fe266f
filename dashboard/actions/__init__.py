"""Writes: each authorises, compares and sets, and writes its audit entry in one transaction."""
