"""Every word on screen has its Chinese, and `make messages` keeps both in step."""

import re

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

from qualityseason.catalogue import (
    UnreadablePhrase,
    is_translated,
    phrases_of_project,
    phrases_of_python,
    phrases_of_template,
    read_catalogue,
    write_catalogue,
)

CATALOGUE = settings.LOCALE_PATHS[0] / "zh_Hans" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[#0 +-]*\d*(?:\.\d+)?[a-z]|%[sdi]|\{\w*\}")
HAN = re.compile(r"[\u3400-\u9fff]")


def placeholders(text):
    """Return what the program fills into a text, sorted."""
    return sorted(PLACEHOLDER.findall(text.replace("%%", "")))


@pytest.fixture(scope="module")
def said():
    return phrases_of_project(settings.BASE_DIR)


@pytest.fixture(scope="module")
def entries():
    return read_catalogue(CATALOGUE)


def test_every_phrase_of_code_and_templates_stands_in_the_catalogue(said, entries):
    missing = {f"{where}: {phrase[1]}" for phrase, where in said.items() if phrase not in entries}
    assert missing == set(), "run `make messages`"


def test_every_entry_of_the_catalogue_is_still_said(said, entries):
    assert {phrase[1] for phrase in entries if phrase not in said} == set(), "run `make messages`"


def test_every_entry_is_translated(entries):
    assert {phrase[1] for phrase, message in entries.items() if not is_translated(message)} == set()


def test_every_translation_fills_in_what_the_english_fills_in(entries):
    wrong = set()
    for (_context, singular, plural), message in entries.items():
        forms = [message.string] if isinstance(message.string, str) else message.string
        for form in filter(None, forms):
            if placeholders(form) != placeholders(plural or singular):
                wrong.add(singular)
    assert wrong == set()


def test_catalogue_passes_the_checks_of_its_compiler():
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="zh_Hans")
    assert [(message.id, errors) for message, errors in catalogue.check()] == []


def test_templates_carry_no_chinese_of_their_own():
    found = {
        str(path.relative_to(settings.BASE_DIR))
        for path in (settings.BASE_DIR / "templates").rglob("*.*")
        if HAN.search(path.read_text("utf-8"))
    }
    assert found == set()


# --- the tool


def test_python_phrases_are_read_from_every_kind_of_call():
    source = """
gettext("one")
_("two" " parts")
translation.gettext_lazy("three %(n)s") % {"n": n}
ngettext("%(count)s line", "%(count)s lines", count)
pgettext("noun", "record")
gettext("this" if early else "that")
gettext(label)
other("not this")
"""
    assert sorted(phrases_of_python(source)) == [
        ("", "%(count)s line", "%(count)s lines"),
        ("", "one", ""),
        ("", "that", ""),
        ("", "this", ""),
        ("", "three %(n)s", ""),
        ("", "two parts", ""),
        ("noun", "record", ""),
    ]


@pytest.mark.parametrize("source", ['gettext(f"{n} lines")', 'gettext("line " + name)', 'gettext("%s" % name)'])
def test_python_phrase_made_at_run_time_is_refused(source):
    with pytest.raises(UnreadablePhrase):
        list(phrases_of_python(source))


def test_template_phrases_are_read_from_tags_and_constants():
    source = """
    {% translate "plain" %} it's 50% ( of
      {% translate "record" context "noun" %}
    {% blocktranslate trimmed with n=total %}
      {{ n }} of
      many
    {% endblocktranslate %}
    {% blocktranslate count n=total %}{{ n }} line{% plural %}{{ n }} lines{% endblocktranslate %}
    {{ value|default:_("none") }} {% include "x.html" with title=_("Title") %}
    {% comment %}{% translate "hidden" %}{% endcomment %}
    """
    assert sorted(phrases_of_template(source)) == [
        ("", "%(n)s line", "%(n)s lines"),
        ("", "%(n)s of many", ""),
        ("", "Title", ""),
        ("", "none", ""),
        ("", "plain", ""),
        ("noun", "record", ""),
    ]


def test_write_catalogue_keeps_translations_adds_new_words_and_drops_old_ones(tmp_path):
    path = tmp_path / "django.po"
    assert write_catalogue(path, {("", "Stays", ""), ("", "Goes", "")}) == (2, 0)
    path.write_text(path.read_text("utf-8").replace('"Stays"\nmsgstr ""', '"Stays"\nmsgstr "留"'), "utf-8")

    assert write_catalogue(path, {("", "Stays", ""), ("", "Comes", "")}) == (1, 1)

    assert {phrase[1]: message.string for phrase, message in read_catalogue(path).items()} == {
        "Comes": "",
        "Stays": "留",
    }
    before = path.read_bytes()
    assert write_catalogue(path, {("", "Stays", ""), ("", "Comes", "")}) == (0, 0)
    assert path.read_bytes() == before


def test_write_catalogue_forgets_a_translation_marked_as_doubtful(tmp_path):
    path = tmp_path / "django.po"
    path.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n#, fuzzy\nmsgid "Left"\nmsgstr "右"\n',
        "utf-8",
    )
    write_catalogue(path, {("", "Left", "")})
    assert "右" not in path.read_text("utf-8")
