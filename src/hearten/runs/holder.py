"""Who holds a run: a process on a machine, which can tell whether that process still lives."""

import os
import platform
from pathlib import Path
from uuid import NAMESPACE_OID, uuid4, uuid5

_WORDS = 4  # host, process, something that no other process had, and where the number counts


def holder_name() -> str:
    """Return a name for this process that no other has had."""
    return f"{platform.node()} {os.getpid()} {uuid4().hex[:8]} {_place()}".strip()


def holder_words(holder: str) -> str:
    """Return what people call a holder, such as "process 4711 on web-1"."""
    host, _, rest = holder.partition(" ")
    number = rest.partition(" ")[0]
    return f"process {number} on {host}" if number else f"the process {host}"


def is_gone(holder: str) -> bool:
    """Return whether that process has ended; False also where this machine cannot tell."""
    words = holder.split()
    if len(words) != _WORDS or words[3] != _place() or not words[1].isdigit():
        return False
    try:
        os.kill(int(words[1]), 0)  # sends nothing
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _place() -> str:
    """Where a process's number means this one: a machine since its start, and a container on it.

    Empty where the system does not tell, as elsewhere than on Linux.
    """
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        numbers = Path("/proc/self/ns/pid").stat().st_ino
    except OSError:
        return ""
    return uuid5(NAMESPACE_OID, f"{boot} {numbers}").hex[:8]
