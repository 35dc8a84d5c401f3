"""Photos from outside, drawn anew: a small JPEG with nothing in it but the picture.

What a camera writes beside it (place, time, its owner) is gone, and so is whatever else hid there.
"""

from dataclasses import dataclass
from io import BytesIO
from threading import Lock

from jobcenter.errors import Fault, Invalid
from jobcenter.late import late

images = late("PIL.Image")
operations = late("PIL.ImageOps")

MOST_BYTES = 12 * 1024 * 1024
# A phone's picture has twelve to fifty million points; more is a bomb or a mistake. A JPEG is read
# at a fraction of its size; of the others every point is in memory at once.
MOST_POINTS = {"JPEG": 60_000_000, "PNG": 24_000_000, "WEBP": 24_000_000}
LONGEST_SIDE = 1600
# What the database takes (photo_is_small), and how to come below it.
MOST_KEPT_BYTES = 1_000_000
QUALITIES = (80, 60, 40, 20)
KINDS = ("JPEG", "PNG", "WEBP")
# One at a time: each takes up to a hundred megabytes for a moment.
TURN = Lock()
SIGNS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture as it is kept."""

    jpeg: bytes
    width: int
    height: int


def drawn_anew(data: bytes) -> Photo:
    """Return the picture in these bytes, upright and small.

    :raises Invalid: when it is too large, or no picture of a kind that cameras make
    """
    if len(data) > MOST_BYTES:
        raise Invalid(Fault("photo", "too_large", "This photo is too large. 12 MB is the most."))
    if not data.startswith(SIGNS):
        raise _unreadable()
    try:
        with TURN:
            return _drawn(data)
    except (OSError, SyntaxError, ValueError, images.DecompressionBombError) as error:
        raise _unreadable() from error


def _drawn(data: bytes) -> Photo:
    with images.open(BytesIO(data), formats=KINDS) as found:
        if found.width * found.height > MOST_POINTS[found.format]:
            raise _unreadable()
        # Small first: upright and plain are made of what is left.
        found.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        upright = operations.exif_transpose(found).convert("RGB")
    plain = images.new("RGB", upright.size)
    plain.paste(upright)
    for quality in QUALITIES:
        out = BytesIO()
        plain.save(out, format="JPEG", quality=quality, optimize=True)
        if out.tell() <= MOST_KEPT_BYTES:
            break
    return Photo(out.getvalue(), plain.width, plain.height)


def _unreadable() -> Invalid:
    return Invalid(
        Fault(
            "photo", "not_a_photo", "We could not read this as a photo. JPEG, PNG or WebP, please."
        )
    )
