"""Takes what is sent into memory alone: what a side sends never lies on a disk in clear, and no more than a bound."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

MOST_BYTES = 33 << 20
"""A little above what any room takes; beyond it the file is drained, and its form says so beside the field."""


class MemoryHandler(FileUploadHandler):
    """Keeps one file after the other in memory; of one that is too large nothing but that."""

    def new_file(self, *args: Any, **named: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **named)
        self._held, self._is_too_large = io.BytesIO(), False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take a piece, if the file is not larger than any room takes."""
        if start + len(raw_data) > MOST_BYTES:
            self._held, self._is_too_large = io.BytesIO(), True
        elif not self._is_too_large:
            self._held.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """Give the file."""
        self._held.seek(0)
        file = InMemoryUploadedFile(
            self._held, self.field_name, self.file_name or "", self.content_type, file_size, self.charset,
            self.content_type_extra,
        )  # fmt: skip
        file.is_too_large = self._is_too_large  # type: ignore[attr-defined]
        return file
