"""The child process that reads one untrusted workbook: limits first, then the bytes; JSON on standard output."""

from __future__ import annotations

import json
import sys

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 20
EXIT_FAULT = 3
EXIT_MEMORY = 4


def main() -> int:
    """Read a workbook from standard input; the arguments are its name and the limits as JSON."""
    limit()
    from goodoffices.domain.errors import InputError
    from goodoffices.formats.lists.pack import pack
    from goodoffices.formats.lists.workbook import Limits

    file, limits = sys.argv[1], Limits(**json.loads(sys.argv[2]))
    out = sys.stdout.buffer
    try:
        for piece in pack(sys.stdin.buffer.read(limits.workbook_bytes + 1), file, limits):
            out.write(piece.encode("utf-8", errors="replace"))
        out.flush()
    except InputError as error:
        faults = [[fault.place, fault.field, fault.found, fault.expected] for fault in error.faults]
        out.write(b"\n" + json.dumps(faults).encode())
        out.flush()
        return EXIT_FAULT
    except MemoryError:
        return EXIT_MEMORY
    return 0


def limit(memory: int = MEMORY_BYTES) -> None:
    """Bound memory and time before the first byte is read; without such limits the parent's clock remains."""
    try:
        import resource
    except ImportError:
        return
    for what, bound in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        bounded = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(what, (bounded, hard))


if __name__ == "__main__":
    sys.exit(main())
