"""What is unusual: bounds for series of counts."""
