"""One file from a stranger's server: from public addresses only, within limits of time and size, politely.

A name is resolved first, and the connection goes to the address that was checked; a redirect is checked in the same way.
So no article can make the machine that builds the site look into its own network.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType

import httpx

from generator import __version__

#: Bytes of a picture; the largest of the measured mirrors has 9 MB.
MAX_BYTES = 15_000_000
#: Seconds for one file with its redirects, however slowly its server sends; for a silence; between the attempts.
WHOLE, SILENCE, PAUSES = 60.0, 15.0, (1.0, 4.0)
#: The longest pause that a server may ask for.
MAX_PAUSE = 30.0
_BUSY = frozenset((408, 425, 429, 500, 502, 503, 504))
_HEADERS = {
    "User-Agent": f"Qingdu/{__version__} (static reading site; keeps a copy of each picture)",
    "Accept": "image/avif,image/webp,image/*;q=0.9,*/*;q=0.1",
    "Accept-Encoding": "identity",
}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class RefusedError(Exception):
    """What stands there is not wanted or no longer there: asking again soon is no use."""


class UnreachableError(Exception):
    """The server does not answer now; another time it may."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file as it came (``None``: it has not changed), and what its server wants to hear next time."""

    data: bytes | None
    etag: str = ""
    modified: str = ""


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, also when it hides another address inside."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


class _Guard(httpx.AsyncBaseTransport):
    """Sends each request to an address that was checked; one pool of connections a host."""

    def __init__(self, allowed: Collection[str]) -> None:
        self.allowed = allowed
        self.context = ssl.create_default_context()
        self.pools: dict[str, httpx.AsyncHTTPTransport] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Resolve, check, connect to what was checked."""
        host, port = request.url.host, request.url.port or (443 if request.url.scheme == "https" else 80)
        if request.url.scheme not in ("http", "https") or (port < 1024 and port not in (80, 443)):
            raise RefusedError(f"{request.url.scheme} at port {port} is not the web")
        address = await self._resolve(host, port)
        pool = self.pools.setdefault(host, httpx.AsyncHTTPTransport(verify=self.context, trust_env=False))
        request.extensions = {**request.extensions, "sni_hostname": host}
        request.url = request.url.copy_with(host=address)
        return await pool.handle_async_request(request)

    async def _resolve(self, host: str, port: int) -> str:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise UnreachableError(f"the name {host} leads nowhere") from None
        addresses = [str(entry[4][0]) for entry in found]
        good = [address for address in addresses if address in self.allowed or is_public(address)]
        if not good:
            raise RefusedError(f"{host} is not on the public internet")
        return min(good, key=lambda address: ":" in address)  # many builders have no IPv6

    async def aclose(self) -> None:
        """Close every connection."""
        for pool in self.pools.values():
            await pool.aclose()


class Downloader:
    """Fetches files; use it as a context manager. ``allowed`` private addresses pass, for tests alone."""

    def __init__(
        self,
        allowed: Collection[str] = (),
        whole: float = WHOLE,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.whole, self.sleep = whole, sleep
        no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        self.client = httpx.AsyncClient(
            transport=_Guard(allowed),
            trust_env=False,
            cookies=no_cookies,
            headers=_HEADERS,
            timeout=min(SILENCE, whole),
            follow_redirects=True,
            max_redirects=4,
        )

    async def __aenter__(self) -> Downloader:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.client.aclose()

    async def fetch(self, url: str, etag: str = "", modified: str = "") -> Download:
        """The file at an address, asked for up to three times; raises RefusedError or UnreachableError.

        ``etag`` and ``modified`` are what an earlier Download said; the answer is then without data when nothing changed.
        """
        for pause in (*PAUSES, None):
            try:
                async with asyncio.timeout(self.whole):
                    return await self._ask(url, etag, modified)
            except _BusyError as busy:
                if pause is None:
                    raise UnreachableError(str(busy)) from None
                wait = min(max(pause, busy.pause), MAX_PAUSE)
            except (TimeoutError, httpx.TimeoutException):
                raise UnreachableError("the server does not answer in time") from None
            except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.TooManyRedirects, ValueError) as error:
                raise RefusedError(str(error) or "this is no address") from None
            except httpx.TransportError as error:
                if pause is None:
                    raise UnreachableError(str(error) or type(error).__name__) from None
                wait = pause
            await self.sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    async def _ask(self, url: str, etag: str, modified: str) -> Download:
        known = {"If-None-Match": etag, "If-Modified-Since": modified}
        async with self.client.stream(
            "GET", url, headers={key: value for key, value in known.items() if value}
        ) as answer:
            if answer.status_code == 304 and (etag or modified):
                return Download(None, etag, modified)
            if answer.status_code in _BUSY:
                raise _BusyError(answer)
            if answer.status_code != 200:
                raise RefusedError(f"the server answers {answer.status_code}")
            return Download(
                await _body(answer), answer.headers.get("etag", ""), answer.headers.get("last-modified", "")
            )


class _BusyError(Exception):
    """The server asks for patience; ``pause`` is how many seconds of it."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__(f"the server answers {answer.status_code}")
        asked = answer.headers.get("retry-after", "")
        self.pause = float(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0.0


async def _body(answer: httpx.Response) -> bytes:
    """The bytes as they are sent, never unpacked: what comes compressed although nobody asked is no picture."""
    declared = answer.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared[:12]) > MAX_BYTES:
        raise RefusedError(f"the file has {int(declared[:12]):,} bytes")
    parts, size = [], 0
    async for part in answer.aiter_raw():
        size += len(part)
        if size > MAX_BYTES:
            raise RefusedError(f"the file has more than {MAX_BYTES:,} bytes")
        parts.append(part)
    return b"".join(parts)
