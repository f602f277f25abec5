"""Background work: how far it is, and the file it made. Both belong to whoever asked for it, and still may read it."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qualityseason.enums import JobState
from qualityseason.models import Job, User
from qualityseason.services.files import path_of
from qualityseason.services.jobs import may_read


def _job_of(request: HttpRequest, uuid: str) -> Job:
    assert isinstance(request.user, User)  # noqa: S101  # ActorMiddleware let nobody else in
    mine = Job.objects.asked_by(request.user.pk).select_related("file", "asked_by")
    found = get_object_or_404(mine, uuid=uuid)
    if found.file is not None and not may_read(found):
        raise Http404
    return found


def to_job(job: Job, *, back: str) -> HttpResponse:
    """Return the way to a job's page, from which a link leads back to `back`."""
    return redirect(f"{reverse('job', args=[job.uuid])}?{urlencode({'back': back})}")


@require_safe
def job(request: HttpRequest, uuid: str) -> HttpResponse:
    """Show one's job; its parameter `label` is the heading. Once it is done, a page that polls goes on by itself."""
    found = _job_of(request, uuid)
    if found.outcome == JobState.DONE and found.next_url and "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Redirect": found.next_url})
    back = request.GET.get("back", "")
    context = {
        "job": found,
        "back": back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "",
        "label": found.parameters.get("label") or _("Work in the background"),
        "result_url": reverse("job-file", args=[found.uuid]) if found.file else found.next_url,
        "result_label": _("Download") if found.file else _("Go on"),
    }
    return render(request, "qualityseason/job.html", context)


@require_safe
def job_file(request: HttpRequest, uuid: str) -> FileResponse:
    """Send the file a job has made, as an attachment."""
    stored = _job_of(request, uuid).file
    if stored is None:
        raise Http404
    response = FileResponse(path_of(stored).open("rb"), as_attachment=True, filename=stored.name)
    response["Content-Type"] = stored.media_type
    response["Cache-Control"] = "private, no-store"
    return response
