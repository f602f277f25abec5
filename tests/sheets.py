"""Workbooks as people and programs leave them."""

import io
import re
import zipfile

from openpyxl import Workbook

DEDUCTION_HEADINGS = ("部门", "细则", "数量", "日期", "对象", "事由")
STAFF_HEADINGS = ("工号", "姓名", "类别", "部门", "任职开始", "任职结束")
ACCOUNT_HEADINGS = ("登录名", "姓名", "工号", "身份", "部门", "职能", "回避部门")


def make_workbook(*rows, headings=DEDUCTION_HEADINGS, title="Sheet1") -> Workbook:
    """Return a workbook with one sheet: headings and rows."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = title
    sheet.append(list(headings))
    for row in rows:
        sheet.append(list(row))
    return workbook


def file_of(workbook) -> io.BytesIO:
    """Return the workbook as a file."""
    file = io.BytesIO()
    workbook.save(file)
    file.seek(0)
    return file


def make_sheet(*rows, **options) -> io.BytesIO:
    """Return headings and rows as an .xlsx file."""
    return file_of(make_workbook(*rows, **options))


def rewrite(file, part, change) -> io.BytesIO:
    """Return the .xlsx with one part's bytes changed by `change`."""
    target = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == part else content)
    target.seek(0)
    return target


def with_rows(file, xml) -> io.BytesIO:
    """Return the .xlsx with raw rows put behind those of its first sheet."""
    return rewrite(file, "xl/worksheets/sheet1.xml", lambda old: old.replace(b"</sheetData>", xml + b"</sheetData>"))


def with_value_of_formula(file, value) -> io.BytesIO:
    """Return the .xlsx with `value` stored for its formulas, as WPS leaves it after calculating."""
    return rewrite(
        file,
        "xl/worksheets/sheet1.xml",
        lambda old: re.sub(rb"(</f>)<v\s*/>|(</f>)<v></v>", rb"</f><v>" + value + rb"</v>", old),
    )


NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def wps_sheet(*rows) -> io.BytesIO:
    """Return rows of text as WPS writes them: shared strings in runs, a stale dimension, no styles."""
    texts = [str(value) for row in rows for value in row]
    places = iter(range(len(texts)))
    lines = "".join(
        f'<row r="{number}" spans="1:9">'
        + "".join(f'<c r="{chr(65 + place)}{number}" t="s"><v>{next(places)}</v></c>' for place in range(len(row)))
        + "</row>"
        for number, row in enumerate(rows, start=1)
    )
    strings = "".join(
        f'<si><r><t>{text[:1]}</t></r><r><rPr><sz val="9"/></rPr><t xml:space="preserve">{text[1:]}</t></r></si>'
        for text in texts
    )
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{OFFICE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{OFFICE}.worksheet+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{OFFICE}.sharedStrings+xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{NAMESPACE}" xmlns:r="{RELATIONS}">'
        '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{NAMESPACE}"><dimension ref="A1"/>'
        f"<sheetData>{lines}</sheetData></worksheet>",
        "xl/sharedStrings.xml": f'<sst xmlns="{NAMESPACE}" count="{len(texts)}">{strings}</sst>',
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{content}')
    file.seek(0)
    return file
