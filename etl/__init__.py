"""From landing files to one published generation of scores and aggregates."""
