"""What a process of the server does before its first answer.

Python's collector looks through every object it knows when a quarter more have come to stay: at the desk's 300,000
that held all threads of a process for 150 ms, every few hundred answers, and what had arrived meanwhile waited behind
it. What is read before the first answer stays as long as the process, so the collector need not look at it again.
"""

from __future__ import annotations

import gc
from pathlib import Path

from django.apps import apps
from django.template.loader import get_template
from django.urls import get_resolver

from goodoffices.formats.words import Language, Words, parts


def warm() -> None:
    """Read every page's code, template and words now, and take them out of the collector's rounds."""
    get_resolver().check()
    for app in apps.get_app_configs():
        folder = Path(app.path) / "templates"
        if app.name.startswith("goodoffices."):
            for path in sorted(folder.rglob("*.html")):
                get_template(str(path.relative_to(folder)))
    for part in parts():
        Words(part, Language.EN)
    gc.collect()
    gc.freeze()
