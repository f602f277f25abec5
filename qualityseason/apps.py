from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QualitySeasonConfig(AppConfig):
    """The kernel: accounts, audit, files, jobs, clock."""

    name = "qualityseason"
    verbose_name = _("Portal")

    def ready(self) -> None:
        from qualityseason import checks, policy  # noqa: F401  # registering the system checks is the import's purpose

        policy.register(policy.KERNEL)
