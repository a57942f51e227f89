"""Takes what is sent into memory alone: what a side sends never lies on a disk in clear, and no more than a bound."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

MOST_BYTES = 33 << 20
"""A little above what any room takes; beyond it the file is drained and the whole form refused (413)."""


class MemoryHandler(FileUploadHandler):
    """Keeps one file after the other in memory; drops one that is too large."""

    def new_file(self, *args: Any, **named: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **named)
        self._held = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take a piece.

        Raises
        ------
        SkipFile
            If the file is larger than any room takes.
        """
        if start + len(raw_data) > MOST_BYTES:
            self._held = io.BytesIO()
            self.request.is_too_large = True  # type: ignore[union-attr]
            raise SkipFile
        self._held.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """Give the file."""
        self._held.seek(0)
        return InMemoryUploadedFile(
            self._held, self.field_name, self.file_name or "", self.content_type, file_size, self.charset,
            self.content_type_extra,
        )  # fmt: skip
