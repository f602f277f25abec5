"""Background work in tests: done at once, but for looking for findings in the records of all departments."""

from django_tasks.backends.dummy import DummyBackend
from django_tasks.backends.immediate import ImmediateBackend

LOOKING = "scoring.jobs.detection.run_wanted"


class BusyBackend(ImmediateBackend):
    """As if the worker did everything at once and came to the findings later: looking for them takes seconds."""

    def __init__(self, alias, params):
        super().__init__(alias, params)
        self.later = DummyBackend(alias, params)

    def enqueue(self, task, args, kwargs):
        """Do it now, or note it."""
        return (self.later if task.module_path == LOOKING else super()).enqueue(task, args, kwargs)
