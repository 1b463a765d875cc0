"""A realistic alliance, made up from a seed and loaded through the public services."""
