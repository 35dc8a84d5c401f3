"""Plays weeks of orders and answers against the real actions, in a city made up for it."""
