"""The act of handover at size: 1,200 lines in four languages with its QR code; beside weasyprint where it is installed.

Run by `make bench`, or alone: python benchmarks/printing.py
"""

import datetime as dt
import hashlib
import html
import importlib.util
import resource
import subprocess
import sys
import time

from goodoffices.domain.assertion import Scope
from goodoffices.domain.commitment import Unit
from goodoffices.domain.process import Role
from goodoffices.formats.print.act import Act, ActLine, Attestation, Counted, act_pdf
from goodoffices.formats.print.frame import Frame, Mark, Place
from goodoffices.formats.print.slips import Slip, Slips, slips_pdf
from goodoffices.formats.qr import qr_svg
from goodoffices.formats.words import Language

LINES = 1200
AT = dt.datetime(2026, 7, 18, 16, 5, tzinfo=dt.UTC)
FRAME = Frame("Talks of the Two Shores", "T-12/2", AT, (Place("Istanbul", "Europe/Istanbul"),))
MARK = Mark("act-T12-2", hashlib.sha256(b"an act").hexdigest())


def act():
    parties = {Role.GIVER: "Side A", Role.RECEIVER: "Side B", Role.NEUTRAL: "The Neutral Office"}
    lines = tuple(ActLine(n, f"K7Q2-{n:04d}", Counted.COUNTED, heading="balance") for n in range(1, LINES + 1))
    told = tuple(Attestation(role, name, Scope.COUNTED, LINES, AT) for role, name in parties.items())
    return Act(FRAME, parties, Unit.HANDED_OVER, "T-12", "Crossing North", AT, AT, lines, told, MARK)


def ours():
    return act_pdf(act(), list(Language), Role.GIVER)


def slips():
    return slips_pdf(Slips(FRAME, tuple(Slip(n, f"K7Q2-{n:04d}", 2) for n in range(1, LINES + 1)), 10), Language.EN)


def peer():
    """The same table and code with weasyprint, one language, no frame."""
    from weasyprint import HTML

    cells = "".join(
        f"<tr><td>{line.number}<td>{html.escape(line.code)}<td>{line.heading}<td>●<td><td></tr>" for line in act().lines
    )
    page = f"<html lang=en><title>Act</title><body>{qr_svg(MARK.text.encode())}<table>{cells}</table>"
    return HTML(string=page).write_pdf(pdf_variant="pdf/ua-1")


def child(name):
    start = time.perf_counter()
    pdf = {"ours": ours, "slips": slips, "peer": peer}[name]()
    cold = time.perf_counter() - start
    start = time.perf_counter()
    {"ours": ours, "slips": slips, "peer": peer}[name]()
    warm = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{cold:.2f} s cold, {warm:.2f} s again, {len(pdf) / 1e6:.2f} MB, peak {peak:.0f} MB")


def main():
    for name, title in (
        ("ours", "act, 1,200 lines, four languages, QR, PDF/UA-1"),
        ("slips", "1,200 slips with a QR code each, 10 a page"),
        ("peer", "weasyprint, 1,200 lines, one language, QR"),
    ):
        if name == "peer" and importlib.util.find_spec("weasyprint") is None:
            print(f"{title}: not installed, not run")
            continue
        done = subprocess.run([sys.executable, __file__, name], capture_output=True, text=True, check=True)
        print(f"{title}: {done.stdout.strip()}")


if __name__ == "__main__":
    child(sys.argv[1]) if len(sys.argv) > 1 else main()
