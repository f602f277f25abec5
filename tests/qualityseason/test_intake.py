"""What an upload must be: every refusal with a real file, and nothing but a refusal from any bytes at all."""

import io
import zipfile
from contextlib import suppress

import pytest
from django.utils import translation
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile

from qualityseason.errors import Refused
from qualityseason.intake import judge, kinds
from qualityseason.intake.package import OLE
from qualityseason.intake.pictures import LONGEST_SIDE
from tests.campaigns.files_working import PDF, make_docx, make_picture, make_pptx, make_xlsx

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = "word/_rels/document.xml.rels"
DOCTYPE = '<?xml version="1.0"?><!DOCTYPE x><x/>'
BLANKS = b" " * (60 * 1024 * 1024)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def judged(content, name):
    return judge(io.BytesIO(content), name)


def refusal(content, name):
    with pytest.raises(Refused) as refused:
        judged(content, name)
    assert refused.value.field == "files"
    return refused.value


def code(content, name):
    return refusal(content, name).refusal_code


def with_relation(sort, target, *, mode="External"):
    """Return a Word file with one more relation of its main part."""
    line = f'<Relationship Id="x9" Type="{RELATIONS}/{sort}" Target="{target}" TargetMode="{mode}"/></Relationships>'
    return make_docx(change={RELS: lambda old: old.replace(b"</Relationships>", line.encode())})


def with_doctype(doctype, *, part="word/document.xml"):
    return make_docx(change={part: lambda old: old.replace(b"?>", b"?>" + doctype, 1)})


