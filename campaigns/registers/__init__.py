"""The registers (台账): one specification of columns each drives template, import, list, form and export."""

from __future__ import annotations

from campaigns.enums import RegisterCode
from campaigns.registers.people import EVALUATION, OBSERVATION, WORKLOAD
from campaigns.registers.spec import Reading, RegisterColumn, RegisterSpec
from campaigns.registers.teaching import CLASS_ATTENDANCE, DUTY_ROSTER, LESSON_PLAN, RESEARCH_MEETING, VIOLATION

REGISTERS: dict[RegisterCode, RegisterSpec] = {
    spec.code: spec
    for spec in (
        WORKLOAD,
        EVALUATION,
        CLASS_ATTENDANCE,
        OBSERVATION,
        DUTY_ROSTER,
        RESEARCH_MEETING,
        LESSON_PLAN,
        VIOLATION,
    )
}

__all__ = ["REGISTERS", "Reading", "RegisterColumn", "RegisterSpec"]
