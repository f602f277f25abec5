"""Files in their places: uploads taken up by a record, replaced by a newer version, removed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from campaigns import hooks
from campaigns.models import Attachment
from qualityseason.errors import Refused
from qualityseason.models import StoredFile
from qualityseason.services import audit

GIB = 1024**3
MAXIMUM_OF_DEPARTMENT = 2 * GIB  # bytes of all its attachments


@transaction.atomic
def attach_uploads(
    uploads: Sequence[UUID],
    *,
    campaign_id: int,
    department_id: int | None,
    owner_kind: str,
    owner_uuid: UUID,
    slot: str = "",
    by_id: int,
    at: datetime,
    replaces: Attachment | None = None,
) -> list[Attachment]:
    """Take up files the person has uploaded into a record's slot, in the order given; returns their attachments.

    Sending a form twice attaches once: for an upload this record and slot has taken up already, or one of the same name
    and content as a file that stands there, the attachment that stands is returned.
    Raises Refused at `files` for a file that is not the person's own upload in this season, or was swept.
    """
    attached = []
    of_season = Q(campaign_id=campaign_id) | Q(campaign_id__isnull=True)
    own = StoredFile.objects.select_for_update().filter(of_season, stored_by_id=by_id)
    for uuid in uploads:
        stored = own.filter(uuid=uuid).first()
        if stored is None:
            raise Refused(_("One of the files is not there any more. Upload it again."), field="files", code="gone")
        standing = None if replaces else _standing(stored, owner_kind, owner_uuid, slot)
        if standing is not None:
            attached.append(standing)
            continue
        if not stored.is_upload:
            raise Refused(_("“%(name)s” is attached elsewhere.") % {"name": stored.name}, field="files", code="taken")
        _require_room(stored, department_id)
        stored.is_upload = False
        stored.save(update_fields=["is_upload"])
        attachment = Attachment.objects.create(
            campaign_id=campaign_id,
            department_id=department_id,
            owner_kind=owner_kind,
            owner_uuid=owner_uuid,
            slot=slot,
            file=stored,
            version=replaces.version + 1 if replaces else 1,
            replaces=replaces,
            added_by_id=by_id,
            added_at=at,
        )
        _record("file.attach", attachment, by_id=by_id, at=at)
        attached.append(attachment)
    return attached


def _standing(stored: StoredFile, owner_kind: str, owner_uuid: UUID, slot: str) -> Attachment | None:
    """Return the attachment that makes another of this upload superfluous."""
    there = Attachment.objects.of_owner(owner_kind, owner_uuid).filter(slot=slot).select_related("file")
    same = Q(file=stored)
    if stored.is_upload:
        same |= Q(file__sha256=stored.sha256, file__name=stored.name, removed_at__isnull=True, replacement__isnull=True)
    return there.filter(same).first()


@transaction.atomic
def replace_attachment(attachment: Attachment, upload: UUID, *, by_id: int, at: datetime) -> Attachment:
    """Put a newer version in the place of a file, which stays as the earlier one; raises as `attach_uploads`."""
    current = Attachment.objects.select_for_update().get(pk=attachment.pk)
    newer = Attachment.objects.filter(replaces=current).select_related("file").first()
    if newer is not None and newer.file.uuid == upload and newer.added_by_id == by_id:
        return newer  # the form sent twice
    if current.removed_at or newer is not None:
        raise Refused(_("Somebody else has replaced or removed this file meanwhile."), field="files", code="stale")
    return attach_uploads(
        [upload],
        campaign_id=current.campaign_id,
        department_id=current.department_id,
        owner_kind=current.owner_kind,
        owner_uuid=current.owner_uuid,
        slot=current.slot,
        by_id=by_id,
        at=at,
        replaces=current,
    )[0]


def _require_room(stored: StoredFile, department_id: int | None) -> None:
    """Refuse a file for which the department has no room left; what was replaced or removed still takes its room."""
    if department_id is None:
        return
    taken = Attachment.objects.filter(department_id=department_id).aggregate(size=Sum("file__size"))["size"] or 0
    if taken + stored.size > MAXIMUM_OF_DEPARTMENT:
        raise Refused(
            _(
                "With “%(name)s” the files of this department would take more than %(maximum)d GB. Attach it smaller, "
                "or ask the campaign office."
            )
            % {"name": stored.name, "maximum": MAXIMUM_OF_DEPARTMENT // GIB},
            field="files",
            code="full",
        )


@transaction.atomic
def remove_attachment(attachment: Attachment, *, by_id: int, at: datetime) -> None:
    """Take a file with its earlier versions out of its place; rows and contents stay. A second time changes nothing.

    Raises Refused (`kept`) where something rests on it.
    """
    former: Attachment | None = Attachment.objects.select_for_update().get(pk=attachment.pk)
    owner = hooks.attachment_owners.get(attachment.owner_kind)
    if owner is not None and former is not None and former.removed_at is None:
        owner.keep(former)
    while former is not None and former.removed_at is None:
        former.removed_at, former.removed_by_id = at, by_id
        former.save(update_fields=["removed_at", "removed_by"])
        _record("file.remove", former, by_id=by_id, at=at)
        former = former.replaces


def _record(act: str, attachment: Attachment, *, by_id: int, at: datetime) -> None:
    audit.record(
        act,
        attachment,
        by_id=by_id,
        campaign_id=attachment.campaign_id,
        department_id=attachment.department_id,
        at=at,
        after={
            "owner": f"{attachment.owner_kind} {attachment.owner_uuid}",
            "slot": attachment.slot,
            "name": attachment.file.name,
            "sha256": attachment.file.sha256,
        },
    )


def note_private_opening(attachment: Attachment, *, by_id: int, at: datetime) -> None:
    """Write down that somebody opens a file of a private slot."""
    _record("file.open-private", attachment, by_id=by_id, at=at)
