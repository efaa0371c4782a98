"""Serves the API, the metrics and the pages over HTTP until the process is told to stop."""

import errno
import resource
import socket
from ipaddress import ip_address
from threading import Event
from types import FrameType
from urllib.parse import urlsplit

import uvicorn

from api.access_policy import Mode, Rules
from api.app import create_app
from api.dependencies import Service
from hearten import __version__
from hearten.client_connections import as_many_as_fit, at_most
from hearten.clock import now
from hearten.settings import Settings
from hearten.settings_faults import SettingsError, SettingsFault
from store.store import Store

_LISTENS = ("HEARTEN_HOST", "HEARTEN_PORT")
_WHICH_PROXY = SettingsFault(
    ("HEARTEN_PROXY_HEADER", "HEARTEN_PROXY_ADDRESSES"),
    "needs HEARTEN_PROXY_HEADER, the header that the proxy sets once it has signed somebody in, "
    "and HEARTEN_PROXY_ADDRESSES, the proxy's addresses",
    subject="HEARTEN_ACCESS=proxy",
)
_BACKLOG = 2048  # connections that wait; as uvicorn has it
_TAKEN_AT_ONCE = 8  # of them, before any is looked at: more could be more than may be open
_UNREAD = 60_000  # milliseconds for which a client may take nothing of its answer


class _Server(uvicorn.Server):
    """A server that sets `stop` on a signal, and that ends once something else did."""

    def __init__(self, config: uvicorn.Config, stop: Event) -> None:
        super().__init__(config)
        self._stop = stop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listening in sockets or ():
            listening.listen(_BACKLOG)  # asyncio lets only as many wait as it takes at once

    async def on_tick(self, counter: int) -> bool:
        return await super().on_tick(counter) or self._stop.is_set()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._stop.set()  # before it answers what has begun
        super().handle_exit(sig, frame)


def listener(settings: Settings) -> socket.socket:
    """Return a socket that listens where the settings say; nothing answers on it yet.

    Errors: SettingsError where another program listens there, or nobody can.
    """
    host, port = settings.host, settings.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise SettingsError([_taken(host, port)]) from None
        raise SettingsError([_cannot_listen(host, port, error.strerror)]) from None
    # What is accepted inherits it; asyncio sets it only on sockets it made itself. Without it the
    # body waits until the other end has confirmed the headers: 40 ms an answer.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNREAD)
    return listening


def serve(settings: Settings, store: Store, listens: socket.socket, *, stop: Event) -> None:
    """Answer on `listens` until `stop` is set, as SIGTERM and Ctrl-C do; what has begun is ended.

    Errors: SettingsError where the address is reached from elsewhere and nobody chose who may read.
    """
    app = create_app(
        Service(
            store,
            now,
            version=__version__,
            public_url=settings.public_url or "",
            rules=rules(settings),
        )
    )
    config = uvicorn.Config(
        app,
        host=settings.host,  # these two are for the log: the socket is there already
        port=settings.port,
        log_config=None,  # its loggers write to ours
        access_log=False,
        server_header=False,
        http=at_most(as_many_as_fit(resource.getrlimit(resource.RLIMIT_NOFILE)[0])),
        ws="none",
        backlog=_TAKEN_AT_ONCE,
        proxy_headers=False,  # whom to believe is for api.middleware.access to say
        timeout_graceful_shutdown=10,
    )
    _Server(config, stop).run([listens])


def rules(settings: Settings) -> Rules:
    """Return who may do what. Errors: SettingsError with the choices that are left to make."""
    mode = Mode(settings.access)
    if mode is Mode.OPEN and not _is_loopback(settings.host):
        raise SettingsError([_nobody_chose(settings.host)])
    if mode is Mode.PROXY and not (settings.proxy_header and settings.proxy_addresses):
        raise SettingsError([_WHICH_PROXY])
    public = urlsplit(settings.public_url or "").hostname
    local = {"localhost", "127.0.0.1", "::1", settings.host, public or settings.host}
    return Rules(
        mode=mode,
        proxy_header=settings.proxy_header.lower(),
        proxy_networks=settings.proxy_networks(),
        hosts=frozenset(local) if mode is Mode.OPEN else frozenset(),
        rate_limit=settings.rate_limit,
    )


def _taken(host: str, port: int) -> SettingsFault:
    return SettingsFault(
        _LISTENS,
        f"listens on port {port} of {host}",
        "Stop it (a demo ends with `hearten demo --stop`), or set HEARTEN_PORT to another port",
        subject="Another program",
        between=". ",
    )


def _cannot_listen(host: str, port: int, why: str | None) -> SettingsFault:
    return SettingsFault(
        _LISTENS,
        f"cannot listen on port {port} of {host} ({why})",
        "Set HEARTEN_HOST to an address of this machine, and HEARTEN_PORT to a free port above "
        "1023",
        subject="hearten",
        between=". ",
    )


def _nobody_chose(host: str) -> SettingsFault:
    return SettingsFault(
        ("HEARTEN_HOST", "HEARTEN_ACCESS"),
        f"is {host}, which others can reach, and HEARTEN_ACCESS is open",
        "Choose: HEARTEN_ACCESS=proxy behind a proxy that signs people in, HEARTEN_ACCESS=tokens "
        "for programs with a token, or HEARTEN_HOST=127.0.0.1",
        between=". ",
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
