"""The demo: the whole service on one machine, with a round and a link for everybody."""
