"""The desk's settings for every test: mode test, a workspace of this run alone."""

import os
import tempfile

_WORKSPACE = tempfile.mkdtemp(prefix="goodoffices-desk-")
os.environ.setdefault("GOODOFFICES_MODE", "test")
os.environ["GOODOFFICES_WORKSPACE"] = _WORKSPACE
