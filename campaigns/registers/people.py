"""The registers of a teacher's term: workload, student evaluation, observed lessons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.enums import RegisterCode
from campaigns.models import EvaluationRow, ObservationRow, WorkloadRow
from campaigns.registers.spec import NOTE, TERM, Judgement, Reading, RegisterColumn, RegisterSpec, person

MOST_HOURS, MOST_LESSONS = 9_999, 999


def _lectures_are_part(values: Mapping[str, Any]) -> Judgement:
    if values["lectures"] > values["done"]:
        words = {"lectures": values["lectures"], "done": values["done"]}
        sentence = _("%(lectures)s hours of lectures are more than all hours done, %(done)s: these contain them.")
        yield "lectures", sentence % words


def _inspectors_are_part(values: Mapping[str, Any]) -> Judgement:
    if values["by_inspectors"] > values["done"]:
        words = {"inspectors": values["by_inspectors"], "done": values["done"]}
        sentence = _(
            "%(inspectors)s by the inspectors' group are more than all observed, %(done)s: these contain them."
        )
        yield "by_inspectors", sentence % words


WORKLOAD = RegisterSpec(
    code=RegisterCode.WORKLOAD,
    model=WorkloadRow,
    columns=(
        person(gettext_lazy("Teacher")),
        TERM,
        RegisterColumn(
            "required",
            gettext_lazy("Hours required"),
            "规定学时",
            Reading.HOURS,
            aliases=("规定课时", "应完成学时", "规定工作量", "额定学时"),
            maximum=MOST_HOURS,
            hint=gettext_lazy("The workload required in the term, in hours; up to two decimals."),
            example="160",
        ),
        RegisterColumn(
            "done",
            gettext_lazy("Hours done"),
            "完成学时",
            Reading.HOURS,
            aliases=("完成课时", "实际学时", "完成工作量", "已完成学时"),
            maximum=MOST_HOURS,
            hint=gettext_lazy("The hours done in the term, lectures included."),
            example="168.5",
        ),
        RegisterColumn(
            "lectures",
            gettext_lazy("Of these lectures"),
            "其中讲座",
            Reading.HOURS,
            aliases=("讲座学时", "讲座课时"),
            required=False,
            maximum=MOST_HOURS,
            hint=gettext_lazy("How many of the hours done were lectures; may stay empty."),
            example="4",
            default=0,
        ),
        NOTE,
    ),
    key=("person", "term"),
    striking=Q(done__lt=F("required")),
    striking_label=gettext_lazy("less done than required"),
    judge=_lectures_are_part,
)
EVALUATION = RegisterSpec(
    code=RegisterCode.EVALUATION,
    model=EvaluationRow,
    columns=(
        person(gettext_lazy("Teacher")),
        TERM,
        RegisterColumn(
            "score",
            gettext_lazy("Mark of the students"),
            "评教分数",
            Reading.MARK,
            aliases=("学生评教分数", "评教成绩", "学生评教成绩", "满意度"),
            maximum=100,
            hint=gettext_lazy(
                "From 0 to 100, one figure per teacher and term: 85, 85% and a cell shown as 85% are one."
            ),
            example="88.5",
        ),
        NOTE,
    ),
    key=("person", "term"),
    lowest="score",
)
OBSERVATION = RegisterSpec(
    code=RegisterCode.OBSERVATION,
    model=ObservationRow,
    columns=(
        person(gettext_lazy("Teacher")),
        TERM,
        RegisterColumn(
            "required",
            gettext_lazy("Lessons required"),
            "规定次数",
            Reading.COUNT,
            aliases=("规定听课次数", "应听课次数", "规定听课节数"),
            maximum=MOST_LESSONS,
            hint=gettext_lazy("How many lessons of others the teacher must observe in the term."),
            example="8",
        ),
        RegisterColumn(
            "done",
            gettext_lazy("Lessons observed"),
            "完成次数",
            Reading.COUNT,
            aliases=("听课次数", "实际听课次数", "已听课次数", "听课节数"),
            maximum=MOST_LESSONS,
            hint=gettext_lazy("How many were observed and discussed, those with the inspectors' group included."),
            example="9",
        ),
        RegisterColumn(
            "by_inspectors",
            gettext_lazy("Of these by inspectors"),
            "其中督导团",
            Reading.COUNT,
            aliases=("督导团次数", "督导团听课"),
            required=False,
            maximum=MOST_LESSONS,
            hint=gettext_lazy("How many of them were with the inspectors' group; may stay empty."),
            example="2",
            default=0,
        ),
        NOTE,
    ),
    key=("person", "term"),
    striking=Q(done__lt=F("required")),
    striking_label=gettext_lazy("less observed than required"),
    judge=_inspectors_are_part,
)
