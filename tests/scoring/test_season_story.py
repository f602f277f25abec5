"""One season from the first deduction to a corrected publication: 24 departments, every figure restated by hand."""

import re
import shutil
import subprocess
from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from io import StringIO
from uuid import uuid4

import openpyxl
import pytest
from django.core.management import call_command
from pypdf import PdfReader

from campaigns.enums import Role
from campaigns.models import Department, Obligation
from qualityseason.enums import JobState
from qualityseason.models import Job
from qualityseason.services.files import path_of
from qualityseason.services.jobs import run_job
from scoring.enums import AppealState, Basis, PaperKind
from scoring.models import Appeal, Category, Deduction, Publication, Rule
from scoring.queries.papers import find_source
from scoring.queries.results import result_of
from scoring.queries.rule_versions import standing_mark
from scoring.queries.still_open import load_still_open
from scoring.services.appeals import make_appeal, rule_appeal
from scoring.services.benchmarks import BenchmarkDraft, decide_basis, name_benchmark
from scoring.services.decisions import DecisionDraft, decide_conversion
from scoring.services.displays import open_display
from scoring.services.ledger import confirm_deductions
from scoring.services.notices import open_notices
from scoring.services.papers import start_paper
from scoring.services.publications import Terms, confirm_publication, propose_publication
from scoring.services.supplement_checks import ChangeDraft, SupplementDraft
from scoring.services.supplement_drafts import draft_supplement
from scoring.services.supplements import Minutes, adopt_supplement
from tests.factories import department, make_actor, make_deduction
from tests.scoring.reading import page, reader, turn_clock

ZONE = datetime.fromisoformat("2009-12-01T00:00:00+08:00").tzinfo
FULL = {"study": Decimal(10), "plan": Decimal(20), "execution": Decimal(70)}
EXCLUSIVE = {"S3a", "S3b", "S4"}
PRICES = {"S1a": "1", "S3b": "10", "S4": "7", "S5": "1", "P1": "0.1", "P2": "1", "P5": "0.1", "A1": "0.2", "B1": "0.2"}


def on(day, hour=9):
    return datetime(2009, 12, day, hour, tzinfo=ZONE) if day <= 31 else datetime(2010, 1, day - 31, hour, tzinfo=ZONE)


class Book:
    """The ledger restated: what stands for each department as (category, code) → amounts; benchmarks by block."""

    def __init__(self):
        self.lines = defaultdict(list)
        self.benchmarks = {}

    def add(self, name, code, amount):
        category = {"S": "study", "P": "plan"}.get(code[0], "execution")
        self.lines[name].append((category, code, Decimal(amount)))

    def take(self, name, code):
        self.lines[name].remove(next(line for line in self.lines[name] if line[1] == code))

    def total(self, name, block):
        found = Decimal(0)
        for category, full in FULL.items():
            of_rule = defaultdict(Decimal)
            for place, code, amount in self.lines[name]:
                if place == category:
                    of_rule[code] += amount
            excluded = [amount for code, amount in of_rule.items() if code in EXCLUSIVE]
            charged = sum((amount for code, amount in of_rule.items() if code not in EXCLUSIVE), Decimal(0))
            charged += max(excluded, default=Decimal(0))
            charged = max(Decimal(0), charged - self.benchmarks.get((block, category), Decimal(0)))
            found += max(Decimal(0), full - charged)
        return found

    def ranking(self, season):
        found = {}
        for block in ("A", "B"):
            names = list(Department.objects.filter(campaign=season, block__code=block).values_list("name", flat=True))
            totals = {name: self.total(name, block) for name in names}
            for name in names:
                better = sum(1 for other in totals.values() if other > totals[name])
                found[name] = (better + 1, f"{totals[name]:.2f}")
        return found


class Story:
    """Who acts, and the acts told twice: through the services, and in the book."""

    def __init__(self, season):
        self.season, self.book = season, Book()
        self.recorder = make_actor(season, Role.ASSESSOR, username="recorder")
        self.confirmer = make_actor(season, Role.ASSESSOR, username="confirmer")
        self.lead = make_actor(season, Role.TEAM_LEAD, username="story-lead")
        self.second_lead = make_actor(season, Role.TEAM_LEAD, username="story-lead-2")
        self.office = make_actor(season, Role.OFFICE, username="story-office")
        self.leader = make_actor(season, Role.LEADERSHIP, username="story-leader")

    @cache  # noqa: B019  # a story lives as long as its test
    def head(self, name):
        return make_actor(self.season, Role.HEAD, username=f"head of {name}", department=department(self.season, name))

    def charge(self, name, code, quantity=1, *, day=7):
        make_deduction(
            self.season,
            code,
            by=self.recorder,
            confirmed_by=self.confirmer,
            charged=name,
            quantity=quantity,
            happened_on=date(2009, 12, 4),
            at=on(day),
        )
        self.book.add(name, code, Decimal(PRICES[code]) * quantity)

    def line(self, name, code):
        return Deduction.objects.confirmed().get(charged__name=name, rule__code=code)

    def appeal(self, name, code, *, day):
        head = self.head(name)
        open_notices(Deduction.objects.confirmed().filter(charged__name=name), by=head, at=on(day))
        return make_appeal(self.line(name, code), uuid=uuid4(), reason="有佐证材料", by=head, at=on(day))

    def rule(self, appeal, state, *, by, day, **values):
        return rule_appeal(appeal, state=state, ruling="经核实", by=by, at=on(day), **values)

    def propose(self, *, day):
        ticked = {matter.key for matter in load_still_open(self.season, self.office, display=self.display)}
        terms = Terms("all", date(2010, 1, 31))
        return propose_publication(self.season, uuid=uuid4(), terms=terms, ticked=ticked, by=self.office, at=on(day))


