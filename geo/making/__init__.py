"""What `python -m geo.build` is made of; nothing here runs when the application does."""
