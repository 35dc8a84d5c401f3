"""Photos from outside: drawn anew, upright and small, with nothing in them but the picture."""

from io import BytesIO

import pytest
from PIL import Image

from jobcenter.errors import Invalid
from jobcenter.photos import LONGEST_SIDE, MOST_BYTES, MOST_KEPT_BYTES, drawn_anew

ORIENTATION, MAKER, PLACE = 0x0112, 0x010F, 0x8825
TURNED_RIGHT = 6


def picture(
    size: tuple[int, int] = (64, 48), *, kind: str = "JPEG", exif: Image.Exif | None = None
) -> bytes:
    """Return a picture whose left half is red and whose right half is blue."""
    made = Image.new("RGB", size, "red")
    made.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    out = BytesIO()
    made.save(out, format=kind, **({"exif": exif} if exif else {}))
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_cameras_make_becomes_a_small_jpeg(kind: str) -> None:
    photo = drawn_anew(picture((2400, 1200), kind=kind))
    assert (photo.width, photo.height) == (LONGEST_SIDE, LONGEST_SIDE // 2)
    with Image.open(BytesIO(photo.jpeg)) as found:
        assert found.format == "JPEG"
        assert found.size == (photo.width, photo.height)


def test_it_stands_upright_and_tells_neither_who_nor_where() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED_RIGHT
    exif[MAKER] = "Somebody's camera"
    exif.get_ifd(PLACE)[2] = (60.0, 10.0, 0.0)
    data = picture(exif=exif)
    assert b"Somebody's camera" in data
    photo = drawn_anew(data)
    assert (photo.width, photo.height) == (48, 64)
    assert b"Somebody's camera" not in photo.jpeg
    with Image.open(BytesIO(photo.jpeg)) as found:
        assert dict(found.getexif()) == {}
        red, blue = found.getpixel((24, 5)), found.getpixel((24, 60))
    assert isinstance(red, tuple)
    assert isinstance(blue, tuple)
    assert red[0] > 200 > red[2]
    assert blue[2] > 200 > blue[0]


def test_what_hides_behind_a_picture_is_gone() -> None:
    hidden = b"<script>alert(1)</script>"
    assert hidden not in drawn_anew(picture() + hidden).jpeg


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_a_photo"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_a_photo"),
        (b"%PDF-1.7", "not_a_photo"),
        (b"GIF89a" + bytes(100), "not_a_photo"),
        (b"\xff\xd8\xff" + bytes(2000), "not_a_photo"),
        (picture()[:200], "not_a_photo"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "not_a_photo"),
        (b"\xff\xd8\xff" + bytes(MOST_BYTES), "too_large"),
    ],
    ids=["nothing", "drawing", "document", "gif", "noise", "cut off", "half", "large"],
)
def test_whatever_is_no_photo_is_refused_in_words(data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        drawn_anew(data)
    assert [(fault.field, fault.code) for fault in refused.value.faults] == [("photo", code)]


def test_a_bomb_of_points_is_not_unpacked() -> None:
    with pytest.raises(Invalid):
        drawn_anew(picture((9000, 9000), kind="PNG"))


def test_however_much_is_in_it_it_is_kept_small() -> None:
    noise = Image.effect_noise((LONGEST_SIDE, LONGEST_SIDE), 100).convert("RGB")
    out = BytesIO()
    noise.save(out, format="JPEG", quality=95)
    assert len(drawn_anew(out.getvalue()).jpeg) <= MOST_KEPT_BYTES


def test_what_must_be_in_memory_whole_may_be_smaller_only() -> None:
    with pytest.raises(Invalid):
        drawn_anew(picture((5000, 5000), kind="PNG"))
    assert drawn_anew(picture((5000, 5000))).width == LONGEST_SIDE
