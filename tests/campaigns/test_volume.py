"""The compiled volume read back: pages, contents, outline, appended files. Made from values, without a database."""

import hashlib
import io
import re
import resource
import zlib
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.utils import translation
from docx import Document
from pypdf import PdfReader, PdfWriter
from pypdf.actions import JavaScript
from pypdf.annotations import FreeText
from pypdf.generic import NameObject, NumberObject

from campaigns.exports.appendices import MAXIMUM_PAGES, prepare_appendix
from campaigns.exports.volume import Source, VolumeMaker
from campaigns.facts.plans import FileContent, PlanContent
from campaigns.queries.volume_values import VolumeEntry, VolumeFacts
from qualityseason.exports.paper import load_paper
from tests.campaigns.contest_working import make_content

PDF, JPEG = "application/pdf", "image/jpeg"
COLLEGE, SEASON = "郴州职业技术学院", "“质量管理季”活动"
PLAIN = "@page :left{@bottom-left{content:none}} @page :right{@bottom-right{content:none}}"
LONG = "严格执行各项管理制度，落实岗位职责，主动服务师生。" * 12


def squeezed(text):
    return re.sub(r"\s+", "", text)


def pdf_of(*pages, style="") -> bytes:
    """Return a PDF with one page for each text."""
    inner = "".join(f'<section class="new-page"><p>{text}</p></section>' for text in pages)
    html = f'<html lang="zh-CN"><head><style>{PLAIN}{style}</style></head><body>{inner}</body></html>'
    with io.BytesIO() as made:
        load_paper("campaigns/paper.css").print(html, made)
        return made.getvalue()


def rewritten(content: bytes, change) -> bytes:
    """Return the PDF after `change` was done to its writer."""
    writer = PdfWriter(clone_from=io.BytesIO(content))
    change(writer)
    with io.BytesIO() as made:
        writer.write(made)
        return made.getvalue()


def word_of(*paragraphs) -> bytes:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    with io.BytesIO() as made:
        document.save(made)
        return made.getvalue()


@dataclass
class Shelf:
    """Plans and files in a folder, and the volume made of them."""

    folder: Path

    def keep(self, content: bytes, name: str, media_type: str = PDF) -> FileContent:
        sha256 = hashlib.sha256(content).hexdigest()
        (self.folder / sha256).write_bytes(content)
        return FileContent(uuid="f", name=name, sha256=sha256, media_type=media_type)

    def make(self, plans: dict[tuple[str, str], PlanContent], missing=(), progress=lambda done, total: None) -> list:
        listed = tuple(
            VolumeEntry(block, name, content.title, UUID(int=number), str(number))
            for number, ((block, name), content) in enumerate(plans.items())
        )
        said = dict(zip(listed, plans.values(), strict=True))
        facts = VolumeFacts(COLLEGE, SEASON, "郴职院党字[2009]32号", listed, missing)
        source = Source(said.__getitem__, lambda sha256: self.folder / sha256)
        with translation.override(settings.LANGUAGE_CODE):
            maker = VolumeMaker(facts, source, self.folder, day="2009年12月28日")
            maker.make(self.folder / "volume.pdf", progress)
        self.reader = PdfReader(self.folder / "volume.pdf")
        self.pages = [squeezed(page.extract_text()) for page in self.reader.pages]
        return self.pages

    @property
    def contents(self) -> dict[str, int]:
        """What the contents print: text of the line → page number."""
        lines = "\n".join(page.extract_text() for page in self.reader.pages)
        return {name: int(number) for name, number in re.findall(r"^([^.\n]+?) *\.{3,} *(\d+)$", lines, re.MULTILINE)}


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path)


PLANS = {"监察审计室": "A", "教务处": "A", "图书馆": "B", "体育部": "B"}


@pytest.fixture(scope="module")
def volume(tmp_path_factory):
    """Four plans: a long one, one with three pages (and a picture) enclosed, a Word text, one after these."""
    shelf = Shelf(tmp_path_factory.mktemp("volume"))
    enclosed = shelf.keep(pdf_of("附页之甲", "附页之乙", "附页之丙"), "经费预算.pdf")
    picture = shelf.keep(b"\xff\xd8\xff", "现场照片.jpg", JPEG)
    word = shelf.keep(word_of("一、指导思想", "以服务读者为宗旨，" + LONG, "二、措施", LONG), "方案.docx")
    shelf.make(
        {
            ("A板块", "监察审计室"): make_content("监察审计室质量管理季方案", text="\n".join([LONG] * 4), items=4),
            ("A板块", "教务处"): make_content("教务处质量管理季方案", text=LONG, items=2, files=(enclosed, picture)),
            ("B板块", "图书馆"): make_content("图书馆质量管理季方案", items=0, word_sha256=word.sha256),
            ("B板块", "体育部"): make_content("体育部质量管理季方案", text=LONG),
        },
        missing=(("A板块", "工会"), ("A板块", "团委"), ("B板块", "实训中心")),
    )
    return shelf


