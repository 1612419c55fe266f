"""Files that people send in: told by their content, scanned, kept under their hash outside the web root."""
