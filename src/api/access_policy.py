"""Who may read and who may write, as the operator chose it."""

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_address


class Mode(StrEnum):
    """Who may read. To write, a token of the right scope is needed in each."""

    OPEN = "open"  # whoever can reach the port
    PROXY = "proxy"  # whom a proxy signed in; programs past it by a token
    TOKENS = "tokens"  # programs with a token


@dataclass(frozen=True, slots=True)
class Rules:
    """What the operator chose.

    In mode PROXY a request is signed in that comes from one of `proxy_networks` and has the header
    `proxy_header` (in lower case); what it says is never kept. `hosts` are the names by which the
    service may be asked, so that no web page of others reads it through the browser; where it is
    empty, every name is right. `rate_limit` is the requests a minute of each client.
    """

    mode: Mode = Mode.OPEN
    proxy_header: str = ""
    proxy_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    hosts: frozenset[str] = frozenset()
    rate_limit: int = 600

    def is_proxy(self, peer: str) -> bool:
        """Whether the address `peer` is that of the proxy that signs people in."""
        if self.mode is not Mode.PROXY:
            return False
        try:
            address = ip_address(peer)
        except ValueError:
            return False
        mapped = getattr(address, "ipv4_mapped", None)
        return any((mapped or address) in network for network in self.proxy_networks)