def lying(content, name, declared):
    """Return the archive with another unpacked size declared for a part."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        part = package.getinfo(name)
        real, place = part.file_size.to_bytes(4, "little"), part.header_offset
    told = declared.to_bytes(4, "little")
    header = content[place : place + 30].replace(real, told)
    rest = content[place + 30 :]
    directory = rest.rindex(name.encode()) - 46
    rest = rest[:directory] + rest[directory : directory + 46].replace(real, told) + rest[directory + 46 :]
    return content[:place] + header + rest


# --- taken


@pytest.mark.parametrize(
    ("content", "name", "media"),
    [
        (make_docx(), "方案.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (make_xlsx(), "名单.XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (make_pptx(), "汇报.pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
        (PDF, "扫描件.pdf", "application/pdf"),
        (PDF + b"\r\n\0\0", "扫描件．pdf", "application/pdf"),
        (make_picture(), "照片.jpeg", "image/jpeg"),
        (make_picture("PNG"), "截图.png", "image/png"),
    ],
)
def test_kinds_people_use_are_taken(content, name, media):
    found = judged(content, name)
    assert (found.name, found.media_type, found.file.tell()) == (name, media, 0)


def test_document_is_kept_as_it_was_sent():
    content = make_docx()
    assert judged(content, "a.docx").file.read() == content


def test_link_to_a_web_page_is_no_danger():
    judged(with_relation("hyperlink", "http://www.czzy.example/"), "a.docx")


def test_workbook_in_a_document_is_taken():
    judged(make_docx(extra={"word/embeddings/Sheet1.xlsx": make_xlsx()}), "a.docx")


# --- by size and name


def test_empty_file_is_refused():
    assert "0 bytes" in refusal(b"", "a.pdf").sentence


def test_file_over_the_limit_is_refused_whatever_of_it_has_arrived():
    with pytest.raises(Refused, match="larger than 20 MB"):
        judge(io.BytesIO(PDF), "a.pdf", size=kinds.MAXIMUM_SIZE + 1)
    judge(io.BytesIO(PDF), "a.pdf", size=kinds.MAXIMUM_SIZE)


@pytest.mark.parametrize(
    ("name", "newer"),
    [
        ("方案.doc", ".docx"),
        ("方案.wps", ".docx"),
        ("名单.xls", ".xlsx"),
        ("名单.et", ".xlsx"),
        ("汇报.ppt", ".pptx"),
        ("汇报.dps", ".pptx"),
        ("方案.ＤＯＣ", ".docx"),
    ],
)
def test_old_kinds_are_refused_with_the_way_through_the_menu(name, newer):
    found = refusal(OLE + bytes(600), name)
    assert found.refusal_code == "old_format"
    assert "choose File → Save as" in found.sentence
    assert f"the type {newer}" in found.sentence


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("IMG_0001.HEIC", "heic"),
        ("a.gif", "other_picture"),
        ("a.zip", "archive"),
        ("a.rar", "archive"),
        ("a.exe", "ending"),
        ("方案.docx.exe", "ending"),
        ("方案\u202excod.exe", "ending"),
        ("方案", "no_ending"),
        (".docx", "no_ending"),
        ("方案.", "no_ending"),
        ("方案.docm", "macros"),
        ("名单.xlsm", "macros"),
    ],
)
def test_other_endings_are_refused_each_with_its_remedy(name, expected):
    assert code(b"x", name) == expected


@pytest.mark.parametrize("name", ["../../a.pdf", "a\x00.pdf", "a\u202efdp.pdf", "甲" * 300 + ".pdf", "a b\n.pdf"])
def test_odd_name_alone_is_no_reason_to_refuse(name):
    judged(PDF, name)


def test_browser_refuses_by_the_same_words():
    told = kinds.advice()
    assert told["sentences"]["old_format"].replace("{ending}", "doc").replace("{newer}", ".docx") == str(
        refusal(b"x", "a.doc").sentence
    )
    assert set(told["codes"].values()) <= set(told["sentences"])
    assert (told["codes"]["heic"], told["newer"]["et"]) == ("heic", ".xlsx")


def test_browser_is_told_of_no_way_out_that_is_closed_here():
    told = kinds.advice(("docx", "xlsx"))
    assert told["taken"] == ["docx", "xlsx"]
    assert (told["codes"]["wps"], told["codes"]["xlsm"]) == ("old_format", "macros")
    assert {"ppt", "heic", "gif", "zip"}.isdisjoint(told["codes"])
    for code in ("ending", "no_ending"):
        assert ".docx" in told["sentences"][code]
        assert ".pptx" not in told["sentences"][code]


# --- by what is inside


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"MZ" + bytes(3000), "方案.docx"),
        (b"MZ" + bytes(3000), "扫描.pdf"),
        (b"MZ" + bytes(3000), "照片.jpg"),
        (make_xlsx(), "方案.docx"),
        (make_docx(), "汇报.pptx"),
        (b"<html>%%EOF</html>", "a.pdf"),
        (b"GIF89a" + bytes(100), "a.png"),
        (b"RIFF\x10\x00\x00\x00WEBP" + bytes(100), "a.jpg"),
        (make_picture(), "a.docx"),
    ],
)
def test_content_that_is_not_what_the_ending_says_is_refused(content, name):
    assert code(content, name) == "mismatch"


def test_zip_that_is_no_office_file_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("word/document.xml", "<x/>")
    assert code(file.getvalue(), "a.docx") == "mismatch"


def test_old_kind_under_the_new_ending_is_told_apart():
    found = refusal(OLE + bytes(600), "方案.docx")
    assert (found.refusal_code, "the type .docx" in found.sentence) == ("old_inside", True)


def test_picture_of_an_iphone_under_another_ending_is_told_apart():
    assert code(b"\x00\x00\x00\x18ftypheic" + bytes(100), "IMG_0001.jpg") == "heic"


@pytest.mark.parametrize("name", ["方案.docx", "名单.xlsx", "汇报.pptx"])
def test_file_with_a_password_is_refused(name):
    content = OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(500)
    assert "Remove the password" in refusal(content, name).sentence


def test_archive_with_encrypted_parts_is_refused():
    content = bytearray(make_docx())
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1
    assert code(bytes(content), "a.docx") == "encrypted"


@pytest.mark.parametrize("entry", [b"/Encrypt 9 0 R", b"/Encrypt<</V 2>>"])
def test_pdf_with_a_password_is_refused(entry):
    assert code(PDF.replace(b"/Root", entry + b"/Root"), "a.pdf") == "encrypted"


@pytest.mark.parametrize(
    "content",
    [
        make_docx(extra={"word/vbaProject.bin": b"macro"}),
        make_docx(extra={"word/VBAPROJECT.BIN": b"macro"}),
        make_docx(
            change={"[Content_Types].xml": lambda old: old.replace(b"document.main+xml", b"document.macroEnabled")}
        ),
        with_relation("vbaProject", "innocent.bin", mode="Internal"),
        make_docx(extra={"word/embeddings/Sheet1.xlsx": make_xlsx(extra={"xl/vbaProject.bin": b"macro"})}),
    ],
)
def test_macros_are_refused_wherever_they_hide(content):
    found = refusal(content, "a.docx")
    assert (found.refusal_code, ".docx without macros" in found.sentence) == ("macros", True)


@pytest.mark.parametrize(
    ("sort", "target", "expected"),
    [
        ("attachedTemplate", "http://evil.example/a.dotm", "template"),
        ("oleObject", "file://server/share/a.xls", "external"),
        ("frame", "http://evil.example/", "external"),
        ("image", "http://evil.example/pixel.png", "external"),
        ("subDocument", "http://evil.example/b.docx", "external"),
    ],
)
def test_what_is_fetched_from_elsewhere_is_refused_and_named(sort, target, expected):
    found = refusal(with_relation(sort, target), "a.docx")
    assert found.refusal_code == expected
    assert target in found.sentence


# --- bombs and entities


def test_part_that_unpacks_too_large_is_refused():
    content = make_docx(extra={"word/media/image1.bmp": BLANKS})
    assert len(content) < 200_000
    assert code(content, "a.docx") == "bomb"


@pytest.mark.parametrize(("part", "size"), [("word/document.xml", 17), ("[Content_Types].xml", 3), (RELS, 3)])
def test_part_that_is_read_whole_may_be_less_large(part, size):
    content = make_docx(change={part: lambda old: old + BLANKS[: size * 1024 * 1024]})
    assert code(content, "a.docx") == "bomb"


def test_many_parts_that_unpack_too_large_together_are_refused():
    part = BLANKS[: 9 * 1024 * 1024]
    assert code(make_docx(extra={f"word/media/{n}.bin": part for n in range(4)}), "a.docx") == "bomb"


def test_too_many_parts_are_refused():
    assert code(make_docx(extra={f"word/media/{n}.bin": b"" for n in range(4001)}), "a.docx") == "bomb"


def test_package_in_a_package_counts_towards_the_whole():
    inner = make_xlsx(extra={"xl/media/a.bin": BLANKS})
    assert code(make_docx(extra={"word/embeddings/a.xlsx": inner}), "a.docx") == "bomb"


def test_packages_within_packages_end_somewhere():
    content = make_docx()
    for _depth in range(2):
        content = make_docx(extra={"word/embeddings/a.docx": content})
    judged(content, "a.docx")
    assert code(make_docx(extra={"word/embeddings/a.docx": content}), "a.docx") == "bomb"


def test_part_that_declares_less_than_it_unpacks_to_is_refused():
    content = make_docx(extra={"word/media/image1.bmp": bytes(3_000_000)})
    assert code(lying(content, "word/media/image1.bmp", 1000), "a.docx") == "damaged"


@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "_rels/.rels", "[Content_Types].xml"])
def test_entities_are_refused_in_any_part(part, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret")
    doctype = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>'.encode()
    assert code(with_doctype(doctype, part=part), "a.docx") == "hostile"


@pytest.mark.parametrize(
    "content",
    [
        with_doctype(b"<!--" + b"x" * 3_000_000 + b"--><!DOCTYPE x>"),
        make_docx(change={"word/document.xml": lambda old: '<?xml version="1.0"?><!DOCTYPE x><x/>'.encode("utf-16")}),
        make_docx(
            change={"word/document.xml": lambda old: '<?xml version="1.0"?><!DOCTYPE x><x/>'.encode("utf-16-be")}
        ),
        make_docx(change={"word/document.xml": lambda old: b'<?xml version="1.0" encoding="UTF-7"?><x/>'}),
        make_docx(change={"word/document.xml": lambda old: "<?xml version='1.0'?><x/>".encode("cp037")}),
        make_docx(extra={"word/other.dat": b"<?xml version='1.0'?>\n<!DOCTYPE x><x/>"}),
        make_docx(extra={"word/other.dat": b" " * 500 + b"<!DOCTYPE x><x/>"}),
        make_docx(extra={"word/other.dat": b"\n" * 1_100_000 + b"<!DOCTYPE x><x/>"}),
        make_docx(extra={"word/../../etc/cron.d/x": b"x"}),
    ],
    ids=[
        *("behind a long comment", "UTF-16", "UTF-16 unmarked", "UTF-7", "EBCDIC", "no .xml"),
        *("behind blanks", "behind a megabyte of blanks", "a way out"),
    ],
)
def test_entities_are_found_however_they_are_hidden(content):
    assert code(content, "a.docx") == "hostile"


# --- torn and damaged


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (make_docx("字" * 3000), "a.docx"),
        (make_xlsx(), "a.xlsx"),
        (PDF, "a.pdf"),
        (make_picture(size=(300, 200)), "a.jpg"),
        (make_picture("PNG", size=(300, 200)), "a.png"),
    ],
)
def test_upload_cut_at_73_percent_is_told_to_be_sent_again(content, name):
    found = refusal(content[: len(content) * 73 // 100], name)
    assert found.refusal_code == "incomplete"
    assert "Send it again" in found.sentence


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_torn_picture_is_refused_after_something_was_printed_too(form, monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint leaves it
    content = make_picture(form, size=(300, 200))
    assert code(content[: len(content) * 73 // 100], "a.jpg" if form == "JPEG" else "a.png") == "incomplete"
    assert ImageFile.LOAD_TRUNCATED_IMAGES is True


def test_wrong_checksum_is_damage():
    content = bytearray(make_docx(extra={"word/media/a.bin": b"payload" * 50}))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as package:
        place = package.getinfo("word/media/a.bin").header_offset
    content[place + 14] ^= 0xFF  # of the local header, which is not asked
    directory = bytes(content).rindex(b"word/media/a.bin") - 46
    content[directory + 16] ^= 0xFF
    assert code(bytes(content), "a.docx") == "damaged"


# --- pictures


def test_picture_of_thirty_thousand_squared_is_refused_before_it_is_decoded():
    file = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(file, "PNG")
    found = refusal(file.getvalue(), "a.png")
    assert (found.refusal_code, "50 million points" in found.sentence) == ("picture_size", True)


def test_picture_just_over_the_limit_is_refused():
    file = io.BytesIO()
    Image.new("1", (8_000, 6_251)).save(file, "PNG")
    assert code(file.getvalue(), "a.png") == "picture_size"


def test_picture_is_written_anew_without_place_and_device_and_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright
    exif[0x010F] = "Camera of somebody"
    exif.get_ifd(0x8825)[2] = (25.0, 48.0, 12.0)
    content = make_picture(size=(40, 30), exif=exif, comment=b"secret place")
    found = judged(content, "a.jpg").file.read()
    with Image.open(io.BytesIO(found)) as picture:
        assert picture.size == (30, 40)
        assert dict(picture.getexif()) == {}
        assert picture.info.get("comment") is None
    assert b"Camera of somebody" not in found
    assert b"secret place" not in found


def test_large_picture_is_made_smaller_in_proportion():
    with Image.open(judged(make_picture(size=(6000, 3000)), "a.jpg").file) as picture:
        assert picture.size == (LONGEST_SIDE, LONGEST_SIDE // 2)


@pytest.mark.parametrize(
    ("mode", "color"), [("P", 3), ("LA", (9, 99)), ("RGBA", (1, 2, 3, 4)), ("I;16", 500), ("1", 1)]
)
def test_png_of_any_mode_is_taken(mode, color):
    file = io.BytesIO()
    Image.new(mode, (8, 8), color).save(file, "PNG")
    assert judged(file.getvalue(), "a.png").media_type == "image/png"


def test_jpeg_in_printing_colours_becomes_one_for_the_screen():
    found = judged(make_picture(mode="CMYK", color=(1, 2, 3, 4)), "a.jpg")
    with Image.open(found.file) as picture:
        assert picture.mode == "RGB"


def test_png_under_the_ending_jpg_gets_its_true_name():
    found = judged(make_picture("PNG"), "照片.jpg")
    assert (found.name, found.media_type) == ("照片.png", "image/png")


# --- any bytes at all

SAMPLES = {
    "a.docx": make_docx(),
    "a.xlsx": make_xlsx(),
    "a.pptx": make_pptx(),
    "a.pdf": PDF,
    "a.jpg": make_picture(),
    "a.png": make_picture("PNG"),
}


@pytest.mark.parametrize("name", sorted(SAMPLES))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_mutated_file_is_taken_or_refused_and_nothing_else(name, data):
    content = bytearray(SAMPLES[name])
    for _change in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(content) - 1))
        piece = data.draw(st.binary(max_size=12))
        content[place : place + len(piece)] = piece
    cut = data.draw(st.one_of(st.none(), st.integers(1, len(content))))
    with suppress(Refused):
        judged(bytes(content[:cut]), name)


@settings(max_examples=100, deadline=None)
@given(content=st.binary(max_size=200), name=st.text(max_size=30))
@example(content=b"PK\x03\x04PK\x05\x06", name="a.docx")
@example(content=b"%PDF-startxref 1 %%EOF", name="a.pdf")
def test_any_bytes_under_any_name_are_taken_or_refused(content, name):
    for shown in (name, f"{name}.docx", f"{name}.png"):
        with suppress(Refused):
            judged(content, shown)
