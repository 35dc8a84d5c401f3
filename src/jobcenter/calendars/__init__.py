"""Calendars of other programs, read from an address that a coach gives: busy times, never more."""
