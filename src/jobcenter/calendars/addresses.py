"""Which addresses a calendar may be read from: public ones, over https, with nothing in disguise.

Whoever gives an address makes our server call it, so nothing inside our own walls may be named.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urljoin, urlsplit, urlunsplit

MOST_LETTERS = 2000
PORTS = (443, 8443)
# What calendar programs write before an address that they mean to read over https.
SUBSCRIBE = "webcal"
# Public by their number, and yet a cloud's own: there the machine's keys can be asked for.
METADATA = frozenset({"168.63.129.16"})
# IPv6 networks in which an IPv4 address hides: NAT64, Teredo, 6to4, and the old compatible form.
DISGUISES = tuple(
    ip_network(each)
    for each in ("64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16", "::/96")
)
# The way from IPv6 to IPv4 that nobody keeps any more.
RELAYS = ip_network("192.88.99.0/24")


class NotThere(ValueError):
    """An address that is not read from; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Place:
    """Where a calendar is: a whole address, taken apart."""

    scheme: str
    host: str
    port: int
    target: str
    """The path and what is asked there."""

    @property
    def address(self) -> str:
        """Return it as it is asked for; whoever knows this reads the calendar."""
        return urlunsplit((self.scheme, self.named, self.target, "", ""))

    @property
    def named(self) -> str:
        """Return the host as a request names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == 443 and self.scheme == "https" else f"{host}:{self.port}"


def place_of(text: str, *, loopback: bool = False) -> Place:
    """Take an address apart.

    With `loopback`, which is for tests, this machine itself may be named too, and over http.

    :raises NotThere: when nobody may be sent there
    """
    written = text.strip()
    if not written or len(written) > MOST_LETTERS or not written.isprintable() or " " in written:
        raise NotThere("not_an_address")
    try:
        parts = urlsplit(written)
        port = parts.port
    except ValueError:
        raise NotThere("not_an_address") from None
    scheme = "https" if parts.scheme == SUBSCRIBE else parts.scheme
    host = (parts.hostname or "").rstrip(".")
    if not host or "%" in host or "\\" in written:
        raise NotThere("not_an_address")
    if parts.username is not None or parts.password is not None:
        raise NotThere("with_password")
    if scheme != "https" and not (loopback and scheme == "http"):
        raise NotThere("not_https")
    found = Place(scheme, _ascii(host), port or 443, _target(parts.path, parts.query))
    if found.port not in PORTS and not loopback:
        raise NotThere("other_port")
    _refuse_number(found.host, loopback=loopback)
    return found


def next_place(place: Place, location: str, *, loopback: bool = False) -> Place:
    """Return where an answer sends us on, under the same rules."""
    try:
        address = urljoin(place.address, location)
    except ValueError:
        raise NotThere("not_an_address") from None
    return place_of(address, loopback=loopback)


def is_public(number: str, *, loopback: bool = False) -> bool:
    """Tell whether a resolved address is one that anybody may call."""
    address = ip_address(number)
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            address = address.ipv4_mapped
        elif address.is_site_local or any(address in network for network in DISGUISES):
            return loopback and address.is_loopback
    if loopback and address.is_loopback:
        return True
    return address.is_global and not _is_special(address)


def _is_special(address: IPv4Address | IPv6Address) -> bool:
    return (
        address.is_multicast
        or address.is_reserved
        or str(address) in METADATA
        or (address.version == 4 and address in RELAYS)
    )


def _ascii(host: str) -> str:
    """Return a name as it is looked up: what looks alike in other letters is another name."""
    try:
        return host if ":" in host else host.encode("idna").decode()
    except UnicodeError:
        raise NotThere("not_an_address") from None


def _target(path: str, query: str) -> str:
    return f"{path or '/'}?{query}" if query else path or "/"


def _refuse_number(host: str, *, loopback: bool) -> None:
    """Refuse a number at once where it is no public one; a name is resolved when it is read."""
    try:
        ip_address(host)
    except ValueError:
        if not loopback and _names_a_number(host):
            raise NotThere("not_public") from None
        return
    if not is_public(host, loopback=loopback):
        raise NotThere("not_public")


def _names_a_number(host: str) -> bool:
    """Tell names of no public place, and numbers in disguise such as 2130706433 or 0x7f.1."""
    last = host.rpartition(".")[2]
    return "." not in host or last.isdigit() or last.startswith("0x") or last in {
        "localhost", "local", "internal", "arpa",
    }  # fmt: skip