def test_each_plan_stands_on_the_page_its_line_in_the_contents_names(volume):
    for department in PLANS:
        title = f"{department}质量管理季方案"
        standing = [number for number, text in enumerate(volume.pages, start=1) if title in text]
        in_contents, begins = standing  # nowhere else
        assert "....." in volume.pages[in_contents - 1]
        assert volume.contents[department] == begins
    assert sorted(volume.contents.values()) == list(volume.contents.values())
    assert len(volume.contents) == 5  # the last line is the list of missing departments


def test_every_page_but_the_cover_bears_its_place_as_its_number(volume):
    assert "—" not in volume.pages[0]
    for number, text in enumerate(volume.pages[1:], start=2):
        assert re.findall(r"—(\d+)—", text) == [str(number)]


def test_cover_names_college_season_and_day(volume):
    for words in (COLLEGE, SEASON, "郴职院党字[2009]32号", "2009年12月28日"):
        assert words in volume.pages[0]


def test_running_heads_name_college_and_department(volume):
    first, last = volume.contents["监察审计室"], volume.contents["教务处"] - 1
    assert last > first  # a long plan
    assert all(f"{COLLEGE}监察审计室" in text for text in volume.pages[first - 1 : last])
    assert all("图书馆" not in text for text in volume.pages[first - 1 : last])


def test_enclosed_pages_follow_their_plan_with_head_and_number(volume):
    places = [next(i for i, text in enumerate(volume.pages, 1) if f"附页之{name}" in text) for name in "甲乙丙"]
    assert places == list(range(places[0], places[0] + 3))
    assert volume.contents["教务处"] < places[0]
    assert volume.contents["图书馆"] == places[2] + 1
    for place in places:
        assert "教务处" in volume.pages[place - 1]
        assert "经费预算.pdf" in volume.pages[place - 1]


def test_all_pages_are_a4(volume):
    sizes = {(round(float(page.mediabox.width)), round(float(page.mediabox.height))) for page in volume.reader.pages}
    assert sizes == {(595, 842)}


def test_other_files_are_named_after_their_plan(volume):
    start = volume.contents["教务处"]
    text = "".join(volume.pages[start - 1 : volume.contents["图书馆"] - 1])
    assert re.search(r"经费预算\.pdf.+现场照片\.jpg", text)


def test_word_plan_is_typeset_from_its_text(volume):
    start = volume.contents["图书馆"]
    text = "".join(volume.pages[start - 1 : volume.contents["体育部"] - 1])
    assert "以服务读者为宗旨" in text
    assert "二、措施" in text


def test_missing_departments_are_listed_at_the_end_and_in_the_contents(volume):
    assert max(volume.contents.values()) == len(volume.pages)
    assert "工会、团委" in volume.pages[-1]
    assert "实训中心" in volume.pages[-1]
    assert "教务处" not in volume.pages[-1]


def test_outline_leads_to_the_plans_and_what_they_enclose(volume):
    found = {}

    def read(entries, depth=0):
        for entry in entries:
            if isinstance(entry, list):
                read(entry, depth + 1)
            else:
                found[entry.title] = (depth, volume.reader.get_destination_page_number(entry) + 1)

    read(volume.reader.outline)
    assert {name: found[name] for name in PLANS} == {name: (1, volume.contents[name]) for name in PLANS}
    assert found["A板块"] == (0, volume.contents["监察审计室"])
    depth, page = found["经费预算.pdf"]
    assert (depth, "附页之甲" in volume.pages[page - 1]) == (2, True)


def test_lines_of_the_contents_lead_to_their_pages(volume):
    contents = next(page for page in volume.reader.pages if "....." in page.extract_text())
    links = [reference.get_object() for reference in contents["/Annots"]]
    assert {int(link["/Dest"][0]) + 1 for link in links} == set(volume.contents.values())
    assert all("/A" not in link for link in links)


