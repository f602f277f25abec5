"""What the paper templates ask of a text."""

from __future__ import annotations

import re
from html import unescape

from django import template

from qualityseason.text import squeeze

register = template.Library()

DOCUMENT_TITLE = re.compile(r'^\s*<p class="doc-title">(.*?)</p>', re.DOTALL)
TAGS = re.compile(r"<[^>]+>")
OWN_NUMBER = re.compile(r"^\s*第?[(（]?[一二三四五六七八九十\d]+[)）、.．:：章节]")


@register.filter
def has_own_number(title: str) -> bool:
    """Whether a heading brought its own number along (一、 · （二） · 3. · 第一章), so that none is put before it."""
    return OWN_NUMBER.match(title) is not None


@register.filter
def paragraphs(text: str) -> list[str]:
    """Return the lines of a text that say something, as the paper's paragraphs."""
    return [line.strip() for line in text.splitlines() if line.strip()]


@register.filter
def without_title(html: str, title: str) -> str:
    """Return the HTML of a Word text without its own first title where that is `title`, which stands above already."""
    found = DOCUMENT_TITLE.match(html)
    is_same = found is not None and squeeze(unescape(TAGS.sub("", found[1]))) == squeeze(title)
    return html[found.end() :] if found is not None and is_same else html
