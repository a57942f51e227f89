"""A QR code as SVG."""

from __future__ import annotations

import io

import segno

from goodoffices.domain.errors import Fault, InputError

MOST_BYTES = 2331
"""What a code of version 40 holds at error level M."""


def qr_svg(data: bytes, *, scale: int = 4, mode: str = "byte") -> str:
    """Draw bytes as one QR code at error level M (L where M is too small), with its quiet zone.

    Capitals and digits alone take a smaller code in `mode` alphanumeric.

    Raises
    ------
    InputError
        If one code cannot hold them.
    """
    for error in ("m", "l"):
        try:
            code = segno.make_qr(data, error=error, mode=mode, boost_error=False)
        except segno.DataOverflowError:
            continue
        out = io.BytesIO()
        code.save(out, kind="svg", scale=scale, xmldecl=False, svgns=True, light="white", nl=False)
        return out.getvalue().decode()
    raise InputError(Fault("QR code", "", "", f"{len(data)} bytes", "at most 2,953 bytes in one code; use a file"))
