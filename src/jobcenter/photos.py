"""Photos from outside, drawn anew: a small JPEG with nothing in it but the picture.

What a camera writes beside it (place, time, its owner) is gone, and so is whatever else hid there.
"""

from dataclasses import dataclass
from io import BytesIO

from jobcenter.errors import Fault, Invalid
from jobcenter.late import late

images = late("PIL.Image")
operations = late("PIL.ImageOps")

MOST_BYTES = 12 * 1024 * 1024
# A phone's picture has twelve to fifty million points; more is a bomb or a mistake.
MOST_POINTS = 60_000_000
LONGEST_SIDE = 1600
KINDS = ("JPEG", "PNG", "WEBP")
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
        with images.open(BytesIO(data), formats=KINDS) as found:
            if found.width * found.height > MOST_POINTS:
                raise _unreadable()
            upright = operations.exif_transpose(found).convert("RGB")
    except (OSError, SyntaxError, ValueError, images.DecompressionBombError) as error:
        raise _unreadable() from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    plain = images.new("RGB", upright.size)
    plain.paste(upright)
    out = BytesIO()
    plain.save(out, format="JPEG", quality=80, optimize=True)
    return Photo(out.getvalue(), plain.width, plain.height)


def _unreadable() -> Invalid:
    return Invalid(
        Fault(
            "photo", "not_a_photo", "We could not read this as a photo. JPEG, PNG or WebP, please."
        )
    )
