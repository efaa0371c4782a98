"""Why a service could not be reached, by the exception raised, and who must do what."""

import socket
import ssl
from dataclasses import dataclass

import httpx

_AGAIN = "The next run tries again; if it stays so,"
CHECK_ADDRESS = f"{_AGAIN} check the address in the settings."
_PLAIN_HTTP = {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"}


@dataclass(frozen=True, slots=True)
class NetworkError:
    """`what` follows the service's name in a sentence, and `remedy` is the next one.

    `lasting` says that no later try can succeed before a person acts.
    """

    what: str
    remedy: str
    lasting: bool = False


def unreached(error: httpx.RequestError) -> NetworkError:
    """Return why a request had no answer. The service's own words are left out."""
    found = (_told_by(cause) for cause in _causes(error))
    otherwise = NetworkError(f"could not be reached ({type(error).__name__})", CHECK_ADDRESS)
    return next(filter(None, found), otherwise)


def _told_by(cause: BaseException) -> NetworkError | None:  # noqa: PLR0911 - one for each kind
    match cause:
        case ssl.SSLCertVerificationError():
            return NetworkError(
                f"showed a certificate that is not trusted here ({cause.verify_message})",
                "If a private authority signs certificates where hearten runs, set "
                "SSL_CERT_FILE to a file with that authority's certificate; else have the "
                "certificate renewed, or correct the address in the settings.",
                lasting=True,
            )
        case ssl.SSLError() if cause.reason in _PLAIN_HTTP:
            return NetworkError(
                "does not speak https at this address",
                "Correct the address in the settings: its port, or http:// in place of "
                "https:// where your network asks for no more.",
                lasting=True,
            )
        case ssl.SSLError():
            return NetworkError(f"could not be reached (TLS: {cause.reason})", CHECK_ADDRESS)
        case socket.gaierror():
            return NetworkError(
                "has an address whose name is not known here",
                f"{_AGAIN} check the address in the settings, and the name service (DNS) of "
                "this machine.",
            )
        case ConnectionRefusedError():
            return NetworkError(
                "is not there: the connection was refused",
                f"{_AGAIN} check the address and port in the settings, and that it runs.",
            )
        case httpx.ProxyError():
            return NetworkError(
                "could not be reached through the proxy",
                f"{_AGAIN} check HTTPS_PROXY, name in NO_PROXY what needs no proxy, and have "
                "the proxy let it through.",
            )
        case _:
            return None


def _causes(error: BaseException) -> list[BaseException]:
    """The exception and what it came from. httpcore hides that (`from None`); it is there still."""
    found: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in found:
        found.append(cause)
        cause = cause.__cause__ or cause.__context__
    return found
