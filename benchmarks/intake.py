"""Millions of accounts summed to units: DuckDB beside pandas, in processes of their own.

    python benchmarks/intake.py [--rows 5000000] [--folder DIR]

Both read the same CSV, place accounts by ZIP and sum revenue and workload to the sample's units.
Prints a Markdown table with seconds, peak memory and whether the sums agree.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np


def write_accounts(path: Path, rows: int) -> None:
    """An invented file: id, name, ZIP (some without their zero), revenue as money, hours."""
    import pyarrow as pa
    from pyarrow import csv

    from territory.intake import load_sample

    ids = load_sample()[0].units.ids.astype(str)
    random = np.random.default_rng(1)
    zips = ids[random.integers(len(ids), size=rows)]
    zips = np.where(random.random(rows) < 0.2, np.char.lstrip(zips, "0"), zips)
    cents = random.integers(100, 5_000_000, rows)
    table = pa.table(
        {
            "account_id": np.char.add("A", np.arange(rows).astype(str)),
            "zip": zips,
            "revenue": np.char.add(np.char.add((cents // 100).astype(str), "."),
                                   np.char.zfill((cents % 100).astype(str), 2)),
            "workload_hours": random.integers(1, 60, rows).astype(str),
        }
    )  # fmt: skip
    csv.write_csv(table, path, csv.WriteOptions(quoting_style="none"))


def with_duckdb(path: Path) -> dict[str, float]:
    """What the product does."""
    from territory.intake import load_sample
    from territory.intake.bulk import sum_accounts

    units = load_sample()[0].units
    started, spent = time.perf_counter(), time.process_time()
    sums = sum_accounts(path, units).frame
    seconds, cpu = time.perf_counter() - started, time.process_time() - spent
    whole = {c: float(sums[c].sum()) for c in ("accounts", "revenue")}
    return {"seconds": seconds, "cpu": cpu, **whole}


def with_pandas(path: Path) -> dict[str, float]:
    """The same figures the usual way: read as text, check ids, convert, group."""
    import pandas as pd

    from territory.intake import load_sample

    units = load_sample()[0].units
    started, spent = time.perf_counter(), time.process_time()
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    if frame["account_id"].duplicated().any() or frame["account_id"].eq("").any():
        raise SystemExit("doubled ids")
    for name in ("revenue", "workload_hours"):
        frame[name] = pd.to_numeric(frame[name].str.replace("[$,]", "", regex=True))
    frame["zip"] = frame["zip"].str.zfill(5)
    sums = frame.groupby("zip")[["revenue", "workload_hours"]].sum()
    sums["accounts"] = frame.groupby("zip").size()
    sums = sums.reindex(units.ids).fillna(0.0)
    seconds, cpu = time.perf_counter() - started, time.process_time() - spent
    whole = {c: float(sums[c].sum()) for c in ("accounts", "revenue")}
    return {"seconds": seconds, "cpu": cpu, **whole}


def measured(way: str, path: Path) -> dict[str, float]:
    """One way in a process of its own, with its peak memory."""
    import psutil

    command = [sys.executable, __file__, "--way", way, "--file", str(path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    peak = 0
    while process.poll() is None:
        try:
            peak = max(peak, psutil.Process(process.pid).memory_info().rss)
        except psutil.Error:
            break  # It ended between the two questions.
        time.sleep(0.05)
    answer: dict[str, float] = json.loads(process.communicate()[0])
    return answer | {"peak": peak / 1e6}


def main() -> None:
    """Write the file, run both ways, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--folder", type=Path, help="where the file is kept between runs")
    parser.add_argument("--way", choices=["duckdb", "pandas"], help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.way:
        print(json.dumps({"duckdb": with_duckdb, "pandas": with_pandas}[args.way](args.file)))
        return
    with tempfile.TemporaryDirectory() as temporary:
        path = (args.folder or Path(temporary)) / f"accounts_{args.rows}.csv"
        if not path.exists():
            write_accounts(path, args.rows)
        found = {way: measured(way, path) for way in ("duckdb", "pandas")}
        size = path.stat().st_size / 1e6
    agree = abs(found["duckdb"]["revenue"] - found["pandas"]["revenue"]) < 0.01
    agree &= found["duckdb"]["accounts"] == found["pandas"]["accounts"] == args.rows
    print(f"{args.rows:,} accounts, {size:.0f} MB of CSV; the sums agree: {agree}\n")
    print("| way | seconds | CPU seconds | peak memory, MB |\n| --- | ---: | ---: | ---: |")
    for way, figures in found.items():
        print(
            f"| {way} | {figures['seconds']:.1f} | {figures['cpu']:.1f} | {figures['peak']:,.0f} |"
        )
    print(f"\n{found['pandas']['seconds'] / found['duckdb']['seconds']:.1f} × as fast as pandas")


if __name__ == "__main__":
    main()
