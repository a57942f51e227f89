"""aics-tlog checks a log's folder, in its own process: aics_check.py FOLDER LOGKEY LEAST QUORUM WITNESSKEY..."""

import sys
from pathlib import Path

import aics_tlog


def main():
    folder, log_key, least, quorum, *witnesses = sys.argv[1:]
    keys = [aics_tlog.parse_vkey(text) for text in [log_key, *witnesses]]
    note = aics_tlog.parse_note((Path(folder) / "checkpoint").read_bytes())
    result = aics_tlog.verify_checkpoint(note, keys[0], keys[1:], quorum=int(quorum))
    if not result.ok or result.size < int(least):
        sys.exit(f"refused: {result.error or result.size}")
    try:
        report = aics_tlog.audit_tiles(aics_tlog.FileSystemTileReader(folder), result.size, result.root)
    except (aics_tlog.TileVerificationError, aics_tlog.TileMissingError) as error:
        sys.exit(f"refused: {error}")
    sys.stdout.write(f"accepted: {report.size} entries\n")


if __name__ == "__main__":
    main()
