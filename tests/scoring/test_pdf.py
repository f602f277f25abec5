import re
from datetime import date

import pytest
from pypdf import PdfReader

from campaigns.enums import Role
from qualityseason.errors import Refused
from qualityseason.exports import paper
from qualityseason.exports.paper import load_paper
from qualityseason.pdf_libraries import ONLY_SLOWER, missing_packages
from scoring.exports import pdf
from scoring.jobs.exports import write_export
from tests.factories import NOON, make_actor, make_deduction

LACKING = sorted(set(missing_packages()) - ONLY_SLOWER)
pytestmark = pytest.mark.skipif(bool(LACKING), reason=f"the system lacks {LACKING}")

ROW = re.compile(r"^(\d+) (\S+) ([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+)$", re.MULTILINE)


@pytest.fixture
def charge(season):
    assessor, lead = make_actor(season, Role.ASSESSOR), make_actor(season, Role.TEAM_LEAD)

    def make(code, charged, *, confirmed=True, **values):
        return make_deduction(
            season, code, charged=charged, by=assessor, confirmed_by=lead if confirmed else None, **values
        )

    return make


@pytest.fixture
def pages(season, tmp_path):
    """Return the text of each page."""

    def make(*, campaign=None, as_of=None):
        path = tmp_path / "ranking.pdf"
        write_export(campaign or season, path, format="pdf", as_of=as_of, actor=None, at=NOON)
        return [page.extract_text() for page in PdfReader(path).pages]

    return make


def test_paper_lists_every_department_with_rank_and_scores(charge, pages):
    charge("S3b", "图书馆")
    charge("S1a", "图书馆")
    charge("P1", "工会", quantity=3)
    charge("P1", "团委", quantity=3)

    block_a, block_b = pages()

    listed = ROW.findall(block_a)
    assert len(listed) == 14
    assert listed[0] == ("1", "监察审计室", "10.00", "20.00", "70.00", "100.00")
    assert listed[-2:] == [
        ("13", "工会", "10.00", "19.70", "70.00", "99.70"),
        ("13", "团委", "10.00", "19.70", "70.00", "99.70"),
    ]
    assert ROW.findall(block_b)[-1] == ("10", "图书馆", "0.00", "20.00", "70.00", "90.00")
    assert len(ROW.findall(block_b)) == 10


def test_paper_has_heading_page_numbers_and_columns(pages):
    block_a, block_b = pages()
    assert "郴州职业技术学院" in block_a
    assert "“质量管理季”活动" in block_a
    assert "2009-12-28 12:00" in block_a
    for word in ("名次", "部门", "学习讨论", "活动方案", "执行效果", "总分"):
        assert word in block_a
        assert word in block_b
    assert block_a.rstrip().endswith("— 1 —")
    assert block_b.rstrip().endswith("— 2 —")


def test_paper_as_of_a_day_counts_facts_up_to_it(charge, pages):
    charge("P1", "图书馆", quantity=2, happened_on=date(2009, 11, 10))
    charge("P2", "图书馆", happened_on=date(2009, 11, 11))
    first, second = pages(as_of=date(2009, 11, 10))
    assert "2009-11-10" in first
    assert ROW.findall(second)[-1] == ("10", "图书馆", "10.00", "19.80", "70.00", "99.80")


def test_paper_mentions_what_awaits_confirmation_without_counting_it(charge, pages):
    charge("P1", "工会", quantity=3, confirmed=False)
    block_a, _block_b = pages()
    assert {row[5] for row in ROW.findall(block_a)} == {"100.00"}
    assert "0.30" in block_a


def test_paper_of_another_season_has_a_page_for_each_block(other_season, pages):
    texts = pages(campaign=other_season)
    assert len(texts) == 3
    assert ROW.findall(texts[2]) == [
        ("1", "灯塔馆", "12.50", "17.50", "70.00", "100.00"),
        ("1", "温室园", "12.50", "17.50", "70.00", "100.00"),
    ]


def test_paper_embeds_two_chinese_faces(season, pages, tmp_path):
    pages()
    fonts = set()
    for page in PdfReader(tmp_path / "ranking.pdf").pages:
        for font in page["/Resources"]["/Font"].values():
            descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)
            fonts.add(str(font.get_object()["/BaseFont"]).partition("+")[2])
    assert len(fonts) == 2


def test_department_names_are_text_not_mark_up(season, pages):
    from campaigns.models import Department

    Department.objects.filter(campaign=season, name="图书馆").update(name="<b>&馆</b>")
    assert "<b>&馆</b>" in pages()[1]


def test_paper_says_in_words_what_the_system_lacks(monkeypatch):
    monkeypatch.setenv("PATH", "")  # fontconfig cannot be asked, as where it is not installed
    missing_packages.cache_clear()
    try:
        with pytest.raises(Refused) as refusal:
            load_paper(pdf.STYLESHEET)
    finally:
        missing_packages.cache_clear()
    assert "fonts-noto-cjk" in str(refusal.value.sentence)


def test_paper_fetches_nothing():
    with pytest.raises(ValueError, match="fetches nothing"):
        paper._fetch_nothing("http://127.0.0.1/")


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/hostname",
        "http://127.0.0.1:9/x.png",
        "data:text/html,x",
        "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/hostname'/></svg>",
        "data:image/png;base64,broken",
    ],
)
def test_page_with_an_address_is_printed_without_it(address, tmp_path):
    style = f'<style>@import url("{address}"); p {{ background: url("{address}") }}</style>'
    attached = f'<link rel="attachment" href="{address}"><object data="{address}"></object>'
    page = f'<html><head>{style}{attached}</head><body><p>正文<img src="{address}"></p></body></html>'
    assert load_paper(pdf.STYLESHEET).print(page, tmp_path / "page.pdf") == 1
    made = PdfReader(tmp_path / "page.pdf")
    assert (dict(made.attachments), [image.name for image in made.pages[0].images]) == ({}, [])
