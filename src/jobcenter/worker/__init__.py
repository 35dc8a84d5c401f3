"""The worker: a tick of the clock or a job comes in, a function of a room below is called."""