def test_contents_over_several_pages_still_name_the_right_ones(shelf):
    names = [f"部门{mark}" for mark in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"]
    title = "%s关于深入开展质量管理季活动切实提高管理水平和服务质量的实施方案"
    shelf.make({("A板块", name): make_content(title % name, items=0) for name in names})
    begins = {
        name: [number for number, text in enumerate(shelf.pages, 1) if title % name in text][-1] for name in names
    }
    assert shelf.contents == begins
    assert begins["部门甲"] > 3  # behind the cover and more than one page of contents


def test_progress_counts_the_plans(shelf):
    told = []
    plans = {("A板块", name): make_content(f"{name}方案", items=0) for name in ("工会", "团委")}
    shelf.make(plans, progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]


# --- files that cannot be appended, and pages of all kinds


def with_stamp(writer):
    """Put a stamp on the first page as an annotation, the way readers sign."""
    note = FreeText(text="stamp", rect=(100, 100, 300, 160), font_size="30pt")
    note[NameObject("/F")] = NumberObject(4)
    writer.add_annotation(page_number=0, annotation=note)
    writer.add_open_action(JavaScript("app.alert('x')"))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (lambda: rewritten(pdf_of("秘密"), lambda writer: writer.encrypt("secret")), "密码"),
        (lambda: rewritten(pdf_of("半密"), lambda writer: writer.encrypt("", "owner")), "密码"),
        (lambda: b"%PDF-1.7\nnot really", "损坏"),
        (lambda: pdf_of("短")[:300], "损坏"),
        (lambda: rewritten(pdf_of("长"), lambda w: [w.add_blank_page(9, 9) for _ in range(MAXIMUM_PAGES)]), "201"),
    ],
    ids=["password", "owner-password", "no-pdf", "cut", "long"],
)
def test_file_that_cannot_be_appended_is_named_and_the_volume_goes_on(shelf, content, reason):
    broken = shelf.keep(content(), "坏附件.pdf")
    pages = shelf.make({("B板块", "图书馆"): make_content("图书馆方案", items=0, files=(broken,))})
    assert len(pages) == 3
    prepared = prepare_appendix(broken, shelf.folder / broken.sha256, shelf.folder / "x.pdf")
    assert (prepared.path, prepared.pages) == (None, 0)
    assert prepared.reason != ""
    assert "坏附件.pdf" in pages[2]


def test_file_whose_content_is_gone_is_named(shelf):
    lost = FileContent(uuid="f", name="丢失.pdf", sha256="0" * 64, media_type=PDF)
    pages = shelf.make({("B板块", "图书馆"): make_content("图书馆方案", items=0, files=(lost,))})
    assert "丢失.pdf" in pages[2]
    assert len(pages) == 3


def test_lying_turned_and_shifted_pages_come_upright_inside_the_frame(shelf):
    def change(writer):
        first = writer.pages[0]
        first.rotate(90)
        first.cropbox.lower_left, first.cropbox.upper_right = (50, 60), (500, 700)

    turned = shelf.keep(rewritten(pdf_of("横排表格", "第二页", style="@page{size:A3 landscape}"), change), "大表.pdf")
    pages = shelf.make({("B板块", "图书馆"): make_content("图书馆方案", items=0, files=(turned,))})
    assert len(pages) == 5
    assert "/Rotate" not in shelf.reader.pages[3] or shelf.reader.pages[3]["/Rotate"] == 0
    assert all(round(float(page.mediabox.width)) == 595 for page in shelf.reader.pages)
    assert ("—4—" in pages[3], "—5—" in pages[4], "第二页" in pages[4]) == (True, True, True)


def test_live_things_of_an_enclosed_file_stay_behind(shelf):
    live = shelf.keep(rewritten(pdf_of("正文"), with_stamp), "活.pdf")
    shelf.make({("B板块", "图书馆"): make_content("图书馆方案", items=0, files=(live,))})
    assert "/Annots" not in shelf.reader.pages[3]
    assert "/AA" not in shelf.reader.pages[3]
    assert "JavaScript" not in str(shelf.reader.trailer["/Root"].get("/Names", ""))


def test_damaged_word_text_is_said_and_the_volume_goes_on(shelf):
    word = shelf.keep(b"PK\x03\x04 broken", "方案.docx")
    pages = shelf.make({("B板块", "图书馆"): make_content("图书馆方案", items=0, word_sha256=word.sha256)})
    assert "方案.docx" in pages[2]


def test_split_word_plan_is_typeset_from_its_items(shelf):
    word = shelf.keep(word_of("只在Word里的一句话"), "方案.docx")
    pages = shelf.make({("B板块", "图书馆"): make_content("图书馆方案", items=1, word_sha256=word.sha256)})
    assert "只在Word里的一句话" not in "".join(pages)
    assert "每周五下午检查阅览室" in "".join(pages)


def test_markup_in_a_plan_is_text(shelf):
    content = make_content("方案<script>x</script>&", text="<b>粗</b>", items=0)
    pages = shelf.make({("B板块", "图书馆"): content})
    assert "方案<script>x</script>&" in pages[2]
    assert "<b>粗</b>" in pages[2]


def test_file_that_unpacks_without_end_breaks_no_volume(tmp_path):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    blank = packer.compress(b" " * 10_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = b"\x78\xda" + blank * 250 + packer.flush()  # 2.5 GB
    head = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    page = b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<>>>>endobj\n"
    stream = b"4 0 obj<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream endobj\n" % (len(packed), packed)
    bomb = tmp_path / "bomb.pdf"
    bomb.write_bytes(head + page + stream + b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n9\n%%EOF\n")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    file = FileContent("u", "附件.pdf", "s", "application/pdf")
    prepared = prepare_appendix(file, bomb, tmp_path / "out.pdf")
    assert (prepared.path, prepared.pages, bool(prepared.reason)) == (None, 0, True)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024  # KiB
