"""Asks DuckDB the questions of an export.

exported.py FOLDER <QUESTIONS >ANSWERS: reads a JSON list of SQL, loads every Parquet file of the folder as a table of its name,
and writes a JSON list of {"kolommen": [...], "rijen": [[...]]}, as the node answers.
"""

import json
import pathlib
import sys

import duckdb


def main():
    database = duckdb.connect()
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*.parquet")):
        database.read_parquet(str(path)).create(path.stem)
    answers = []
    for sql in json.load(sys.stdin):
        asked = database.execute(sql)
        columns = [column[0] for column in asked.description]
        answers.append({"kolommen": columns, "rijen": asked.fetchall()})
    json.dump(answers, sys.stdout)


main()
