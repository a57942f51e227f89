"""A scanner that stands in for clamd: it speaks INSTREAM, finds EICAR's test file, and misbehaves when told to."""

import socket
import struct
import threading

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The test file of https://www.eicar.org, which every scanner knows and no machine runs into harm by."""


class Clamd:
    """Listens on a port of this machine, or on a path, until it is left."""

    def __init__(self, *, path=None, most=1 << 26, says=None):
        self.seen, self._most, self._says = [], most, says
        self._line = socket.socket(socket.AF_UNIX if path else socket.AF_INET)
        try:
            self._line.bind(str(path) if path else ("127.0.0.1", 0))
        except OSError:
            self._line.close()
            raise
        self._line.listen(8)
        self.address = f"unix:{path}" if path else f"tcp://127.0.0.1:{self._line.getsockname()[1]}"

    def __enter__(self):
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._line.shutdown(socket.SHUT_RDWR)
        self._line.close()
        self._thread.join(10)

    def _serve(self):
        while True:
            try:
                asked, _ = self._line.accept()
            except OSError:
                return
            with asked:
                asked.settimeout(20)
                try:
                    asked.sendall(self._answer(asked.makefile("rb")))
                except OSError:
                    continue

    def _answer(self, heard):
        command = b""
        while not command.endswith(b"\0"):
            command += heard.read(1)
        if command == b"zVERSION\0":
            return b"ClamAV 1.4.3/27600/Thu Aug 14 08:00:00 2025\0" if self._says is None else self._says
        assert command == b"zINSTREAM\0"
        data = b""
        while size := struct.unpack(">I", heard.read(4))[0]:
            data += heard.read(size)
            if len(data) > self._most:
                return b"INSTREAM size limit exceeded. ERROR\0"
        self.seen.append(data)
        if self._says is not None:
            return self._says
        return b"stream: Eicar-Signature FOUND\0" if EICAR in data else b"stream: OK\0"
