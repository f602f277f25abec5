"""A department's dossier: one zip with a contents page, written to disk piece by piece."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.exports.plan_paper import PrintedPlan, word_html_of, write_plan
from qualityseason.errors import Refused
from qualityseason.exports.paper import PAPER_LANGUAGE
from scoring.enums import AppealState
from scoring.exports.annex_pdf import write_annex
from scoring.exports.result_paper import PaperHead, print_result
from scoring.exports.statement_pdf import write_statement
from scoring.exports.zipped import ZippedFolder
from scoring.facts.results import LineFile, Result, Statement
from scoring.queries.dossier import DossierFacts, DossierText

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Entry:
    """A file of the dossier as the contents list it; `name` is '' for one that could not be put in, `note` says why."""

    label: str
    name: str
    note: str = ""

    @property
    def address(self) -> str:
        """The name as a link writes it."""
        return quote(self.name)


@dataclass
class Section:
    """A part of the dossier, a folder of the zip."""

    title: str
    entries: list[Entry] = field(default_factory=list)


def write_dossier(
    result: Result,
    statement: Statement,
    facts: DossierFacts,
    path: Path,
    *,
    head: PaperHead,
    place: Callable[[str], Path],
    progress: Progress,
) -> None:
    """Write the zip to `path`; `place` says where a content lies. A content that is missing is named in the contents.

    Raises Refused where the system lacks what a PDF needs.
    """
    with (
        translation.override(PAPER_LANGUAGE),
        tempfile.TemporaryDirectory(prefix="dossier-") as folder,
        ZippedFolder(path, at=result.taken_at) as book,
    ):
        _Binder(result, statement, facts, head, place, Path(folder), book).bind(progress)


class _Binder:
    def __init__(
        self,
        result: Result,
        statement: Statement,
        facts: DossierFacts,
        head: PaperHead,
        place: Callable[[str], Path],
        folder: Path,
        book: ZippedFolder,
    ) -> None:
        self.result, self.statement, self.facts, self.head = result, statement, facts, head
        self.place, self.folder, self.book = place, folder, book
        self.sections: list[Section] = []

    def bind(self, progress: Progress) -> None:
        """Put in every part, the contents last."""
        parts: tuple[Callable[[], None], ...] = (
            self._result,
            self._texts,
            self._minutes,
            self._evidence,
            self._deductions,
            self._appeals,
            self._contents,
        )
        for done, part in enumerate(parts):
            progress(done, len(parts))
            part()
        progress(len(parts), len(parts))

    def _open(self, title: str) -> Section:
        section = Section(f"{len(self.sections) + 1} {title}")
        self.sections.append(section)
        return section

    def _result(self) -> None:
        section = self._open(_("Result"))
        self._print(section, _("Statement"), lambda path: write_statement(self.statement, path, head=self.head))
        self._print(
            section,
            _("Assessment table"),
            lambda path: write_annex(self.result, self.statement, path, head=self.head),
        )

    def _texts(self) -> None:
        section = self._open(_("Plan and summaries"))
        for text in self.facts.texts:
            label = _("%(title)s, version %(number)s") % {"title": text.content.title, "number": text.number}
            self._print(section, label, self._typeset(text))
            content = text.content
            if content.word_sha256:
                self._file(section, LineFile(content.word_name, content.word_sha256))
            self._files(section, [LineFile(file.name, file.sha256) for file in content.files])

    def _typeset(self, text: DossierText) -> Callable[[Path], int]:
        def write(path: Path) -> int:
            word = self.place(text.content.word_sha256) if text.content.word_sha256 else None
            printed = PrintedPlan(
                content=text.content,
                college=self.result.college,
                department=self.statement.department.name,
                number=text.number,
                code=text.code,
                submitted_at=text.submitted_at,
                word_html=word_html_of(text.content, word),
            )
            return write_plan(printed, path)

        return write

    def _minutes(self) -> None:
        section = self._open(_("Minutes"))
        if self.facts.sessions:
            self._print(section, _("Minutes"), self._records("dossier_minutes_pdf", sessions=self.facts.sessions))
        for session in self.facts.sessions:
            self._files(section, session.files)

    def _evidence(self) -> None:
        section = self._open(_("Evidence"))
        if self.facts.evidence:
            label = _("List of the evidence")
            self._print(section, label, self._records("dossier_evidence_pdf", evidence=self.facts.evidence))
        for row in self.facts.evidence:
            self._files(section, row.files)

    def _deductions(self) -> None:
        section = self._open(_("Files of the deductions"))
        lines = [line for category in self.statement.categories for line in category.lines]
        for number, line in enumerate(lines, start=1):
            self._files(section, self.facts.line_files.get(line.uuid, ()), before=f"{number:03d} {line.code} ")
            there = {file.sha256 for file in self.facts.line_files.get(line.uuid, ())}
            section.entries += [
                Entry(f"{number:03d} {line.code} {file.name}", "", _("removed since"))
                for file in line.files
                if file.sha256 not in there
            ]

    def _appeals(self) -> None:
        section = self._open(_("Appeals and rulings"))
        if self.facts.appeals:
            words = {state.value: state.label for state in AppealState}
            rows = [(appeal, words.get(AppealState(appeal.state).value, "")) for appeal in self.facts.appeals]
            self._print(section, _("Appeals and rulings"), self._records("dossier_appeals_pdf", appeals=rows))
        for appeal in self.facts.appeals:
            self._files(section, appeal.files)

    def _contents(self) -> None:
        context = {"department": self.statement.department, "sections": self.sections}
        path = self.folder / "contents.pdf"
        print_result("scoring/dossier_contents_pdf.html", self.head, context, path)
        self.book.add_file(path, f"{_('Contents of the dossier')}.pdf")
        page = render_to_string("scoring/dossier_index.html", {"head": self.head, **context})
        self.book.add_text(page, "index.html")

    def _records(self, template: str, **context: Any) -> Callable[[Path], int]:
        context["department"] = self.statement.department
        return lambda path: print_result(f"scoring/{template}.html", self.head, context, path)

    def _print(self, section: Section, label: str, write: Callable[[Path], int]) -> None:
        """Write one PDF and put it in; one that its own content keeps from being written is named with the reason."""
        path = self.folder / "piece.pdf"
        try:
            write(path)
        except Refused as refused:
            if refused.refusal_code == "pdf_unavailable":
                raise
            section.entries.append(Entry(label, "", str(refused.sentence)))
        except FileNotFoundError:
            section.entries.append(Entry(label, "", _("its file is missing")))
        else:
            self._put(section, label, path, f"{label}.pdf")

    def _files(self, section: Section, files: Iterable[LineFile], *, before: str = "") -> None:
        for file in files:
            self._file(section, file, before=before)

    def _file(self, section: Section, file: LineFile, *, before: str = "") -> None:
        label = f"{before}{file.name}"
        path = self.place(file.sha256)
        if path.is_file():
            self._put(section, label, path, label)
        else:
            section.entries.append(Entry(label, "", _("its file is missing")))

    def _put(self, section: Section, label: str, path: Path, name: str) -> None:
        section.entries.append(Entry(label, self.book.add_file(path, name, folder=section.title)))
