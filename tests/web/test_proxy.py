"""Row 81 through the real server: an address that is only claimed is not believed."""

import httpx
import pytest

from tests.conftest import Fresh
from tests.serving import serving

# Only a proxy on the same machine is believed; these are two machines that are none.
OUTSIDE, ANOTHER = "127.0.0.2", "127.0.0.3"


def asked(url: str, *, by: str, claimed: str, times: int = 1) -> int:
    """Ask for links that nobody has, each time as if for another; return the last answer."""
    transport = httpx.HTTPTransport(local_address=by)
    with httpx.Client(transport=transport, base_url=url) as http:
        for number in range(times):
            headers = {
                "x-forwarded-for": claimed.format(number),
                "forwarded": f"for={claimed.format(number)}",
                "x-real-ip": claimed.format(number),
            }
            answer = http.get(f"/o/{number:032}", headers=headers)
    return answer.status_code


@pytest.mark.usefixtures("cast")
async def test_81_only_the_proxy_may_say_for_whom_it_asks(fresh: Fresh) -> None:
    with serving(fresh.owner_dsn, fresh.home) as [web]:
        assert asked(web.url, by=OUTSIDE, claimed="10.0.0.{}", times=31) == 429
        # Who is shut out is the caller: neither those they named, nor anybody else.
        assert asked(web.url, by=ANOTHER, claimed="10.0.0.1") == 404
        # The proxy adds who asked it; what stood before that was claimed too.
        proxy = "127.0.0.1"
        assert asked(web.url, by=proxy, claimed="10.0.0.{}, 203.0.113.9", times=31) == 429
        assert asked(web.url, by=proxy, claimed="203.0.113.10") == 404
