"""Filling a SQLite ledger by SQL: a million lines of all rules, spread over departments and days, in about a minute."""

import json
import random
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from uuid import UUID

SLOTS = 1_000  # different lines of a block at least
STRIDE = 37  # neighbouring departments begin this many slots apart
MONTHS = ["2009-09", "2009-10", "2009-11", "2009-12", "2010-01"]
CONFIRMED, RECORDED = 90, 97  # of a hundred lines: confirmed below the first, recorded below the second, then withdrawn

INSERT = """
INSERT INTO scoring_deduction (
    uuid, body_hash, campaign_id, visited_id, charged_id, category_id, rule_id, rule_version_id, text, points, quantity,
    amount, subject_label, period, happened_on, note, answers, recorded_by_id, recorded_at, confirmed_by_id,
    confirmed_at, withdrawn_by_id, withdrawn_at, withdrawn_because, charge_key
)
SELECT
    lower(hex(randomblob(16))), lower(hex(randomblob(32))), d.campaign_id, d.id, d.id, category_id, rule_id,
    version_id, text, points, 1 + (i + d.n) % most, points * (1 + (i + d.n) % most), label, period,
    day, note, '{}', 2 + recorder, day || ' 08:00:00',
    CASE WHEN state < :confirmed THEN 2 + (recorder + 1) % 16 END,
    CASE WHEN state < :confirmed THEN date(day, '+1 day') || ' 08:00:00' END,
    CASE WHEN state >= :recorded THEN 2 + recorder END,
    CASE WHEN state >= :recorded THEN date(day, '+1 day') || ' 09:00:00' END,
    CASE WHEN state >= :recorded THEN note ELSE '' END,
    family || '|department:' || d.key || suffix
FROM (
    SELECT d.*, i, (i + d.n) % 16 AS recorder, (i * 29 + d.n * 19) % 100 AS state,
        (i + d.n * :stride) % :slots AS slot,
        date(:first, '+' || ((i * :departments + d.n) * :days / :lines) || ' days') AS day
    FROM bench_turn CROSS JOIN bench_department d
) d JOIN bench_slot s ON s.block_id = d.block_id AND s.n = d.slot
ORDER BY NULL LIMIT :lines
"""

AUDIT = """
INSERT INTO qualityseason_auditentry (
    at, campaign_at, campaign_id, department_id, by_id, act, object_type, object_id, after, request_id
)
SELECT recorded_at, recorded_at, campaign_id, charged_id, recorded_by_id, 'deduction.record', 'scoring.Deduction',
    dashed(uuid), json_object('rule', rule_id, 'quantity', quantity, 'happened_on', happened_on),
    lower(hex(randomblob(16)))
FROM scoring_deduction ORDER BY id
"""
STATEMENTS = {"scoring_deduction": INSERT, "qualityseason_auditentry": AUDIT}


def fill_ledger(path: Path, lines: int) -> None:
    """Write `lines` deductions, ninety of a hundred confirmed, with their audit entries into an empty season."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000", "temp_store=MEMORY", "threads=2"):
            database.execute(f"PRAGMA {pragma}")
        database.row_factory = sqlite3.Row
        database.create_function("dashed", 1, lambda key: str(UUID(key)), deterministic=True)
        database.execute(
            "CREATE TEMP TABLE bench_department AS SELECT id, campaign_id, block_id, dashed(uuid) AS key, "
            "row_number() OVER (ORDER BY id) - 1 AS n FROM campaigns_department"
        )
        departments = _only(database, "SELECT count(*) FROM bench_department")[0]
        turns = -(-lines // departments)
        slots = max(SLOTS, turns)
        _slots(database, slots)
        numbers = json.dumps(list(range(turns)))
        database.execute("CREATE TEMP TABLE bench_turn AS SELECT value AS i FROM json_each(?)", [numbers])
        first, last = map(date.fromisoformat, _only(database, "SELECT facts_from, facts_until FROM campaigns_campaign"))
        values = {
            "lines": lines,
            "departments": departments,
            "slots": slots,
            "stride": STRIDE,
            "first": first.isoformat(),
            "days": (last - first).days - 2,
            "confirmed": CONFIRMED,
            "recorded": RECORDED,
        }
        for table, statement in STATEMENTS.items():
            indexes = _drop_indexes(database, table)
            database.execute(statement, values)
            for index in indexes:
                database.execute(index)
        database.execute("PRAGMA journal_mode=WAL")


def _slots(database: sqlite3.Connection, count: int) -> None:
    """Make for each block `count` different lines a department may hold, once-rules kept, in shuffled order."""
    database.execute(
        "CREATE TEMP TABLE bench_slot (block_id, n, rule_id, category_id, version_id, text, points, most, label, "
        "period, note, family, suffix, PRIMARY KEY (block_id, n))"
    )
    term = _only(database, "SELECT code FROM campaigns_term")[0]
    rules = database.execute(
        "SELECT r.*, v.id AS version_id, v.text, v.label, v.points FROM scoring_rule r "
        'JOIN scoring_ruleversion v ON v.rule_id = r.id ORDER BY r."order"'
    ).fetchall()
    for (block,) in database.execute("SELECT id FROM campaigns_block ORDER BY id").fetchall():
        rows = _lines_of_block([rule for rule in rules if rule["block_id"] in (None, block)], count, term)
        random.Random(block).shuffle(rows)
        database.executemany(
            "INSERT INTO bench_slot VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(block, n, *row) for n, row in enumerate(rows)],
        )


def _lines_of_block(rules: list[sqlite3.Row], count: int, term: str) -> list[tuple[object, ...]]:
    lines = []
    for rule in rules:
        if rule["once"] == "department":
            lines.append(_line(rule, "", "", "|season"))
        elif rule["once"] == "month":
            lines += [_line(rule, month, month, f"|{month}") for month in MONTHS]
    others = [rule for rule in rules if rule["once"] not in ("department", "month")]
    for number in range(count - len(lines)):
        rule = others[number % len(others)]
        label = f"{rule['label'][:8]}{number:05}"
        period = term if rule["once"] == "term" else ""
        lines.append(_line(rule, label, period, f"/{label}|{period or 'season'}"))
    return lines


def _line(rule: sqlite3.Row, label: str, period: str, suffix: str) -> tuple[object, ...]:
    most = 1 if rule["once"] else min(rule["maximum"], 4)
    note = rule["text"][:40]
    family = rule["family"] if rule["once"] else None
    same = tuple(rule[name] for name in ("id", "category_id", "version_id", "text", "points"))
    return (*same, most, label, period, note, family, suffix)


def _drop_indexes(database: sqlite3.Connection, table: str) -> list[str]:
    """Drop what can be built faster afterwards; return how."""
    indexes = database.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL", [table]
    ).fetchall()
    for index in indexes:
        database.execute(f'DROP INDEX "{index["name"]}"')
    return [index["sql"] for index in indexes]


def _only(database: sqlite3.Connection, query: str) -> sqlite3.Row:
    found: sqlite3.Row = database.execute(query).fetchone()
    return found
