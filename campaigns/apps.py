from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    """Who must do what by when, and what they handed in."""

    name = "campaigns"
    verbose_name = _("Campaigns")

    def ready(self) -> None:
        from campaigns import parts
        from campaigns.imports import kinds
        from campaigns.jobs import awards, imports, plan_print, renditions, volume
        from campaigns.policy import TABLE
        from qualityseason import policy

        policy.register(TABLE)
        kinds.register()
        imports.register()
        plan_print.register()
        awards.register()
        volume.register()
        renditions.register()
        parts.register()
