"""The body of an HTTP answer, decoded only as far as it may grow."""

import zlib
from collections.abc import Callable

import httpx

ENCODING = "gzip"  # what is asked for; a server may also send the plain text
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS


class TooLargeError(Exception):
    """The body is larger than it may be, as sent or once decoded."""


class OddEncodingError(Exception):
    """The body is not in an encoding that was asked for."""


def body_of(response: httpx.Response, most: int) -> bytes:
    """Return the decoded body of an answer that is being received, of at most `most` bytes.

    Errors: TooLargeError before more than that is in memory; OddEncodingError, also where it is
    encoded twice: no server does that to be understood.
    """
    decoded = _decoder(response.headers.get("content-encoding", ""))
    body = bytearray()
    sent = 0
    for chunk in response.iter_raw():
        sent += len(chunk)
        try:
            body += decoded(chunk, most + 1 - len(body))
        except zlib.error:
            raise OddEncodingError from None
        if max(sent, len(body)) > most:
            raise TooLargeError
    return bytes(body)


def _decoder(encoding: str) -> Callable[[bytes, int], bytes]:
    """What decodes a chunk, to so many bytes at most."""
    match encoding.strip().lower():
        case "" | "identity":
            return lambda chunk, _: chunk
        case "gzip" | "x-gzip" | "deflate":
            return zlib.decompressobj(_GZIP_OR_ZLIB).decompress
        case _:
            raise OddEncodingError
