"""The build of `geo/data` and `assets/geo`; nothing here runs when the application does."""
