"""The organiser's own lists: what a city changes by itself, with a history and days ahead."""