@pytest.fixture
def story(season, portal_files):
    return Story(season)


def charge_everybody(story):
    for number, place in enumerate(Department.objects.filter(campaign=story.season).order_by("order"), start=1):
        story.charge(place.name, "P2", 1 + number % 4)  # 1.00 to 4.00
        story.charge(place.name, "P5", number)  # 0.10 each
        story.charge(place.name, f"{place.block.code}1", 1 + number % 3)  # 0.20 each
        if number % 6 == 0:
            story.charge(place.name, "S3b")
            story.charge(place.name, "S4")  # absorbed
            story.charge(place.name, "S5")  # beyond zero


def contest(story):
    """Five appeals: reduced, revoked, upheld, one reduced twice by two people, one left pending."""
    reduced = story.appeal("教务处", "P5", day=8)
    story.rule(reduced, AppealState.REDUCED, quantity=2, by=story.lead, day=9)
    story.book.take("教务处", "P5")
    story.book.add("教务处", "P5", "0.2")
    revoked = story.appeal("图书馆", "P2", day=8)
    story.rule(revoked, AppealState.REVOKED, by=story.lead, day=9)
    story.book.take("图书馆", "P2")
    story.rule(story.appeal("工会", "A1", day=8), AppealState.UPHELD, by=story.lead, day=9)
    story.rule(story.appeal("团委", "P5", day=8), AppealState.REDUCED, quantity=5, by=story.lead, day=9)
    again = story.appeal("团委", "P5", day=10)
    story.rule(again, AppealState.REDUCED, quantity=1, by=story.second_lead, day=11)
    story.book.take("团委", "P5")
    story.book.add("团委", "P5", "0.1")
    return story.appeal("保卫处", "A1", day=11)


def supplement(story):
    """P1 is dearer from the 14th on; one line that waited is recorded again and confirmed at the new price."""
    waiting = make_deduction(
        story.season,
        "P1",
        by=story.recorder,
        charged="体育部",
        quantity=2,
        happened_on=date(2009, 12, 14),
        at=on(15),
    )
    rule = Rule.objects.get(campaign=story.season, code="P1")
    draft = SupplementDraft(
        "条目不具体从严",
        "实施条目内容和标准不具体，每个条目扣0.3分。",
        date(2009, 12, 14),
        True,
        [ChangeDraft("条目不具体", "实施条目内容和标准不具体，每个条目扣0.3分。", Decimal("0.30"), rule=rule)],
    )
    drafted = draft_supplement(story.season, draft, uuid=uuid4(), by=story.office, at=on(15))
    minutes = Minutes(date(2009, 12, 16), "支书记、郭院长、刘院长", "同意补充。")
    adopt_supplement(drafted, minutes, uuid=uuid4(), standing=standing_mark(drafted), by=story.leader, at=on(16))
    waiting.refresh_from_db()
    assert waiting.withdrawn_at is not None
    again = Deduction.objects.recorded().get(charged__name="体育部", rule=rule)
    assert (str(again.amount), again.recorded_by_id) == ("0.60", story.recorder.user_id)
    assert confirm_deductions([again], by=story.confirmer, at=on(17)).refused == []
    story.book.add("体育部", "P1", "0.6")


def benchmarks(story):
    """In block B the best plan counts as full mark; its deducted amount stays frozen when the figure moves."""
    best = department(story.season, "图书馆")
    category = Category.objects.get(campaign=story.season, code="plan")
    amount = sum((line[2] for line in story.book.lines["图书馆"] if line[0] == "plan"), Decimal(0))
    draft = BenchmarkDraft(uuid4(), best.block, category, best, "方案最完整", amount, None)
    name_benchmark(story.season, draft, by=story.lead, at=on(18))
    minutes = DecisionDraft(uuid4(), date(2009, 12, 18), "支书记、郭院长", "以最好情况计满分。", None)
    decide_basis(story.season, minutes, basis=Basis.BEST_IS_FULL, by=story.leader, at=on(18))
    percent = DecisionDraft(uuid4(), date(2009, 12, 18), "支书记、郭院长", "折算比例。", None)
    decide_conversion(
        story.season, percent, percentages={"party": Decimal(20), "work": Decimal(30)}, by=story.leader, at=on(18)
    )
    story.book.benchmarks["B", "plan"] = amount
    story.charge("图书馆", "S1a", day=19)


