"""What leaves the house as a file: workbooks and dossiers."""
