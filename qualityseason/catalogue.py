"""The words on screen: what code and templates say, and the catalogue that translates it (no GNU gettext needed)."""

import ast
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGES = ("qualityseason", "campaigns", "scoring")
TEMPLATES = "templates"
HEADER = """\
# The portal in Simplified Chinese. `make messages` adds new words and drops old ones; msgstr is for people.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Language: zh_Hans\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""

# how many leading arguments are text, and whether the first of them is a context
FUNCTIONS = {
    "_": (1, False),
    "gettext": (1, False),
    "gettext_lazy": (1, False),
    "gettext_noop": (1, False),
    "ngettext": (2, False),
    "ngettext_lazy": (2, False),
    "pgettext": (2, True),
    "pgettext_lazy": (2, True),
    "npgettext": (3, True),
    "npgettext_lazy": (3, True),
}
TEMPLATE_KEYWORDS = {
    "_": (1,),
    "gettext": (1,),
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}

Phrase = tuple[str, str, str]  # context, words, words in the plural; "" where there is none


class UnreadablePhrase(ValueError):
    """A translation call whose text is put together at run time, so that no catalogue can hold it."""


def phrases_of_project(base: Path) -> dict[Phrase, str]:
    """Return every phrase that code and templates under `base` show, each with one file that says it."""
    found: dict[Phrase, str] = {}
    for package in PACKAGES:
        for path in sorted((base / package).rglob("*.py")):
            if "migrations" not in path.parts:
                for phrase in phrases_of_python(path.read_text("utf-8"), name=str(path.relative_to(base))):
                    found.setdefault(phrase, str(path.relative_to(base)))
    for path in sorted((base / TEMPLATES).rglob("*.*")):
        if path.suffix in {".html", ".txt"}:
            for phrase in phrases_of_template(path.read_text("utf-8"), name=str(path.relative_to(base))):
                found.setdefault(phrase, str(path.relative_to(base)))
    return found


def phrases_of_python(source: str, *, name: str = "<source>") -> Iterator[Phrase]:
    """Yield what the gettext calls of a module say; a call on a plain variable says what is marked elsewhere."""
    for node in ast.walk(ast.parse(source, filename=name)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if called not in FUNCTIONS:
            continue
        count, has_context = FUNCTIONS[called]
        texts = [_texts(argument, name=name) for argument in node.args[:count]]
        if all(texts) and len(texts) == count:
            context = texts.pop(0)[0] if has_context else ""
            if len(texts) == 2:
                yield (context, texts[0][0], texts[1][0])
            else:
                yield from ((context, text, "") for text in texts[0])


def _texts(argument: ast.expr, *, name: str) -> list[str]:
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return [argument.value]
    if isinstance(argument, ast.IfExp):
        return [*_texts(argument.body, name=name), *_texts(argument.orelse, name=name)]
    if isinstance(argument, (ast.JoinedStr, ast.BinOp)):
        raise UnreadablePhrase(f"{name}:{argument.lineno}")
    return []


def phrases_of_template(source: str, *, name: str = "<template>") -> Iterator[Phrase]:
    """Yield what the translation tags and _("…") constants of a template say."""
    calls = "\n".join(line.strip() for line in templatize(source, origin=name).splitlines())
    for _line, words, _comments, context in extract("python", BytesIO(calls.encode()), keywords=TEMPLATE_KEYWORDS):
        singular, plural = (words, "") if isinstance(words, str) else (words[0], words[1])
        yield (context or "", singular, plural)


def read_catalogue(path: Path) -> dict[Phrase, Message]:
    """Return the entries of a .po file by phrase, obsolete ones left out."""
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalogue = read_po(file, locale="zh_Hans", ignore_obsolete=True)
    return {phrase_of(message): message for message in catalogue if message.id}


def phrase_of(message: Message) -> Phrase:
    """Return what an entry of a catalogue translates."""
    singular, plural = (message.id, "") if isinstance(message.id, str) else (message.id[0], message.id[1])
    return (message.context or "", singular, plural)


def is_translated(message: Message) -> bool:
    """Return whether every form of an entry has words and nobody doubts them."""
    forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return bool(forms) and all(forms) and not message.fuzzy


def write_catalogue(path: Path, phrases: set[Phrase]) -> tuple[int, int]:
    """Bring a .po file up to `phrases`, sorted, keeping translations; return how many were added and dropped."""
    existing = read_catalogue(path)
    catalogue = Catalog(locale="zh_Hans", header_comment="")
    for phrase in phrases:
        context, singular, plural = phrase
        old = existing.get(phrase)
        catalogue.add(
            (singular, plural) if plural else singular,
            old.string if old is not None and is_translated(old) else None,
            context=context or None,
            user_comments=old.user_comments if old is not None else (),
        )
    buffer = BytesIO()
    write_po(buffer, catalogue, width=0, no_location=True, omit_header=True, sort_output=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + buffer.getvalue().decode(), "utf-8")
    return len(phrases - existing.keys()), len(existing.keys() - phrases)
