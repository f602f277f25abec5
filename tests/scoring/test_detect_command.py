"""manage.py detect: what it says, and how it ends."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from scoring.detectors import DETECTORS
from scoring.facts import Detector, Suspicion
from scoring.models import Detection, Finding
from scoring.queries import sources
from tests.factories import DAY, NOON, department
from tests.scoring.reading import turn_clock

NAME, SOURCE = "study-not-held", "study"


@pytest.fixture(autouse=True)
def _only_one_detector(season, monkeypatch):
    """Leave one detector, which finds something in every department but one."""
    turn_clock(season, NOON)

    def detect(facts, terms):
        if facts == "工会":
            raise ValueError("broken")
        if facts != "图书馆":
            yield Suspicion("missing", {}, DAY)

    for name in list(DETECTORS):
        monkeypatch.delitem(DETECTORS, name)
    monkeypatch.setitem(DETECTORS, NAME, Detector(NAME, SOURCE, detect, {"missing": "Nothing was held."}))
    monkeypatch.setitem(sources.SOURCES, SOURCE, lambda found, on: found.name)


def detect(*args):
    out, err = io.StringIO(), io.StringIO()
    failed = None
    try:
        call_command("detect", *args, stdout=out, stderr=err)
    except CommandError as error:
        failed = error
    return out.getvalue().splitlines(), err.getvalue().splitlines(), failed


@pytest.fixture(autouse=True)
def _english(_language_of_the_portal):
    with translation.override("en"):
        yield


def test_all_departments_are_looked_at_and_troubles_are_told_with_code_1(season):
    out, err, failed = detect("2009")
    assert out == ["Findings opened: 22, returned with other facts: 0, gone by themselves: 0."]
    trace = Detection.objects.exclude(troubles=[]).get().troubles[0]["trace"]
    assert err == [f"工会: detector “{NAME}” failed; the log tells why under {trace}."]
    assert (str(failed), failed.returncode) == ("Detectors that failed: 1.", 1)
    assert Detection.objects.filter(detected_at__isnull=False).count() == 24


def test_the_same_again_changes_nothing(season):
    detect("2009")
    out, _err, _failed = detect("2009")
    assert out == ["Findings opened: 0, returned with other facts: 0, gone by themselves: 0."]


@pytest.mark.parametrize(("typed", "name"), [("体育部", "体育部"), ("学生处", "学生工作处"), ("图书馆", "图书馆")])
def test_one_department_by_name_or_alias(season, typed, name):
    opened = 0 if name == "图书馆" else 1
    out, err, failed = detect("2009", "--department", typed)
    assert out == [f"Findings opened: {opened}, returned with other facts: 0, gone by themselves: 0."]
    assert (err, failed) == ([], None)
    assert Detection.objects.get().department == department(season, name)
    assert Finding.objects.count() == opened


def test_one_departments_trouble_is_its_own(season):
    detect("2009")
    _out, err, failed = detect("2009", "--department", "体育部")
    assert (err, failed) == ([], None)
    Detection.objects.filter(department=department(season, "体育部")).update(troubles=[{"detector": "x", "trace": "y"}])
    _out, err, failed = detect("2009", "--department", "工会")
    assert [line.partition(":")[0] for line in err] == ["工会"]
    assert failed is not None


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("1999",), "There is no season “1999”."),
        (("2009", "--department", "天文台"), "There is no department “天文台” in this season."),
    ],
)
def test_what_there_is_not_is_said(season, args, sentence):
    assert str(detect(*args)[2]) == sentence
    assert not Detection.objects.exists()
