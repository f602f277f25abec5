"""Filling a season with staff and a full term's registers by SQL: as many people per department as wanted."""

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.models import NOT_PROVIDED

LESSONS = 30  # checked of each class
CLASSES = 8  # of each teaching department
MEETINGS, DUTIES = 4, 3  # of each person
REGISTERS = (
    "workloadrow",
    "evaluationrow",
    "observationrow",
    "classattendancerow",
    "dutyrosterrow",
    "researchmeetingrow",
    "lessonplanrow",
)
TABLES = ("staffmember", "posting", "studentclass", *REGISTERS)
ENTERED = "2009-12-20 08:00:00"


def fill_registers(path: Path, *, people: int) -> int:
    """Write staff, classes and registers into an empty season; returns how many register rows there are.

    Of a hundred rows two or three show what a rule charges.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000", "temp_store=MEMORY", "threads=2"):
            database.execute(f"PRAGMA {pragma}")
        database.row_factory = sqlite3.Row
        indexes = [index for table in TABLES for index in _drop_indexes(database, f"campaigns_{table}")]
        departments = database.execute("SELECT id, campaign_id, kind FROM campaigns_department ORDER BY id").fetchall()
        term = database.execute("SELECT id, starts_on FROM campaigns_term").fetchone()
        writer = _Writer(database, term=term["id"], first=date.fromisoformat(term["starts_on"]), people=people)
        rows = sum(writer.department(each) for each in departments)
        for index in indexes:
            database.execute(index)
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("ANALYZE")
    return rows


class _Writer:
    def __init__(self, database: sqlite3.Connection, *, term: int, first: date, people: int) -> None:
        self.database, self.term, self.first, self.people = database, term, first, people
        self.columns = {table: _columns(table) for table in TABLES}
        self.person = self.row = 0

    def department(self, department: sqlite3.Row) -> int:
        """Write one department; returns how many register rows it has."""
        season, place = department["campaign_id"], department["id"]
        staff = range(self.person + 1, self.person + self.people + 1)
        self.person += self.people
        self._write(
            "staffmember",
            [
                {"id": n, "uuid": _uuid(1, n), "campaign_id": season, "number": f"{n:07}", "name": f"教师{n}"}
                | {"squeezed_name": f"教师{n}", "category": "full_time"}
                for n in staff
            ],
        )
        start = self.first.isoformat()
        self._write(
            "posting",
            [
                {"uuid": _uuid(2, n), "campaign_id": season, "staff_member_id": n, "department_id": place}
                | {"starts_on": start}
                for n in staff
            ],
        )
        rows = {name: list(found) for name, found in self._registers(season, place, staff)}
        if department["kind"] in ("specialty", "teaching"):
            rows["classattendancerow"] = self._classes(season, place)
        for table, found in rows.items():
            self._write(table, found)
        return sum(map(len, rows.values()))

    def _registers(self, season: int, place: int, staff: range) -> Any:
        term = {"term_id": self.term}
        yield (
            "workloadrow",
            (
                self._row(season, place, n, term | {"required": 6000, "done": 5900 if n % 50 == 0 else 6100})
                for n in staff
            ),
        )
        yield (
            "evaluationrow",
            (self._row(season, place, n, term | {"score": 5950 if n % 40 == 0 else 8800}) for n in staff),
        )
        yield (
            "observationrow",
            (self._row(season, place, n, term | {"required": 8, "done": 7 if n % 45 == 0 else 8}) for n in staff),
        )
        for table, count, values in (
            ("dutyrosterrow", DUTIES, lambda k: {"missed": k % 60 == 0}),
            ("researchmeetingrow", MEETINGS, lambda k: {"attended": k % 50 != 0}),
            ("lessonplanrow", 1, lambda k: {"has_paper": k % 70 != 0}),
        ):
            yield (
                table,
                (
                    self._row(season, place, n, self._day(k) | {"organiser_id": place} | values(n + k))
                    for n in staff
                    for k in range(count)
                ),
            )

    def _classes(self, season: int, place: int) -> list[dict[str, Any]]:
        first = place * CLASSES
        classes = range(first, first + CLASSES)
        self._write(
            "studentclass",
            [
                {"id": n, "uuid": _uuid(3, n), "campaign_id": season, "name": f"班{n}", "squeezed_name": f"班{n}"}
                | {"department_id": place}
                for n in classes
            ],
        )
        return [
            self._row(
                season,
                place,
                None,
                self._day(k) | {"student_class_id": n, "rate": 4500 if n % 5 == 0 and k % 10 < 3 else 9200},
            )
            for n in classes
            for k in range(LESSONS)
        ]

    def _day(self, k: int) -> dict[str, Any]:
        return {"happened_on": (self.first + timedelta(days=3 * k)).isoformat()}

    def _row(self, season: int, place: int, person: int | None, values: dict[str, Any]) -> dict[str, Any]:
        self.row += 1
        row = {"uuid": _uuid(9, self.row), "campaign_id": season, "department_id": place, "entered_by_id": 1}
        return row | {"entered_at": ENTERED} | ({} if person is None else {"person_id": person}) | values

    def _write(self, table: str, rows: list[dict[str, Any]]) -> None:
        if not rows:
            return
        columns = self.columns[table]
        names = ", ".join(columns)
        marks = ", ".join("?" * len(columns))
        self.database.executemany(
            f"INSERT INTO campaigns_{table} ({names}) VALUES ({marks})",  # noqa: S608  # our own names
            [[row.get(name, value) for name, value in columns.items()] for row in rows],
        )


def _columns(table: str) -> dict[str, Any]:
    """Return the columns of a table with what stands in them when nothing is said."""
    found = {}
    for field in apps.get_model("campaigns", table)._meta.concrete_fields:
        plain = field.default is not NOT_PROVIDED and not callable(field.default)
        empty = None if field.null or field.primary_key else ""
        found[field.column] = field.default if plain else empty
    return found


def _uuid(kind: int, number: int) -> str:
    return f"{kind:08x}00004000800000{number:010x}"


def _drop_indexes(database: sqlite3.Connection, table: str) -> list[str]:
    """Drop what can be built faster afterwards; return how."""
    indexes = database.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL", [table]
    ).fetchall()
    for index in indexes:
        database.execute(f'DROP INDEX "{index["name"]}"')
    return [index["sql"] for index in indexes]
