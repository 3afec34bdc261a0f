"""Asks DuckDB the questions of an export several times.

timed.py FOLDER TIMES <QUESTIONS >FOUND: reads a JSON list of SQL, asks it of the Parquet files of the folder as they lie there, and
writes {"rows": rows of all tables, "ms": the median of each question, "answers": the rows of each}.
"""

import json
import pathlib
import statistics
import sys
import time

import duckdb


def main():
    folder, times = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    database = duckdb.connect()
    rows = 0
    for path in sorted(folder.glob("*.parquet")):
        database.read_parquet(str(path)).create_view(path.stem)
        rows += database.execute(f"SELECT count(*) FROM {path.stem}").fetchall()[0][0]
    medians, answers = [], []
    for sql in json.load(sys.stdin):
        took = []
        for _ in range(times):
            began = time.perf_counter()
            found = database.execute(sql).fetchall()
            took.append((time.perf_counter() - began) * 1000)
        medians.append(statistics.median(took))
        answers.append(found)
    json.dump({"rows": rows, "ms": medians, "answers": answers}, sys.stdout)


main()
