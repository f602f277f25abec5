"""Forms of plans: beginning one, filtering their list, and one item at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.actors import Actor
from campaigns.enums import ItemPart, PlanState, Role
from campaigns.forms.fields import DepartmentField
from campaigns.forms.paper_parts import VersionedForm, WholeText
from campaigns.forms.people import EVERY
from campaigns.models import Campaign, Department, Duty, Plan, PlanItem
from campaigns.queries.paper_content import duty_label
from campaigns.queries.plans import NO_PLAN
from campaigns.services.paper_parts import MAXIMUM_TEXT
from campaigns.services.plan_items import (
    MAXIMUM_DOCUMENT,
    MAXIMUM_DUE,
    MAXIMUM_RESPONSIBLE,
    MAXIMUM_TITLE,
    ItemDraft,
)


class DutiesField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic in the stubs alone
    """Duties of the plan's department, ticked."""

    def label_from_instance(self, obj: Duty) -> str:
        """Return number and text, as the plan prints them."""
        return duty_label(obj)


class DepartmentsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic in the stubs alone
    """Departments, ticked; names without their brackets keep the list narrow."""

    def label_from_instance(self, obj: Department) -> str:
        """Return the name."""
        return obj.name


class ItemForm(VersionedForm):
    """One item of a plan."""

    uuid = forms.UUIDField(widget=forms.HiddenInput, required=False)
    put_back = forms.BooleanField(widget=forms.HiddenInput, required=False)
    title = WholeText(label=gettext_lazy("Title of the item"), limit=MAXIMUM_TITLE)
    measure = WholeText(
        label=ItemPart.MEASURE.label,
        limit=MAXIMUM_TEXT,
        rows=4,
        required=False,
        help_text=gettext_lazy("What is done, concretely: by whom, where, how often."),
    )
    standard = WholeText(
        label=ItemPart.STANDARD.label,
        limit=MAXIMUM_TEXT,
        rows=3,
        required=False,
        help_text=gettext_lazy("What counts as done well, so that somebody else could check it."),
    )
    outcome = WholeText(label=ItemPart.OUTCOME.label, limit=MAXIMUM_TEXT, rows=3, required=False)
    incentive = WholeText(label=ItemPart.INCENTIVE.label, limit=MAXIMUM_TEXT, rows=3, required=False)
    service = WholeText(
        label=ItemPart.SERVICE.label,
        limit=MAXIMUM_TEXT,
        rows=3,
        required=False,
        help_text=gettext_lazy("How the department serves, coordinates and cooperates of its own accord."),
    )
    responsible = WholeText(label=gettext_lazy("Who is responsible"), limit=MAXIMUM_RESPONSIBLE, required=False)
    due = WholeText(
        label=gettext_lazy("By when"),
        limit=MAXIMUM_DUE,
        required=False,
        help_text=gettext_lazy("A day like 2009-11-06, or words, like every Monday."),
    )
    quality_document = WholeText(limit=MAXIMUM_DOCUMENT, required=False)

    def __init__(self, *args: Any, plan: Plan, item: PlanItem | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.item = item
        department = plan.department
        self.fields["quality_document"].label = quality_label(department)
        offered = Q(ended_at__isnull=True)
        if item is not None:
            offered |= Q(items=item)
        duties = Duty.objects.filter(offered, department=department).distinct().order_by("id")
        departments = Department.objects.filter(campaign_id=plan.campaign_id).exclude(pk=department.pk)
        ticks = forms.CheckboxSelectMultiple
        gone = {"invalid_choice": _NOT_OFFERED, "invalid_pk_value": _NOT_OFFERED, "list": _NOT_OFFERED}
        self.fields["duties"] = DutiesField(
            duties, to_field_name="uuid", required=False, widget=ticks, label=_("Duties served"), error_messages=gone
        )
        self.fields["cooperating"] = DepartmentsField(
            departments.order_by("order"),
            to_field_name="uuid",
            required=False,
            widget=ticks,
            label=_("Cooperating departments"),
            error_messages=gone,
        )

    @property
    def is_new(self) -> bool:
        """Whether the form adds an item."""
        return self.item is None

    def draft(self) -> ItemDraft:
        """Return the item as typed."""
        data = self.cleaned_data
        texts = {name: data[name] for name in TEXTS}
        return ItemDraft(**texts, duties=tuple(data["duties"]), cooperating=tuple(data["cooperating"]))

    def chosen_departments(self) -> list[str]:
        """Return the names of the departments ticked, for the folded list to show."""
        ticked = {str(value) for value in self["cooperating"].value() or ()}
        return [str(label) for value, label in self.fields["cooperating"].choices if str(value) in ticked]  # type: ignore[attr-defined]  # a choice field


TEXTS = (
    "title",
    *(part.value for part in ItemPart),
    "responsible",
    "due",
    "quality_document",
)
_NOT_OFFERED = gettext_lazy("One of the choices is not offered here any more. Look through the ticks and save again.")


class StartPlanForm(forms.Form):
    """Whose plan is begun: the own departments, for the office any it has no interest in."""

    def __init__(self, *args: Any, campaign: Campaign, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        field = DepartmentField(campaign)
        offered = Department.objects.filter(campaign=campaign).order_by("order")
        if actor.has(Role.OFFICE):
            field.queryset = offered.exclude(pk__in=actor.interests - actor.departments)
        else:
            field.queryset = offered.filter(pk__in=actor.departments)
        self.fields["department"] = field


class PlanFilter(forms.Form):
    """Filtering the list of plans."""

    def __init__(self, *args: Any, blocks: Sequence[tuple[str, str]], without_plan: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["block"] = forms.ChoiceField(label=_("Block"), choices=[EVERY, *blocks], required=False)
        states = [(NO_PLAN, _("No plan handed in"))] if without_plan else []
        self.fields["state"] = forms.ChoiceField(
            label=_("State"), choices=[EVERY, *PlanState.choices, *states], required=False
        )


def quality_label(department: Department) -> str:
    """Return how the plan stands to the quality system's document: 对照 (纳入), 参照 (未纳入), or both words."""
    if department.in_quality_system is None:
        return _("Document of the quality system it is held against or modelled on")
    if department.in_quality_system:
        return _("Document of the quality system it is held against")
    return _("Document of the quality system it is modelled on")