def frozen_ranking(publication):
    found = result_of(publication.snapshot).ranking
    return {row.department: (row.rank, str(row.total)) for block in found.blocks for row in block.rows}


def page_ranking(story, publication):
    """Return what the page of the publication shows to the office: name → (rank, total)."""
    answer = reader(story.office).get(page("publication", story.season, publication.uuid))
    assert answer.status_code == 200
    text = re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())
    return re.sub(r"\s+", " ", text)


def paper(story, publication, kind, form, place=None):
    """Return the path of a paper made in the background."""
    source = find_source(story.office, publication.uuid)
    job = start_paper(source, kind=kind, format=form, department=place, by=story.office, at=on(40))
    run_job.func(job.pk, "trace")
    job = Job.objects.get(pk=job.pk)
    assert job.state == JobState.DONE, job.problem
    return path_of(job.file)


def check_invariants():
    out = StringIO()
    call_command("check_invariants", stdout=out)
    return out.getvalue()


def check_agreement(story, publication, tmp_path):
    """Book, frozen result, page, workbook as recalculated, statements on paper and the checks say the same."""
    expected = story.book.ranking(story.season)
    assert frozen_ranking(publication) == expected
    shown = page_ranking(story, publication)
    for name, (_rank, total) in expected.items():
        assert re.search(rf"{name}.{{0,400}}?{total}", shown), name
    book = shutil.copy(paper(story, publication, PaperKind.WORKBOOK, "xlsx"), tmp_path / f"{uuid4()}.xlsx")
    listed = {}
    for sheet in openpyxl.load_workbook(book, read_only=True).worksheets[:2]:
        listed |= {row[1]: (row[0], f"{row[-1]:.2f}") for row in sheet.iter_rows(min_row=2, values_only=True) if row[0]}
    assert listed == expected
    if shutil.which("soffice"):
        assert recalculated(book, tmp_path) == {"一致"}
    for name in ("图书馆", "教务处", "体育部"):
        path = paper(story, publication, PaperKind.STATEMENT, "pdf", department(story.season, name))
        text = "".join(sheet.extract_text() for sheet in PdfReader(path).pages)
        assert expected[name][1] in text
    assert "不一致" not in check_invariants()


def recalculated(book, folder):
    """Return the verdicts of the check sheet after LibreOffice has computed every formula anew."""
    command = ["soffice", "--headless", "--convert-to", "ods", "--outdir", str(folder), str(book)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    back = ["soffice", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "back")]
    subprocess.run([*back, str(book.with_suffix(".ods"))], check=True, capture_output=True, timeout=180)
    sheet = openpyxl.load_workbook(folder / "back" / book.name, data_only=True).worksheets[-1]
    return {cell for row in sheet.iter_rows(values_only=True) for cell in row if cell in ("一致", "不一致")}


def test_season_from_first_deduction_to_corrected_publication(story, tmp_path, season):
    charge_everybody(story)
    pending = contest(story)
    supplement(story)
    benchmarks(story)
    assert story.book.total("图书馆", "B") == Decimal("98.40")  # 1.00 of study, 0.60 of execution, the plan full

    turn_clock(season, on(19))
    story.display = open_display(
        season, uuid=uuid4(), starts_on=date(2009, 12, 20), days=5, visibility="all", by=story.office, at=on(19)
    )
    turn_clock(season, on(28))
    first = confirm_publication(story.propose(day=28), by=story.leader, at=on(29))
    assert (first.number, [entry["kind"] for entry in first.still_open if entry["kind"] == "appeals"]) == (
        1,
        ["appeals"],
    )
    check_agreement(story, first, tmp_path)
    assert Obligation.objects.filter(campaign=season, kind="confirmation", dropped_at=None).count() == 24

    story.rule(Appeal.objects.get(pk=pending.pk), AppealState.REVOKED, by=story.lead, day=30)
    story.book.take("保卫处", "A1")
    before = frozen_ranking(first)
    second = confirm_publication(story.propose(day=32), by=story.leader, at=on(33))
    assert (second.number, second.replaces) == (2, first)
    assert "保卫处" in {change["department"] for change in second.changes} | {
        change.get("name") for change in second.changes
    }
    check_agreement(story, second, tmp_path)
    assert frozen_ranking(Publication.objects.get(pk=first.pk)) == before
    assert second.decided_at - first.decided_at > timedelta(days=3)
