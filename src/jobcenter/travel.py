"""How long it takes from door to door, for clients and coaches alike (SETTLED 19).

The same formula as in the matcher's `Travel`: four minutes to set out, then three a kilometre. A
routing service may replace both by a table of minutes.
"""

from math import ceil, cos, floor, hypot, radians

# Metres are counted from here; at Helsinki's latitude the plane is true to a few metres.
ORIGIN_LAT, ORIGIN_LON = 60.0, 24.5
METRES_PER_DEGREE = 111_320
SET_OUT_MINUTES = 4
MINUTES_PER_KM = 3
# Between two gigs in the OPEN channel, unless at the same site.
OPEN_BUFFER_MINUTES = 30

Metres = tuple[int, int]


def metres(lat: float, lon: float) -> Metres:
    """Return a place as whole metres east and north of the origin."""
    east = (lon - ORIGIN_LON) * METRES_PER_DEGREE * cos(radians(ORIGIN_LAT))
    return floor(east + 0.5), floor((lat - ORIGIN_LAT) * METRES_PER_DEGREE + 0.5)


def trip_minutes(here: Metres, there: Metres) -> int:
    """Return the minutes from one place to another; nothing to the same one."""
    if here == there:
        return 0
    distance = floor(hypot(here[0] - there[0], here[1] - there[1]))
    return SET_OUT_MINUTES + ceil(distance * MINUTES_PER_KM / 1000)
