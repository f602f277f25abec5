"""The season is data: it loads as the scheme says, twice changes nothing, and what rests on it is left alone."""

import ast
import re
import shutil
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db.models import Sum

from campaigns import hooks
from campaigns.enums import DepartmentKind, Role
from campaigns.models import Campaign, Department, Milestone, Phase
from campaigns.services.seasons import load_season, read_season
from qualityseason.models import AuditEntry
from scoring.models import Category, Rule, Rulebook, RuleVersion, Tally
from tests.factories import make_actor, make_deduction

ROOT = Path(django_settings.BASE_DIR)


@pytest.fixture
def folder(settings, tmp_path):
    """A copy of both seasons' files to be changed; `edit(file, old, new)` changes one."""
    shutil.copytree(ROOT / "fixtures", tmp_path / "fixtures")
    settings.BASE_DIR = tmp_path

    def edit(file, old, new):
        path = tmp_path / "fixtures" / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    return edit


# --- what stands there


def test_departments_are_the_fourteen_and_ten_of_the_scheme_in_its_order(season):
    names = {
        block: list(Department.objects.filter(campaign=season, block__code=block).values_list("name", flat=True))
        for block in ("A", "B")
    }
    assert " ".join(names["A"]) == (
        "监察审计室 工会 党院办 组织人事处 教务处 科研设备处 督导室 "
        "学生工作处 团委 招生就业处 计划财务处 总务处 基建办 保卫处"
    )
    assert len(names["B"]) == 10
    assert "旅游文法建筑工程系" in names["B"]
    assert Department.objects.get(campaign=season, name="党院办").full_name == "党院办(含校史办)"
    kinds = Department.objects.filter(campaign=season, block__code="B").values_list("kind", flat=True)
    assert (
        sorted(kinds) == [DepartmentKind.SPECIALTY] * 5 + [DepartmentKind.SUPPORT] * 2 + [DepartmentKind.TEACHING] * 3
    )


def test_rulebook_has_forty_clauses_as_forty_three_priced_lines(season):
    rules = Rule.objects.filter(campaign=season).select_related("block", "category")
    assert rules.count() == 43
    assert len({(rule.category_id, rule.block_id, rule.clause) for rule in rules}) == 40
    by_part = {}
    for rule in rules:
        part = (rule.category.code, rule.block.code if rule.block else "")
        by_part[part] = by_part.get(part, 0) + 1
    assert by_part == {("study", ""): 7, ("plan", ""): 5, ("execution", "A"): 15, ("execution", "B"): 16}
    assert " ".join(rules.values_list("code", flat=True)) == (
        "S1a S1b S2 S3a S3b S4 S5 P1 P2 P3 P4 P5 "
        "A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11a A11b A12 A13 A14 "
        "B1 B2 B3 B4 B5 B6 B7 B8 B9 B10 B11 B12 B13 B14 B15 B16"
    )


def test_full_marks_are_ten_twenty_and_seventy(season):
    marks = Category.objects.filter(campaign=season)
    assert list(marks.values_list("name", "full")) == [("学习讨论", 10), ("活动方案", 20), ("执行效果", 70)]
    assert marks.aggregate(total=Sum("full")) == {"total": 100}


def test_prices_are_those_printed(season):
    """Every price, read off the notice; grouped, so that they can be read."""
    printed = {
        "0.10": "P1 P4 P5",
        "0.20": "A1 A2 B1",
        "0.50": "S1b S2 P3 A7 A8 A10 A11a B8 B9 B10 B12 B13",
        "1.00": "S1a S5 P2 A3 A4 A5 A6 A9 A11b A13 A14 B2 B3 B4 B5 B6 B7 B11 B15 B16",
        "5.00": "S3a A12 B14",
        "7.00": "S4",
        "10.00": "S3b",
    }
    expected = {code: Decimal(price) for price, codes in printed.items() for code in codes.split()}
    versions = RuleVersion.objects.filter(rule__campaign=season)
    assert dict(versions.values_list("rule__code", "points")) == expected
    assert set(versions.values_list("valid_from", "number")) == {(date(2009, 9, 1), 1)}


