from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScoringConfig(AppConfig):
    """What was found, what it costs, what follows."""

    name = "scoring"
    verbose_name = _("Scoring")

    def ready(self) -> None:
        from qualityseason import policy
        from scoring import parts
        from scoring.policy import TABLE

        policy.register(TABLE)
        parts.register()
