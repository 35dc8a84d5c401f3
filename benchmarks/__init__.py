"""Programs that measure what we say about speed; README.md beside them keeps what they measured."""