def test_price_of_every_line_stands_in_its_own_text(season):
    """扣0.5分 and 扣1分 are written so; the text of a split clause holds both amounts."""
    for version in RuleVersion.objects.filter(rule__campaign=season).select_related("rule"):
        amounts = {Decimal(text) for text in re.findall(r"(\d+(?:\.\d+)?)\s*分", version.text)}
        assert version.points in amounts, version.rule.code


def test_twelve_families_are_twins_of_both_blocks(season):
    families = {}
    for family, block in Rule.objects.filter(campaign=season, block__isnull=False).values_list("family", "block__code"):
        families.setdefault(family, set()).add(block)
    twins = [family for family, blocks in families.items() if blocks == {"A", "B"}]
    assert " ".join(twins) == "A1B1 A3B2 A4B3 A5B5 A6B6 A7B9 A8B10 A9B11 A10B12 A12B14 A13B15 A14B16"


def test_only_three_lines_exclude_each_other(season):
    grouped = Rule.objects.filter(campaign=season).exclude(exclusive_group="")
    assert list(grouped.values_list("code", flat=True)) == ["S3a", "S3b", "S4"]
    assert len(set(grouped.values_list("exclusive_group", flat=True))) == 1


def test_dates_are_those_of_the_notice(season):
    assert (season.starts_on, season.ends_on) == (date(2009, 10, 11), date(2010, 1, 20))
    assert (season.facts_from, season.facts_until) == (date(2009, 9, 1), date(2010, 1, 31))
    assert list(Phase.objects.filter(campaign=season).values_list("number", "starts_on", "ends_on")) == [
        (1, date(2009, 10, 11), date(2009, 10, 31)),
        (2, date(2009, 10, 21), date(2009, 10, 31)),
        (3, date(2009, 11, 1), date(2009, 12, 22)),
        (4, date(2009, 12, 21), date(2009, 12, 31)),
    ]
    due = dict(Milestone.objects.filter(campaign=season).values_list("code", "due_on"))
    assert due["plan-ecopy"] == due["plan-paper"] == date(2009, 11, 6)
    assert due["mobilisation"] == date(2009, 11, 10)
    assert season.working_months == ["2009-11", "2009-12"]


def test_private_mail_address_of_the_notice_is_not_carried():
    for path in (ROOT / "fixtures").rglob("*.toml"):
        assert "@" not in path.read_text("utf-8")


def test_invented_season_stands_beside_the_real_one_with_its_own_figures(other_season):
    assert list(Category.objects.filter(campaign=other_season).values_list("full", flat=True)) == [
        Decimal("12.50"),
        Decimal("17.50"),
        70,
    ]
    assert Department.objects.filter(campaign=other_season).count() == 8
    assert Rule.objects.filter(campaign=other_season).count() == 17


# --- loading


@pytest.mark.parametrize("name", ["season2009", "invented"])
def test_load_season_twice_changes_nothing(db, name):
    entries = AuditEntry.objects.count()
    load = load_season(name)
    assert (load.differences, load.written) == ([], True)
    assert AuditEntry.objects.count() == entries


def test_load_season_into_an_empty_database_makes_everything(db, folder):
    folder("invented/campaign.toml", 'slug = "2031"', 'slug = "2032"')
    load = load_season("invented")
    assert load.written
    assert load.campaign.departments.count() == 8
    assert Tally.objects.filter(campaign=load.campaign).count() == 24
    assert load_season("invented").differences == []
    entry = AuditEntry.objects.get(act="season.load", campaign_id=load.campaign.pk)
    assert (entry.by_id, entry.after) == (None, {"folder": "invented"})


def test_load_season_writes_what_was_edited_before_the_first_deduction(season, folder):
    folder("season2009/rulebook.toml", 'points = "7.00"', 'points = "6.50"')
    folder("season2009/departments.toml", 'name = "工会"', 'name = "工 会"')
    load = load_season("season2009")
    assert load.differences == [
        "+ Department 工 会",
        "- Department 工会",
        "~ RuleVersion S4 1 points: 7.00 -> 6.50",
    ]
    assert RuleVersion.objects.get(rule__campaign=season, rule__code="S4").points == Decimal("6.50")
    assert Department.objects.filter(campaign=season, name="工会").exists()  # reported, never deleted
    assert Tally.objects.filter(campaign=season, department__name="工 会").count() == 3


