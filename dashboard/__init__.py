"""The application: everything that is neither a screen, nor ETL, nor a map."""
