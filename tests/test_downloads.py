"""Files from strangers' servers: only public addresses, only so much, only so long."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import httpx
import pytest

from generator import downloads
from generator.downloads import Download, Downloader, RefusedError, UnreachableError, is_public
from tests.hostile import Hostile, picture, serving
from tests.loops import apart

HERE = "127.0.0.1"


@pytest.fixture
def server() -> Iterator[tuple[str, type[Hostile]]]:
    """Run the hostile server."""
    with serving() as running:
        yield running


def fetch(
    url: str, *known: str, allowed: tuple[str, ...] = (HERE,), pauses: list[float] | None = None, whole: float = 20
) -> Download:
    """Fetch one address; pauses are noted and not waited for."""

    async def sleep(seconds: float) -> None:
        if pauses is not None:
            pauses.append(seconds)

    async def run() -> Download:
        async with Downloader(allowed, whole=whole, sleep=sleep) as downloader:
            return await downloader.fetch(url, *known)

    return apart(lambda: asyncio.run(run()))


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"])
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",  # noqa: S104 - not bound to
            "100.64.0.1",
            "255.255.255.255",
        ),
        *(
            "224.0.0.1",
            "192.0.2.1",
            "198.18.0.1",
            "::1",
            "::",
            "fe80::1",
            "fe80::1%eth0",
            "fc00::1",
            "ff02::1",
            "2001:db8::1",
        ),
        *(
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "2002:7f00:1::",
            "2002:a9fe:a9fe::1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
        ),
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


def test_a_file_comes_as_it_is(server: tuple[str, type[Hostile]]) -> None:
    assert fetch(f"{server[0]}/good.jpg") == Download(picture(), '"one"', "")
    assert fetch(f"{server[0]}/moved").data == picture()


def test_what_has_not_changed_is_not_sent_again(server: tuple[str, type[Hostile]]) -> None:
    assert fetch(f"{server[0]}/good.jpg", '"one"').data is None
    assert fetch(f"{server[0]}/good.jpg", '"two"').data == picture()


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://127.0.0.1:{port}/secret",
            "http://localhost:{port}/secret",
            "http://[::1]:{port}/secret",
            "http://127.1:{port}/secret",
        ),
        *("http://2130706433:{port}/secret", "http://0x7f.1:{port}/secret", "http://[::ffff:127.0.0.1]:{port}/secret"),
        *(
            "http://169.254.169.254/latest/meta-data/",
            "http://10.0.0.1/a.png",
            "file:///etc/passwd",
            "ftp://192.0.2.1/a.png",
        ),
        *("gopher://127.0.0.1:{port}/_", "http://8.8.8.8:25/a.png"),
    ],
)
def test_the_own_network_is_never_asked(url: str, server: tuple[str, type[Hostile]]) -> None:
    port = server[0].rpartition(":")[2]
    with pytest.raises((RefusedError, UnreachableError)):
        fetch(url.format(port=port), allowed=())
    assert server[1].asked["/secret"] == 0


@pytest.mark.parametrize(
    "target",
    [
        *(
            "http://127.0.0.2:{port}/secret",
            "http://localtest.invalid:{port}/secret",
            "http://169.254.169.254/",
            "file:///etc/passwd",
        ),
        *("http://[::1]:{port}/secret", "//127.0.0.3:{port}/secret", "http://user:word@127.0.0.2:{port}/secret"),
    ],
)
def test_a_redirect_is_checked_like_an_address(target: str, server: tuple[str, type[Hostile]]) -> None:
    port = server[0].rpartition(":")[2]
    with pytest.raises((RefusedError, UnreachableError)):
        fetch(f"{server[0]}/to?{target.format(port=port)}")
    assert server[1].asked["/secret"] == 0


def test_the_connection_goes_to_the_address_that_was_checked(
    server: tuple[str, type[Hostile]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that leads elsewhere when it is looked up again gains nothing: it is looked up once."""
    answers = iter([[(2, 1, 6, "", ("93.184.215.14", 80))], [(2, 1, 6, "", ("127.0.0.1", 80))]])
    asked: list[str] = []

    async def lookup(self: object, host: str, port: int, **options: object) -> object:
        asked.append(host)
        return next(answers)

    async def connect(self: object, request: httpx.Request) -> httpx.Response:
        asked.append(f"{request.url} Host: {request.headers['host']} SNI: {request.extensions['sni_hostname']}")
        return httpx.Response(200, stream=httpx.ByteStream(b"picture"))

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", lookup)
    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", connect)
    assert fetch("https://rebind.example/a.png", allowed=()).data == b"picture"
    assert asked == ["rebind.example", "https://93.184.215.14/a.png Host: rebind.example SNI: rebind.example"]


@pytest.mark.parametrize("path", ["declared", "endless"])
def test_what_is_too_large_is_given_up(
    path: str, server: tuple[str, type[Hostile]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "MAX_BYTES", 3_000_000)
    with pytest.raises(RefusedError, match="bytes"):
        fetch(f"{server[0]}/{path}")


def test_what_comes_packed_is_not_unpacked(server: tuple[str, type[Hostile]]) -> None:
    assert len(fetch(f"{server[0]}/packed").data or b"") < 100_000


@pytest.mark.parametrize("path", ["hang", "drip"])
def test_a_server_that_takes_its_time_is_left(path: str, server: tuple[str, type[Hostile]]) -> None:
    start = time.monotonic()
    with pytest.raises(UnreachableError, match="in time"):
        fetch(f"{server[0]}/{path}", whole=1.5)
    assert time.monotonic() - start < 15


def test_a_busy_server_is_asked_again_when_it_wants(server: tuple[str, type[Hostile]]) -> None:
    pauses: list[float] = []
    assert fetch(f"{server[0]}/busy", pauses=pauses).data == picture()
    assert pauses == [2.0, 4.0]


def test_a_broken_server_is_asked_three_times(server: tuple[str, type[Hostile]]) -> None:
    with pytest.raises(UnreachableError, match="500"):
        fetch(f"{server[0]}/broken")
    assert server[1].asked["/broken"] == 3


@pytest.mark.parametrize("path", ["missing", "loop"])
def test_what_is_not_there_is_not_asked_for_again(path: str, server: tuple[str, type[Hostile]]) -> None:
    with pytest.raises(RefusedError):
        fetch(f"{server[0]}/{path}")
    assert server[1].asked[f"/{path}"] <= 5


def test_nobody_listens() -> None:
    with pytest.raises(UnreachableError):
        fetch("http://127.0.0.1:59999/a.png")


@pytest.mark.parametrize(
    "url", ["http://", "http://[", "http://a b/", "https://no-such-name.invalid/a.png", "http://x:99999/"]
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises((RefusedError, UnreachableError)):
        fetch(url)
