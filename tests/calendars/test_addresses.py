"""Where calendars are read from: the addresses that are refused, and the numbers behind names."""

import pytest

from jobcenter.calendars.addresses import NotThere, is_public, next_place, place_of

REFUSED = {
    "not_an_address": (
        "", " ", "calendar", "https://", "https:///a.ics", "https://[::1", "https://a b.example/",
        "https://calendar.example:99999/", "https://calendar.example\\@10.0.0.1/",
        "https://calendar.example/a\nb", "https://calendar.example/" + "a" * 2000,
        "https://[fe80::1%25eth0]/", "https://a℀b/", f"https://{'a' * 70}.example/",
    ),
    "not_https": (
        "http://calendar.example/a.ics", "file://calendar.example/etc/passwd", "ftp://calendar.example/a.ics",
        "gopher://calendar.example/", "javascript://calendar.example/",
    ),
    "with_password": ("https://kim:secret@calendar.example/", "https://kim@calendar.example/"),
    "other_port": ("https://calendar.example:22/", "https://calendar.example:80/"),
    "not_public": (
        "https://127.0.0.1/", "https://localhost/", "https://LOCALHOST./", "https://10.1.2.3/",
        "https://192.168.0.1:8443/", "https://172.16.0.1/", "https://169.254.169.254/latest/",
        "https://100.100.100.200/", "https://168.63.129.16/", "https://0.0.0.0/",
        "https://224.0.0.1/", "https://255.255.255.255/", "https://[::1]/", "https://[::]/",
        "https://[fd00:ec2::254]/", "https://[fe80::1]/", "https://[::ffff:127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://[ff02::1]/",
        "https://2130706433/", "https://0x7f.1/", "https://127.1/", "https://017700000001/",
        "https://intranet/", "https://metadata.google.internal/", "https://printer.local/",
        "https://１２７.0.0.1/",
    ),
}  # fmt: skip


@pytest.mark.parametrize("code", REFUSED)
def test_an_address_is_refused_before_anybody_calls_it(code: str) -> None:
    for address in REFUSED[code]:
        with pytest.raises(NotThere) as caught:
            place_of(address)
        assert caught.value.code == code, address


def test_an_address_is_taken_as_calendar_programs_write_it() -> None:
    for written, asked in {
        " https://calendar.example/a/b.ics?key=1#x ": "https://calendar.example/a/b.ics?key=1",
        "webcal://Calendar.Example/a.ics": "https://calendar.example/a.ics",
        "https://calendar.example:8443": "https://calendar.example:8443/",
        "https://kalenteri-ä.example/": "https://xn--kalenteri--z5a.example/",
        "https://93.184.216.34/a.ics": "https://93.184.216.34/a.ics",
    }.items():
        assert place_of(written).address == asked
    place = place_of("https://calendar.example/a/b.ics")
    assert next_place(place, "../c.ics").address == "https://calendar.example/c.ics"
    for away, code in {
        "http://calendar.example/": "not_https",
        "//127.0.0.1/": "not_public",
        "https://a:b@c.example/": "with_password",
        "https://[": "not_an_address",
        "https://a℀b/": "not_an_address",
    }.items():
        with pytest.raises(NotThere) as caught:
            next_place(place, away)
        assert caught.value.code == code, away


def test_only_public_numbers_are_called() -> None:
    for number in ("93.184.216.34", "2a00:1450:400f:80d::200e", "::ffff:93.184.216.34"):
        assert is_public(number), number
    for number in (
        "10.0.0.1", "127.0.0.53", "169.254.169.254", "100.64.0.1", "198.18.0.1", "203.0.113.5",
        "192.88.99.1", "240.0.0.1", "fc00::1", "fec0::1", "2001:db8::1", "2001::1", "::127.0.0.1",
        "::ffff:10.0.0.1", "64:ff9b:1::1",
    ):  # fmt: skip
        assert not is_public(number), number
        assert not is_public(number, loopback=True) or number.startswith("127."), number
    assert is_public("127.0.0.1", loopback=True)
    assert is_public("::1", loopback=True)
