"""What the site says while a server is away."""

import json
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse

import pytest

from tests.stack import Stack, free_port, is_ready, stack, wait_until

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A web process with servers that each test may take away and gives back."""
    with stack(tmp_path_factory.mktemp("site"), free_port()) as found:
        found.start("web")
        assert wait_until(lambda: is_ready(found)), found.log("web")
        yield found


def get(site: Stack, path: str, **headers: str) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", site.port, timeout=10)
    connection.request("GET", path, headers={"Host": "localhost"} | headers)
    response = connection.getresponse()
    body = response.read()
    response.close()
    connection.close()
    return response, body


def test_without_redis_the_site_is_ready_and_says_that_it_is_degraded(site: Stack) -> None:
    site.kill("valkey")
    response, body = get(site, "/readyz")
    page = get(site, "/")[0]
    site.start("valkey")
    assert (response.status, page.status) == (200, 200)
    assert json.loads(body) == {"database": "ok", "redis": "degraded"}


def test_a_restart_of_postgresql_is_not_noticed_by_later_readers(site: Stack) -> None:
    for _ in range(8):
        get(site, "/")
    site.kill("postgres")
    site.start("postgres")
    assert [get(site, "/")[0].status for _ in range(8)] == [200] * 8


def test_without_postgresql_pages_say_when_to_come_back(site: Stack) -> None:
    site.kill("postgres")
    begun = time.monotonic()
    answers = [
        get(site, "/readyz")[0],
        get(site, "/")[0],
        get(site, "/", Cookie="sessionid=someone")[0],
    ]
    took = time.monotonic() - begun
    alive = get(site, "/healthz")[0]
    site.start("postgres")
    assert [answer.status for answer in answers] == [503, 503, 503]
    assert all(answer.headers["Retry-After"] for answer in answers)
    assert took < 3 * len(answers)
    assert alive.status == 200
    assert wait_until(lambda: is_ready(site), 15)
