"""Forms of the page a plan is written on: one part, one section or one item at a time."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.actors import Actor
from campaigns.enums import ItemPart, Role
from campaigns.forms.fields import DepartmentField
from campaigns.models import Campaign, Department, Duty, Plan, PlanItem
from campaigns.queries.plan_content import duty_label
from campaigns.services.plan_items import (
    MAXIMUM_DOCUMENT,
    MAXIMUM_DUE,
    MAXIMUM_RESPONSIBLE,
    MAXIMUM_TITLE,
    ItemDraft,
)
from campaigns.services.plan_title import MAXIMUM_PLAN_TITLE
from campaigns.services.plans import MAXIMUM_SECTION_TITLE, MAXIMUM_TEXT
from qualityseason.text import tidy


class WholeText(forms.CharField):
    """Text refused in a sentence when too long: a browser told the limit would cut what is pasted, in silence."""

    def __init__(self, *, limit: int, rows: int = 0, **options: Any) -> None:
        plain = {"autocomplete": "off"}
        self.limit = limit
        widget = forms.Textarea(attrs=plain | {"rows": rows}) if rows else forms.TextInput(attrs=plain)
        super().__init__(widget=widget, **options)

    def to_python(self, value: Any) -> str:
        """Return the text without control and bidi characters, its line ends as one."""
        return tidy(str(value or "").replace("\r\n", "\n").replace("\r", "\n"))

    def run_validators(self, value: Any) -> None:
        """Say how long the text is and how long it may be."""
        if len(value) > self.limit:
            message = _("This has %(length)s characters; at most %(limit)s are kept. Shorten it.")
            raise forms.ValidationError(message % {"length": len(value), "limit": self.limit}, code="long")
        super().run_validators(value)


class VersionedForm(forms.Form):
    """A form that knows which version of its row it was filled from; ids don't collide where several are open."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, mark: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.auto_id = f"{mark}-%s" if mark else "id_%s"


class PlanTitleForm(forms.Form):
    """The title of a plan; `seen` is the one it was opened with, so that a stale one is noticed."""

    title = WholeText(label=gettext_lazy("Title of the plan"), limit=MAXIMUM_PLAN_TITLE)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)


class PartForm(VersionedForm):
    """A part of prose."""

    text = WholeText(label=gettext_lazy("Text"), limit=MAXIMUM_TEXT, rows=8, required=False)

    def __init__(self, *args: Any, label: str = "", hint: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["text"].label = label or self.fields["text"].label
        self.fields["text"].help_text = hint


class SectionForm(VersionedForm):
    """A free section with a title of its own."""

    uuid = forms.UUIDField(widget=forms.HiddenInput, required=False)
    title = WholeText(label=gettext_lazy("Title of the section"), limit=MAXIMUM_SECTION_TITLE)
    text = WholeText(label=gettext_lazy("Text"), limit=MAXIMUM_TEXT, rows=8, required=False)


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


def quality_label(department: Department) -> str:
    """Return how the plan stands to the quality system's document: 对照 (纳入), 参照 (未纳入), or both words."""
    if department.in_quality_system is None:
        return _("Document of the quality system it is held against or modelled on")
    if department.in_quality_system:
        return _("Document of the quality system it is held against")
    return _("Document of the quality system it is modelled on")