def test_load_season_keeps_a_telephone_no_file_names_and_takes_one_it_names(season, folder):
    Department.objects.filter(campaign=season, name__in=("工会", "团委")).update(telephone="2381")
    folder("season2009/departments.toml", 'name = "团委"', 'name = "团委"\ntelephone = 2400')
    loaded = load_season("season2009")
    assert loaded.differences == ["~ Department 团委 telephone: '2381' -> '2400'"]
    given = Department.objects.filter(campaign=season).exclude(telephone="")
    assert dict(given.values_list("name", "telephone")) == {"工会": "2381", "团委": "2400"}


def test_load_season_with_deductions_reports_and_changes_nothing(season, folder):
    make_deduction(season, "S4", by=make_actor(season, Role.ASSESSOR))
    folder("season2009/rulebook.toml", 'points = "7.00"', 'points = "6.50"')
    folder("season2009/campaign.toml", "assignment_days = 7", "assignment_days = 8")
    folder("season2009/departments.toml", 'name = "工会"', 'name = "工 会"')
    before = AuditEntry.objects.count()

    load = load_season("season2009")

    assert not load.written
    assert load.differences == [
        "~ Campaign 2009 assignment_days: 7 -> 8",
        "+ Department 工 会",
        "- Department 工会",
        "~ RuleVersion S4 1 points: 7.00 -> 6.50",
    ]
    assert RuleVersion.objects.get(rule__campaign=season, rule__code="S4").points == 7
    assert Campaign.objects.get(slug="2009").assignment_days == 7
    assert not Department.objects.filter(name="工 会").exists()
    assert AuditEntry.objects.count() == before


def test_load_season_that_nothing_rests_on_is_written_though_another_is_in_use(season, other_season, folder):
    make_deduction(season, "S4", by=make_actor(season, Role.ASSESSOR))
    folder("invented/rulebook.toml", 'points = "6.00"', 'points = "6.25"')
    assert load_season("invented").written
    assert RuleVersion.objects.get(rule__campaign=other_season, rule__code="M1a").points == Decimal("6.25")


def test_load_season_with_a_rule_of_an_unknown_block_is_refused(season, folder):
    folder("season2009/rulebook.toml", 'code = "A1"\nblock = "A"', 'code = "A1"\nblock = "C"')
    with pytest.raises(ValueError, match="C"):
        load_season("season2009")
    assert Rule.objects.get(campaign=season, code="A1").block.code == "A"


def test_load_season_runs_without_anybody_listening(db, monkeypatch):
    """Campaigns knows nothing of points: with its registries empty it loads its own part."""
    monkeypatch.setattr(hooks, "season_parts", [])
    assert load_season("season2009").differences == []


def test_load_season_command_says_what_it_did(season, folder, capsys):
    call_command("load_season", "season2009")
    assert len(capsys.readouterr().out.splitlines()) == 1
    folder("season2009/rulebook.toml", 'points = "7.00"', 'points = "6.50"')
    call_command("load_season", "season2009")
    assert "RuleVersion S4 1 points: 7.00 -> 6.50" in capsys.readouterr().out


def test_load_season_command_names_a_season_that_is_not_there(db):
    with pytest.raises(CommandError, match="nowhere"):
        call_command("load_season", "nowhere")


def test_load_season_command_refuses_a_file_that_cannot_be_read(season, folder):
    folder("season2009/rulebook.toml", "[[categories]]", "[[categories]")
    with pytest.raises(CommandError):
        call_command("load_season", "season2009")


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('basis = "absolute"', 'basis = "other"', "basis"),
        ('exempt = ["external"]', 'exempt = ["extern"]', "A8"),
    ],
)
def test_load_season_refuses_what_is_not_computed_or_not_known(season, folder, old, new, named):
    folder("season2009/rulebook.toml", old, new)
    with pytest.raises(CommandError, match=f"rulebook.toml, {named}"):
        call_command("load_season", "season2009")


