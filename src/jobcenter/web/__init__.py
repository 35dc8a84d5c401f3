"""A request in, a page out: the faces, sign-in, health and the API."""
