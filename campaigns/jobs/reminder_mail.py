"""Mailing the reminders of a day in the background, one by one; what fails is written down and tried again."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.urls import reverse

from campaigns.exports.reminders import mail_subject, mail_text
from campaigns.models import Campaign
from campaigns.queries.reminders import MAIL_JOB, ReminderLine
from campaigns.services.reminders import give_back_mail, take_mail, to_mail
from qualityseason import clock
from qualityseason.models import Job
from qualityseason.services.jobs import KINDS, JobKind, JobResult, Progress
from qualityseason.services.mail import send_mail


def register() -> None:
    """Make the kind of job known."""
    KINDS[MAIL_JOB] = JobKind(run_reminder_mail)


def run_reminder_mail(job: Job, progress: Progress) -> JobResult:
    """Send the mail of each message of the day that has not gone out."""
    campaign = Campaign.objects.get(pk=int(job.campaign_id or 0))
    mail_day(campaign, date.fromisoformat(job.parameters["day"]), progress)
    return JobResult(next_url=reverse("campaigns:reminders", args=[campaign.slug]))


def mail_day(campaign: Campaign, day: date, progress: Progress) -> tuple[int, int]:
    """Send the mail of the messages of that day one by one; returns how many went out and how many did not."""
    home = reverse("campaigns:campaign-home", args=[campaign.slug])
    waiting, gone, failed = to_mail(campaign, on=day), 0, 0
    for number, reminder in enumerate(waiting):
        progress(number, len(waiting))
        assert reminder.user is not None  # noqa: S101  # a message has its person: the database says so
        text = mail_text(
            name=reminder.user.display_name,
            campaign=campaign.name,
            lines=[ReminderLine.from_json(line) for line in reminder.lines],
            address=f"{settings.PORTAL_URL}{home}" if settings.PORTAL_URL else "",
        )
        subject = mail_subject(campaign.name, len(reminder.lines))
        if not take_mail(reminder, at=clock.now(campaign)):
            continue  # the command and a second press may send at the same time
        try:
            problem = send_mail(reminder.user.email, subject=subject, text=text)
        except BaseException:
            give_back_mail(reminder, problem=reminder.mail_problem)
            raise
        if problem:
            give_back_mail(reminder, problem=problem)
        gone, failed = gone + (not problem), failed + bool(problem)
    progress(len(waiting), len(waiting))
    return gone, failed
