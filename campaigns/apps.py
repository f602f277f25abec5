from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    """Who must do what by when, and what they handed in."""

    name = "campaigns"
    verbose_name = _("Campaigns")

    def ready(self) -> None:
        from campaigns import parts
        from campaigns.imports import kinds
        from campaigns.jobs import awards, honours, imports, paper_print, reminder_mail, renditions, volume
        from campaigns.policy import TABLE
        from qualityseason import policy

        policy.register(TABLE)
        kinds.register()
        imports.register()
        paper_print.register()
        awards.register()
        honours.register()
        volume.register()
        renditions.register()
        reminder_mail.register()
        parts.register()
