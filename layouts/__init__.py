"""One module per screen: its skeleton and its ids."""