def test_load_season_takes_the_best_case_as_full_mark(season, folder):
    folder("season2009/rulebook.toml", 'basis = "absolute"', 'basis = "best_is_full"')
    call_command("load_season", "season2009")
    assert Rulebook.objects.get(campaign=season).basis == "best_is_full"


def test_rulebook_of_the_season_carries_remarks_flaws_and_what_is_unpriced(season):
    book = Rulebook.objects.get(campaign=season)
    assert book.basis == "absolute"
    for part in (book.remarks, book.flaws, book.unpriced, book.contents, book.methods, book.appendix):
        assert part
    assert len(season.principles) == 4


# --- nothing of it stands in code

# These tell the demonstration's story or write the sheets whose words the issue fixes.
STORIES = ("scoring/services/demo",)
RULE_CODE = re.compile(r"^(S[1-5][ab]?|P[1-5]|[AB]\d{1,2}[ab]?)$")


def words_of_the_scheme():
    """Return department names and aliases, document number, college, people and days, as the files have them."""
    data = read_season("season2009")
    words = {data["campaign"]["document_number"], data["campaign"]["college"], data["campaign"]["theme"]}
    for row in data["departments"]["departments"]:
        words |= {row["name"], *row.get("aliases", [])}
    for row in data["campaign"]["roster"]:
        words |= set(row["names"])
    for row in data["rulebook"]["rules"]:
        words |= {row["text"], row["label"]}
    return words


def literals(source):
    """Yield the string constants of a module that are neither docstrings nor the example in a sheet's column."""
    tree = ast.parse(source)
    examples = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "example"}
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings | examples:
            yield node.value


def sources(*, suffixes):
    for folder in ("qualityseason", "campaigns", "scoring", "templates", "static"):
        for path in sorted((ROOT / folder).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.suffix in suffixes and not name.startswith(STORIES) and "migrations" not in path.parts:
                yield name, path.read_text("utf-8")


def test_no_word_of_the_scheme_stands_in_code_or_template():
    words = words_of_the_scheme()
    found = []
    for name, text in sources(suffixes={".py"}):
        said = "\n".join(literals(text))
        found += [f"{name}: {word}" for word in words if word in said]
    for name, text in sources(suffixes={".html", ".txt", ".js", ".css", ".svg"}):
        found += [f"{name}: {word}" for word in words if word in text]
    assert found == []


def test_no_rule_is_looked_up_by_its_code():
    codes = {row["code"] for row in read_season("season2009")["rulebook"]["rules"]}
    found = [
        f"{name}: {text}"
        for name, source in sources(suffixes={".py"})
        for text in literals(source)
        if text in codes and (RULE_CODE.match(text) and not is_paper_or_cell(text, source))
    ]
    assert found == []


def is_paper_or_cell(text, source):
    """Whether the word is a cell of a sheet ("A1") in a module that writes sheets."""
    return text in ("A1", "A2", "B1", "B2") and "openpyxl" in source


def test_no_day_of_the_scheme_stands_in_code():
    """No year of it as a number, no day or month of it as a text of its own; a sentence may say how one is written."""
    found = []
    for name, source in sources(suffixes={".py"}):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Constant) and node.value in (2009, 2010) and not isinstance(node.value, bool):
                found.append(f"{name}:{node.lineno}")
        found += [f"{name}: {text}" for text in literals(source) if re.fullmatch(r"20(09|10)[-./年][\d./月日-]+", text)]
    assert found == []


def test_files_of_both_seasons_have_the_same_shape():
    """What one file may say the other may too: the invented season is no special case."""
    for part in ("campaign", "departments", "rulebook"):
        keys = [
            set(tomllib.loads((ROOT / "fixtures" / name / f"{part}.toml").read_text("utf-8")))
            for name in ("season2009", "invented")
        ]
        assert keys[1] <= keys[0]
