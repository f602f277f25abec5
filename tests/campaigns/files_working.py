"""Files as people make them, and records to attach them to."""

import io
import uuid
import zipfile

import docx
import openpyxl
from PIL import Image

from campaigns.models import StudySession
from qualityseason.services.uploads import take_upload
from tests.factories import NOON, department

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\nxref\n0 4\n0000000000 65535 f \n"
    b"0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \n"
    b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n%%EOF\n"
)


def make_docx(text="方案", *, change=None, extra=None) -> bytes:
    """Return a Word file; `change` maps a part's name to a function of its bytes, `extra` adds parts."""
    file = io.BytesIO()
    document = docx.Document()
    document.add_paragraph(text)
    document.save(file)
    return rezip(file.getvalue(), change=change, extra=extra)


def make_xlsx(*, change=None, extra=None) -> bytes:
    """Return a workbook of one cell."""
    file = io.BytesIO()
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = "图书馆"
    workbook.save(file)
    return rezip(file.getvalue(), change=change, extra=extra)


def make_pptx(*, extra=None) -> bytes:
    """Return the least that is a presentation."""
    parts = {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Override PartName="/ppt/presentation.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            'presentationml.presentation.main+xml"/></Types>'
        ),
        "_rels/.rels": (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
            'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
            'Target="ppt/presentation.xml"/></Relationships>'
        ),
        "ppt/presentation.xml": '<p:presentation xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"/>',
        **(extra or {}),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return file.getvalue()


def rezip(content, *, change=None, extra=None) -> bytes:
    """Return an archive with parts changed and added."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new,
    ):
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, change[name](part) if change and name in change else part)
        for name, part in (extra or {}).items():
            new.writestr(name, part)
    return target.getvalue()


def make_picture(form="JPEG", *, size=(40, 30), color=(200, 30, 30), **options) -> bytes:
    """Return a picture of one colour."""
    file = io.BytesIO()
    Image.new(options.pop("mode", "RGB"), size, color).save(file, form, **options)
    return file.getvalue()


def upload_of(user, season, content=PDF, name="材料.pdf"):
    """Return an upload of a person that waits to be attached."""
    return take_upload(io.BytesIO(content), name, by_id=user.pk, campaign_id=season.pk)


def make_session(season, user, *, home="图书馆", topic="专题学习") -> StudySession:
    """Return a study session of a department."""
    return StudySession.objects.create(
        uuid=uuid.uuid4(),
        campaign=season,
        department=department(season, home),
        topic=topic,
        entered_by=user,
        entered_at=NOON,
    )
