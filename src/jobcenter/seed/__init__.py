"""A made-up city to show and to try the service with; the same from the same seed."""
