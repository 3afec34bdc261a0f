"""Asks SQLite and DuckDB the same questions of the same tables of drawn rows, in which a quarter of the values is empty.

drawn.py FOLDER SEED <QUESTIONS: takes the tables from the datapackage.json of an export, and a JSON list of SQL from stdin. It
prints how many rows each answer has, as a JSON list; exit code 1 with both rows when an answer differs.
"""

import json
import pathlib
import random
import sqlite3
import sys

import duckdb

ROWS = 300
TYPES = {"string": "TEXT", "integer": "BIGINT", "boolean": "BOOLEAN", "number": "DOUBLE PRECISION"}
RECORDS = [f"{number:04x}" for number in range(40)]
GEMEENTEN = [f"GM{number:04}" for number in range(20)]
# Capitals, signs and letters of which languages and engines differ about the order.
TEXTS = ["a", "B", "a_b", "aB", "Z é", "ę", "ß", "😀", "￮", "-a", "a b"]
# What the node never leaves empty.
FILLED = {"eigenaar", "week_nr", "peilweek_nr", "opgelost_nr", "terug_nr", "staat", "signalen"}
# Few values, so that the questions find some.
FEW = {"peilweek_nr": [2900], "veld": ["uit", "aanpassing"], "naar_soort": ["signaal", "knelpunt"]}


def value(field):
    name, kind = field["name"], field["type"]
    required = field.get("constraints", {}).get("required") or name in FILLED
    if not required and random.random() < 0.25:
        return None
    if name in FEW:
        return random.choice(FEW[name])
    if name.endswith("_nr"):
        return random.randint(2800, 2900)
    if kind == "boolean":
        return random.random() < 0.5
    if kind != "string":
        return random.randint(0, 9)
    if "categories" in field:
        return random.choice(field["categories"])["value"]
    if name in ("eigenaar", "gemeente", "code"):
        return random.choice(GEMEENTEN)
    texts = RECORDS if name in ("id", "record", "les", "van", "naar", "over", "knelpunt", "signaal", "duiding") else TEXTS
    return random.choice(texts)


def fill(engines, table):
    fields, key = table["schema"]["fields"], table["schema"]["primaryKey"]
    names = [field["name"] for field in fields]
    count = 1 if table["name"] == "momentopname" else ROWS
    drawn = [[value(field) for field in fields] for _ in range(count)]
    if table["name"] == "teksten":
        # An overname has one text of a field: its owner's.
        key = ["record", "veld"]
    # One row of each key.
    rows = list({tuple(row[names.index(name)] for name in key): row for row in drawn}.values())
    columns = ", ".join(f"{field['name']} {TYPES[field['type']]}" for field in fields)
    for engine in engines:
        random.shuffle(rows)
        engine.execute(f"CREATE TABLE {table['name']} ({columns})")
        engine.executemany(f"INSERT INTO {table['name']} VALUES ({', '.join('?' * len(fields))})", rows)


def main():
    folder, seed = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    random.seed(seed)
    sqlite, duck = sqlite3.connect(":memory:"), duckdb.connect()
    questions = json.load(sys.stdin)
    words = set(" ".join(questions).split())
    for table in json.loads((folder / "datapackage.json").read_text("utf-8"))["resources"]:
        if table["name"] in words:
            fill([sqlite, duck], table)
    counts = []
    for number, sql in enumerate(questions, 1):
        one, other = sqlite.execute(sql).fetchall(), duck.execute(sql).fetchall()
        for at, rows in enumerate(zip(one, other)):
            if rows[0] != rows[1]:
                sys.exit(f"seed {seed}, question {number}, row {at}: SQLite {rows[0]}, DuckDB {rows[1]}")
        if len(one) != len(other):
            sys.exit(f"seed {seed}, question {number}: SQLite {len(one)} rows, DuckDB {len(other)}")
        counts.append(len(one))
    json.dump(counts, sys.stdout)


main()
