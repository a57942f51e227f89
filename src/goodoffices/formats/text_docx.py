"""The single text as DOCX: the notation stays readable and is read back; line numbers as lawyers want them."""

from __future__ import annotations

import io
import re
import zipfile

import docx
from docx.document import Document as Docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph

from goodoffices.domain.errors import Fault, InputError
from goodoffices.domain.text import Document, Fork, Wording

COLOURS = (
    RGBColor(0x1F, 0x4E, 0x79),
    RGBColor(0x8A, 0x4B, 0x08),
    RGBColor(0x5B, 0x2C, 0x6F),
    RGBColor(0x2F, 0x6F, 0x4F),
)
"""One colour per party, in the order of the text's parties; the codes stand beside, so colour is never needed."""

_NUMBERED = re.compile(r"((?:[A-Z]{1,3}\.)?\d+(?:\.\d+)*[a-z]?)[.)]?(?:[\s\u00a0]+(.*)|)$", re.DOTALL)
_ATTRIBUTED = re.compile(r"\]\{[A-Z]|\]\{chair")
_LARGEST = 50_000_000


def text_docx(document: Document, *, title: str) -> bytes:
    """Write one language of a text as DOCX.

    Parameters
    ----------
    document
        As its readers may see it: a view, not the chair's own text.
    title
        Shown above the text, and in the file's properties.

    Returns
    -------
    bytes
        A DOCX whose paragraphs, read in order, are the text in its notation; equal texts give equal bytes.
    """
    out: Docx = docx.Document()
    out.core_properties.title = title
    out.core_properties.author = "Good Offices"
    out.core_properties.comments = ""
    out.add_heading(title, level=1)
    style = out.styles["Normal"]
    style.font.name, style.font.size = "Noto Serif", Pt(11)
    _number_lines(out)
    colours = {party: COLOURS[at % len(COLOURS)] for at, party in enumerate(document.parties)}
    for clause in document.clauses:
        paragraph = out.add_paragraph()
        paragraph.add_run(f"{clause.id} ").bold = True
        _write(paragraph, clause.wording, colours)
    buffer = io.BytesIO()
    out.save(buffer)
    return _without_time(buffer)


def _without_time(file: io.BytesIO) -> bytes:
    """Write an archive anew without the time of day that it was made at."""
    out = io.BytesIO()
    with zipfile.ZipFile(file) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as still:
        for name in made.namelist():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            still.writestr(entry, made.read(name))
    return out.getvalue()


def docx_lines(data: bytes, *, file: str) -> str:
    """Read a DOCX as text in the notation: a first version that the chair then works on.

    Parameters
    ----------
    data
        The file.
    file
        Its name, for errors.

    Returns
    -------
    str
        One clause a paragraph; a paragraph without a number of its own gets the next whole one. Brackets that
        name no holder are escaped: they are part of the wording.

    Raises
    ------
    InputError
        If the bytes are no DOCX, or unpack to more than 50 MB.
    """
    expected = "a DOCX file"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(info.file_size for info in archive.infolist()) > _LARGEST:
                raise InputError(Fault(file, "", "", "a file that unpacks to more than 50 MB", expected))
        document = docx.Document(io.BytesIO(data))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise InputError(Fault(file, "", "", "something else", expected)) from error
    return plain_lines(
        "\n".join(p.text for p in document.paragraphs if not (p.style and p.style.name.startswith("Heading")))
    )


def plain_lines(text: str) -> str:
    """Turn plain text into the notation: a paragraph a clause, numbered where it has no number of its own."""
    out: list[str] = []
    used: set[str] = set()
    following = 1
    for raw in text.replace("\r\n", "\n").split("\n"):
        line = raw.strip()
        if not line:
            continue
        match = _NUMBERED.match(line)
        name, body = (match[1], match[2] or "") if match and match[1] not in used else ("", line)
        while not name or name in used:
            name, following = str(following), following + 1
        used.add(name)
        if not _ATTRIBUTED.search(body):
            body = re.sub(r"([\\\[\]])", r"\\\1", body)
        out.append(f"{name} {body}".rstrip())
    return "\n".join(out) + "\n" if out else ""


def _number_lines(out: Docx) -> None:
    element = OxmlElement("w:lnNumType")
    element.set(qn("w:countBy"), "1")
    element.set(qn("w:restart"), "continuous")
    section = out.sections[0]._sectPr  # noqa: SLF001 (python-docx has no public name for it)
    before = section.find(qn("w:cols"))
    if before is None:
        section.append(element)
    else:
        before.addprevious(element)


def _write(paragraph: Paragraph, wording: Wording, colours: dict[str, RGBColor]) -> None:
    for node in wording:
        if isinstance(node, str):
            paragraph.add_run(re.sub(r"([\\\[\]])", r"\\\1", node).replace("\n", " "))
        elif isinstance(node, Fork):
            for choice in node.alternatives:
                ink = colours.get(choice.holders[0].code)
                _bracket(paragraph, "[", ink)
                _write(paragraph, choice.wording, colours)
                _bracket(paragraph, "]{" + ",".join(map(str, choice.holders)) + "}", ink)


def _bracket(paragraph: Paragraph, text: str, ink: RGBColor | None) -> None:
    run = paragraph.add_run(text)
    run.bold = True
    if ink is not None:
        run.font.color.rgb = ink
