from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    """Who must do what by when, and what they handed in."""

    name = "campaigns"
    verbose_name = _("Campaigns")

    def ready(self) -> None:
        from campaigns.imports import kinds
        from campaigns.jobs import imports
        from campaigns.policy import TABLE
        from qualityseason import policy

        policy.register(TABLE)
        kinds.register()
        imports.register()
