"""What the papers of a frozen result say: figures that add up, every line with its evidence, ranks only where let."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.translation import gettext

from campaigns.enums import Role
from campaigns.services.attachments import attach_uploads
from qualityseason.exports.paper import PAPER_LANGUAGE
from qualityseason.pdf_libraries import ONLY_SLOWER, missing_packages
from qualityseason.services.files import store_file
from scoring.enums import Basis, Visibility
from scoring.exports.annex_pdf import write_annex
from scoring.exports.confirmation_pdf import place_of, write_confirmation
from scoring.exports.display_pdf import Posting, write_display
from scoring.exports.result_paper import PaperHead
from scoring.exports.statement_pdf import write_statement
from scoring.exports.statement_rows import annex_parts, category_parts
from scoring.facts.results import DecidedTie, StatementLine
from scoring.models import Benchmark, Rulebook
from scoring.queries.results import freeze, load_result, thaw
from tests.factories import NOON, department, make_actor, make_deduction
from tests.scoring.paper_working import text_of

LACKING = sorted(set(missing_packages()) - ONLY_SLOWER)
printing = pytest.mark.skipif(bool(LACKING), reason=f"the system lacks {LACKING}")
CODE = "7KQM-2X9A"


@pytest.fixture
def charge(season):
    assessor, lead = make_actor(season, Role.ASSESSOR), make_actor(season, Role.TEAM_LEAD)

    def make(code, charged="图书馆", **values):
        return make_deduction(season, code, charged=charged, by=assessor, confirmed_by=lead, **values)

    return make


def result_now(season):
    """Return the result as thawed from its frozen form."""
    return thaw(freeze(load_result(season, at=NOON)))


def own(result, season, name="图书馆"):
    return result.statement_of(department(season, name).uuid)


def head_of(result, **values):
    return PaperHead.of(result, standing="第1号", code=CODE, **values)


def squeezed(pages):
    return "".join("".join(pages).split())


def chinese(text, **words):
    with translation.override(PAPER_LANGUAGE):
        return gettext(text) % words


# --- the steps from the full mark to the score


def steps(part):
    return part.full - part.deducted + part.absorbed + part.benchmark + part.floor


def test_steps_of_every_category_lead_to_its_score(season, charge):
    charge("S3b")  # 10.00
    charge("S3a")  # 5.00, absorbed
    charge("S1a")  # 1.00, so 11.00 of 10
    charge("P1", quantity=3)
    charge("A1", "教务处", quantity=2)
    for statement in result_now(season).statements:
        assert [steps(part) for part in category_parts(statement)] == [one.score for one in statement.categories]
    study, plan, execution = category_parts(own(result_now(season), season))
    assert (study.deducted, study.absorbed, study.floor, study.score) == (16, 5, 1, 0)
    assert (plan.deducted, plan.absorbed, plan.floor, plan.score) == (Decimal("0.30"), 0, 0, Decimal("19.70"))
    assert (execution.deducted, execution.score) == (0, 70)


@pytest.mark.parametrize(
    ("benchmark", "taken", "floor", "score"), [("0.50", "0.50", "0.50", "0.00"), ("2.00", "2.00", "0.00", "1.00")]
)
def test_steps_with_a_benchmark(season, charge, benchmark, taken, floor, score):
    charge("S3b")
    charge("S1a")
    charge("P1", quantity=3)
    _name_benchmarks(season, benchmark)
    study, plan, _execution = category_parts(own(result_now(season), season))
    found = (study.benchmark, study.floor, study.score)
    assert found == (Decimal(taken), Decimal(floor), Decimal(score))
    assert (plan.benchmark, plan.floor, plan.score) == (Decimal("0.30"), 0, 20)  # no more than was deducted
    assert steps(study) == study.score


def _name_benchmarks(season, amount):
    Rulebook.objects.filter(campaign=season).update(basis=Basis.BEST_IS_FULL)
    by = make_actor(season, Role.TEAM_LEAD)
    place = department(season)
    for category in season.categories.all():
        Benchmark.objects.create(
            campaign=season,
            block=place.block,
            category=category,
            department=place,
            amount=Decimal(amount),
            reason="最好",
            named_by_id=by.user_id,
            named_at=NOON,
        )


def test_lines_are_numbered_through_and_grouped_by_clause(season, charge):
    charge("S1a")
    charge("S1b")
    charge("P1", quantity=3, happened_on=date(2009, 11, 9))
    charge("P1", quantity=2)
    study, plan, _execution = category_parts(own(result_now(season), season))
    (clause,) = study.clauses  # two prices under one text
    assert [(row.code, row.quantity, row.amount, row.numbers) for row in clause.prices] == [
        ("S1a", 1, Decimal("1.00"), (1,)),
        ("S1b", 1, Decimal("0.50"), (2,)),
    ]
    (row,) = plan.clauses[0].prices
    assert (row.quantity, row.amount, row.counted, row.numbers) == (5, Decimal("0.50"), Decimal("0.50"), (3, 4))


# --- the scheme's table


def test_table_of_the_scheme_has_every_clause_of_the_block_with_its_remarks(season, charge):
    charge("B1", quantity=2)
    result = result_now(season)
    study, plan, execution = annex_parts(own(result, season), result.clauses, result.remarks)
    assert [len(part.rows) for part in (study, plan, execution)] == [5, 5, 16]  # the numbered clauses of the scheme
    assert [part.is_common for part in (study, plan, execution)] == [True, True, False]
    assert [row.remark for row in study.rows][:3] == [
        "1、学习讨论前通知考核小组。",
        "2、合理化建议必须汇总并纳入本部门执行活动方案。",
        "",
    ]
    assert [row.remark[:2] for row in execution.rows[:7]] == ["1、", "2、", "3、", "3、", "4、", "5、", ""]
    assert (execution.rows[0].amount, len(execution.rows[0].lines)) == (Decimal("0.40"), 1)
    other = annex_parts(own(result, season, "教务处"), result.clauses, result.remarks)[2]
    assert len(other.rows) == 14


def test_line_under_an_older_wording_stands_behind_its_clause(season, charge):
    charge("P1", quantity=3)
    result = result_now(season)
    clauses = tuple(replace(one, text="改写后的条文") if one.code == "P1" else one for one in result.clauses)
    rows = annex_parts(own(result, season), clauses, ())[1].rows
    assert (rows[0].text, rows[0].lines) == ("改写后的条文", ())
    assert rows[1].text.startswith("1、")
    assert rows[1].amount == Decimal("0.30")
    assert len(rows) == 6


def test_line_of_a_rule_that_is_gone_is_not_lost(season, charge):
    charge("P1", quantity=3)
    result = result_now(season)
    clauses = tuple(one for one in result.clauses if one.code != "P1")
    rows = annex_parts(own(result, season), clauses, result.remarks)[1].rows
    assert rows[-1].amount == Decimal("0.30")


@printing
def test_table_over_several_pages_repeats_its_head(season, charge, tmp_path):
    for number in range(40):
        charge("B1", note=f"第{number}项", happened_on=date(2009, 11, 1 + number % 28))
    result, path = result_now(season), tmp_path / "annex.pdf"
    pages = write_annex(result, own(result, season), path, head=head_of(result))
    found = text_of(path)
    assert len(found) == pages >= 3
    title = chinese("Kind of standard")[:4]
    assert all(title in "".join(page.split()) or title in page for page in found[:-1])
    assert all(CODE in page for page in found)
    assert squeezed(found).count("0.20×1=0.20") == 40
    for clause in result.clauses:
        if clause.block in ("", "B"):
            assert "".join(clause.text.split()) in squeezed(found), clause.code


# --- the statement


@printing
def test_statement_says_every_line_with_clause_price_and_evidence(season, charge, tmp_path, portal_files):
    line = charge("P1", quantity=3, note="第二条没有标准")
    charge("S3b")
    charge("S3a")
    _attach(season, line, "现场照片.png")
    result, path = result_now(season), tmp_path / "statement.pdf"
    statement = own(result, season)

    write_statement(statement, path, head=head_of(result, address="http://portal/genuine/"))

    pages = text_of(path)
    text = squeezed(pages)
    assert "1、实施条目内容和标准不具体，每个条目扣0.1分。" in text
    for said in (
        "0.10×3=0.30",
        "第二条没有标准",
        "现场照片.png",
        "2009-11-20",
        "89.70",
        "19.70",
        "http://portal/genuine/",
    ):
        assert said in text, said
    assert "".join(chinese("absorbed, counts 0").split()) in text
    assert all(CODE in page for page in pages)
    assert "".join(chinese("Head of the department (signature):").split()) in text


def _attach(season, line, name):
    by = make_actor(season, Role.TEAM_LEAD)
    stored = store_file([b"x"], name=name, media_type="image/png", by_id=by.user_id, is_upload=True)
    attach_uploads(
        [stored.uuid],
        campaign_id=season.pk,
        department_id=line.charged_id,
        owner_kind="deduction",
        owner_uuid=line.uuid,
        by_id=by.user_id,
        at=NOON,
    )


@printing
def test_text_of_people_is_never_markup(season, charge, tmp_path):
    charge("P1", note="<img src=x><b>粗</b>&amp;", quantity=1)
    result, path = result_now(season), tmp_path / "statement.pdf"
    write_statement(own(result, season), path, head=head_of(result))
    assert "<imgsrc=x><b>粗</b>&amp;" in squeezed(text_of(path))


@printing
def test_statement_without_a_deduction_is_one_page(season, tmp_path):
    result, path = result_now(season), tmp_path / "statement.pdf"
    assert write_statement(own(result, season), path, head=head_of(result)) == 1
    assert "100.00" in squeezed(text_of(path))


# --- the confirmation


@printing
@pytest.mark.parametrize("shows_rank", [True, False])
def test_confirmation_is_one_page_with_four_figures_and_the_rank_where_let(season, charge, tmp_path, shows_rank):
    charge("P1", quantity=3)
    result, path = result_now(season), tmp_path / "confirmation.pdf"
    statement = own(result, season)
    asked = {"head": head_of(result), "shows_rank": shows_rank, "sign_until": date(2010, 1, 11)}
    assert write_confirmation(result, statement, path, **asked) == 1
    text = squeezed(text_of(path))
    for figure in ("10.00", "19.70", "70.00", "99.70", "0.30", "2010-01-11", CODE):
        assert figure in text, figure
    place = place_of(result, statement)
    assert (place.rank, place.of) == (10, 10)
    said = "".join(chinese("%(rank)s of %(of)s", rank=10, of=10).split())
    assert (said in text) is shows_rank


# --- the public notice


@printing
@pytest.mark.parametrize("visibility", list(Visibility))
def test_sheet_of_a_public_notice_shows_what_may_be_read(season, charge, tmp_path, visibility):
    charge("P1", quantity=3)
    result, path = result_now(season), tmp_path / "display.pdf"
    posting = Posting(date(2009, 12, 28), date(2010, 1, 1), visibility)
    write_display(result, path, posting=posting, head=head_of(result))
    pages = ["".join(page.split()) for page in text_of(path)]
    shown = [
        {block.code for block in result.ranking.blocks for row in block.rows if row.department in page}
        for page in pages
    ]
    assert "2010-01-01" in "".join(pages)
    if visibility == Visibility.OWN:
        assert not any(shown)
        assert not any("99.70" in page for page in pages)
    else:
        assert set().union(*shown) == {"A", "B"}
    if visibility == Visibility.BLOCK:
        assert all(len(codes) == 1 for codes in shown)
    assert all(CODE in page for page in pages)


@printing
def test_sheet_says_which_equal_totals_were_put_in_order(season, tmp_path):
    result, path = result_now(season), tmp_path / "display.pdf"
    first, *others = result.ranking.blocks
    order = tuple(row.uuid for row in first.rows)
    tie = DecidedTie(Decimal("100.00"), order, date(2009, 12, 27))
    result = replace(result, ranking=replace(result.ranking, blocks=(replace(first, ties=(tie,)), *others)))
    posting = Posting(date(2009, 12, 28), date(2010, 1, 1), Visibility.ALL)
    write_display(result, path, posting=posting, head=head_of(result))
    assert "2009-12-27" in squeezed(text_of(path))


# --- nobody is named


def test_frozen_lines_name_nobody(season, charge):
    charge("P1")
    lines = [line for one in result_now(season).statements for part in one.categories for line in part.lines]
    assert len(lines) == 1
    assert isinstance(lines[0], StatementLine)
    assert {(line.recorded_by, line.confirmed_by) for line in lines} == {("", "")}
