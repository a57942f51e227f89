"""Lists of 100,000 rows read and checked, CSV and XLSX, beside what others take only to load the same cells.

    python benchmarks/lists.py [ROWS]

Every reading runs in a fresh process; the peak is the largest resident memory of it and of its child.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from goodoffices.formats.sealed import sealed_csv
from goodoffices.formats.sheet import Rows, workbook
from goodoffices.synth.held import held_list

TITLES = {
    "ref": "Обліковий номер",
    "surname": "Прізвище",
    "given_name": "Ім’я",
    "patronymic": "По батькові",
    "sex": "Стать",
    "birth_date": "Дата народження",
    "birth_place": "Місце народження",
    "service_number": "Особистий номер",
    "rank": "Звання",
    "unit": "Військова частина",
    "category": "Категорія",
    "health": "Стан здоров’я",
    "fit_to_travel": "Транспортабельний",
    "captured_on": "Дата полону",
    "captured_at": "Місце полону",
    "held_at": "Утримується",
    "status": "Статус",
    "family": "Сім’я",
    "requested": "Запит",
    "withheld": "Не пропонується",
    "note": "Примітка",
}

MEASURE = """
import json, resource, sys, time
began = time.perf_counter()
{body}
seconds = time.perf_counter() - began
peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(json.dumps({{"seconds": seconds, "peak": peak / 1024, "rows": rows, "said": said}}))
"""
OURS = """
from pathlib import Path
from goodoffices.store.read import check_list
listed = check_list(Path(sys.argv[1]))
rows, said = listed.records.height, f"{len(listed.faults)} faults, {len(listed.warnings)} warnings"
"""
PEERS = {
    "openpyxl": """
import openpyxl
sheet = openpyxl.load_workbook(sys.argv[1], read_only=True).active
rows, said = sum(1 for _ in sheet.iter_rows(values_only=True)) - 1, "cells only"
""",
    "pandas + openpyxl": """
import pandas
rows, said = len(pandas.read_excel(sys.argv[1], dtype=str)), "cells only"
""",
    "pandas + calamine": """
import pandas
rows, said = len(pandas.read_excel(sys.argv[1], dtype=str, engine="calamine")), "cells only"
""",
    "pandas (CSV)": """
import pandas
rows, said = len(pandas.read_csv(sys.argv[1], dtype=str, sep=None, engine="python", encoding=sys.argv[2])), "cells only"
""",
    "polars (CSV)": """
import polars
data = open(sys.argv[1], encoding=sys.argv[2]).read().encode()
rows, said = polars.read_csv(data, separator=";", infer_schema=False).height, "cells only, told separator and encoding"
""",
}


def measure(body, *arguments):
    """Run one reading in a fresh process; None if what it needs is not installed."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE.format(body=body), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        reason = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        return reason[0]
    return json.loads(done.stdout.splitlines()[-1])


def report(name, found, ours=None):
    if isinstance(found, str):
        print(f"  {name:<28} not measured: {found[:70]}")
        return
    ratio = f"{found['seconds'] / ours:5.2f} x ours" if ours else ""
    figures = f"{found['seconds']:7.2f} s {found['peak']:7.0f} MB {found['rows']:9,} rows"
    print(f"  {name:<28} {figures}  {ratio:<12}  {found['said']}")


def write_files(folder, rows):
    """Write one list in five ways; dates as people write them, one in fifty surnames with a Latin letter."""
    frame = held_list(rows, seed=1, script="uk")
    dotted = [
        pl.col(name).str.replace(r"^(\d{4})-(\d{2})-(\d{2})$", "$3.$2.$1") for name in ("birth_date", "captured_on")
    ]
    alike = (
        pl.when(pl.int_range(pl.len()) % 50 == 7)
        .then(pl.col("surname").str.replace("а", "a"))
        .otherwise(pl.col("surname"))
    )
    sent = frame.with_columns(*dotted, alike.alias("surname")).select(*TITLES).rename(TITLES)
    text = sent.write_csv(separator=";").replace("\n", "\r\n")
    files = {
        "sealed.csv": sealed_csv(frame),
        "utf-8.csv": text.encode(),
        "cp1251.csv": text.replace("\u02bc", "'").encode("cp1251", errors="replace"),
        "utf-16.csv": text.encode("utf-16"),
        "list.xlsx": workbook({"List": Rows(sent.columns, sent.rows())}),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)


def main():
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    if len(sys.argv) > 2:
        write_files(Path(sys.argv[2]), rows)
        return
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        began = time.perf_counter()
        # In a process of its own: the largest memory of a process counts for those it starts.
        subprocess.run([sys.executable, __file__, str(rows), str(folder)], check=True)
        sizes = {path.name: path.stat().st_size for path in sorted(folder.iterdir())}
        print(f"{rows:,} rows, 21 columns, written in {time.perf_counter() - began:.1f} s")
        print("read and checked, start of the process' imports included (asked: CSV < 3 s, XLSX < 8 s, peak < 1 GB):")
        ours = {}
        for name, size in sizes.items():
            found = measure(OURS, folder / name)
            report(f"{name} ({size / 1e6:.1f} MB)", found)
            ours[name] = found["seconds"] if isinstance(found, dict) else None
        print("others, only loading the cells:")
        for name in ("openpyxl", "pandas + openpyxl", "pandas + calamine"):
            report(f"{name}, list.xlsx", measure(PEERS[name], folder / "list.xlsx"), ours["list.xlsx"])
        for name in ("pandas (CSV)", "polars (CSV)"):
            report(f"{name}, cp1251.csv", measure(PEERS[name], folder / "cp1251.csv", "cp1251"), ours["cp1251.csv"])


if __name__ == "__main__":
    main()
