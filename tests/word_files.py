"""Word files as departments have them: raw parts as WPS and Word write them, without a library in between."""

import io
import zipfile
from xml.sax.saxutils import escape

from PIL import Image

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'mc:Ignorable="w14"'
)
SAVED = (2009, 11, 5, 12, 0, 0)  # the same file again is the same bytes
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
WPS_STYLES = (  # WPS names styles by figures and keeps Word's names inside
    '<w:style w:type="paragraph" w:default="1" w:styleId="1"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 1"/><w:basedOn w:val="1"/>'
    '<w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="3"><w:name w:val="heading 2"/><w:basedOn w:val="1"/>'
    '<w:pPr><w:outlineLvl w:val="1"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="4"><w:name w:val="标题 3"/><w:basedOn w:val="1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="5"><w:name w:val="Title"/><w:basedOn w:val="1"/>'
    '<w:pPr><w:jc w:val="center"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="6"><w:name w:val="toc 1"/><w:basedOn w:val="1"/></w:style>'
)


def run(text, *, bold=False, properties=""):
    """Return a run; a line break where the text has one."""
    inner = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in text.split("\n"))
    heavy = "<w:b/>" if bold else ""
    return f"<w:r><w:rPr>{heavy}{properties}</w:rPr>{inner}</w:r>"


def paragraph(text="", *, style="", bold=False, number=None, place="", inside=""):
    """Return a paragraph; `number` is (list, depth), `inside` raw XML behind the text."""
    properties = (
        (f'<w:pStyle w:val="{style}"/>' if style else "")
        + (f'<w:numPr><w:ilvl w:val="{number[1]}"/><w:numId w:val="{number[0]}"/></w:numPr>' if number else "")
        + (f'<w:jc w:val="{place}"/>' if place else "")
    )
    return f"<w:p><w:pPr>{properties}</w:pPr>{run(text, bold=bold) if text else ''}{inside}</w:p>"


def cell(content, *, span=1, merge=None):
    """Return a cell; `merge` is "restart" or "continue" of a merge downwards; `content` text or raw paragraphs."""
    properties = (f'<w:gridSpan w:val="{span}"/>' if span > 1 else "") + (
        "" if merge is None else '<w:vMerge w:val="restart"/>' if merge == "restart" else "<w:vMerge/>"
    )
    inner = content if content.startswith("<w:") else "".join(paragraph(line) for line in content.split("\n"))
    return f'<w:tc><w:tcPr><w:tcW w:w="1000" w:type="dxa"/>{properties}</w:tcPr>{inner}</w:tc>'


def table(*rows, widths=()):
    """Return a table; a row is a sequence of cells, or of texts."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    lines = "".join(
        "<w:tr>" + "".join(one if one.startswith("<w:tc>") else cell(one) for one in row) + "</w:tr>" for row in rows
    )
    return f'<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{lines}</w:tbl>'


def numbering(*levels, number=1):
    """Return numbering.xml with one list; a level is (format, text)."""
    inner = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{shape}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (shape, text) in enumerate(levels)
    )
    return (
        f'{HEAD}<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0">{inner}</w:abstractNum>'
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )


def picture(*, size=(30, 20), kind="PNG"):
    """Return the bytes of a picture."""
    file = io.BytesIO()
    Image.new("RGB", size, "red").save(file, kind)
    return file.getvalue()


def drawing(relation="rIdPicture"):
    """Return a run with a picture in line."""
    return (
        '<w:r><w:drawing><wp:inline><wp:extent cx="100" cy="100"/><wp:docPr id="1" name="图"/><a:graphic>'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:blipFill>'
        f'<a:blip r:embed="{relation}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>'
        "</w:r>"
    )


def text_box(*paragraphs):
    """Return a run with a text box, as Word writes it twice: once for itself, once for programs of old."""
    inner = f"<w:txbxContent>{''.join(paragraphs)}</w:txbxContent>"
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><a:graphic><a:graphicData>'
        f"<wps:wsp><wps:txbx>{inner}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{inner}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def word_file(*blocks, styles=WPS_STYLES, numbers="", notes="", pictures=None, parts=None):
    """Return a .docx: `blocks` raw XML of the body, `pictures` name → bytes, `parts` further or other parts."""
    pictures = pictures or {}
    relations = [("rIdStyles", "styles", "styles.xml")]
    overrides = [("document", "document.main"), ("styles", "styles")]
    body = f"<w:body>{''.join(blocks)}<w:sectPr/></w:body>"
    content = {
        "word/document.xml": f"{HEAD}<w:document {NAMESPACES}>{body}</w:document>",
        "word/styles.xml": f'{HEAD}<w:styles xmlns:w="{W}">{styles}</w:styles>',
    }
    for name, xml in (("numbering", numbers), ("footnotes", notes)):
        if xml:
            content[f"word/{name}.xml"] = xml
            relations.append((f"rId{name}", name, f"{name}.xml"))
            overrides.append((name, name))
    for name in pictures:
        relations.append(("rIdPicture", "image", f"media/{name}"))
    content["_rels/.rels"] = _relations([("rId1", "officeDocument", "word/document.xml")])
    content["word/_rels/document.xml.rels"] = _relations(relations)
    content["[Content_Types].xml"] = (
        f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
        '<Default Extension="jpeg" ContentType="image/jpeg"/><Default Extension="emf" ContentType="image/x-emf"/>'
        + "".join(
            f'<Override PartName="/word/{name}.xml" ContentType="{OFFICE}.{kind}+xml"/>' for name, kind in overrides
        )
        + "</Types>"
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in (content | (parts or {})).items():
            package.writestr(zipfile.ZipInfo(name, SAVED), text, zipfile.ZIP_DEFLATED)
        for name, data in pictures.items():
            package.writestr(zipfile.ZipInfo(f"word/media/{name}", SAVED), data)
    return file.getvalue()


def _relations(rows):
    inner = "".join(f'<Relationship Id="{name}" Type="{R}/{kind}" Target="{target}"/>' for name, kind, target in rows)
    return f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>'
