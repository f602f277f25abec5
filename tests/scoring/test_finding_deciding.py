"""Deciding findings from their pages, and recording by hand what the records show already."""

import uuid
from datetime import timedelta

import pytest

from campaigns.enums import Role
from qualityseason.models import AuditEntry
from scoring.enums import FindingState, Proof
from scoring.models import Deduction, Finding
from scoring.services.findings import charge_findings
from scoring.services.ledger import withdraw_deduction
from tests.factories import DAY, NOON, department, make_actor, make_deduction, make_person, make_subject
from tests.scoring.finding_working import make_finding, paper, picked, say, ticked
from tests.scoring.reading import page, parsed, reader, turn_clock, words
from tests.scoring.working import errors, form_of


@pytest.fixture
def season(season, monkeypatch):
    turn_clock(season, NOON)
    for code in ("A1", "A6", "B1", "B6", "P1", "P2", "S5", "B4"):
        say(monkeypatch, season, code)
    return season


@pytest.fixture
def assessor(season):
    return make_actor(season, Role.ASSESSOR, username="assessor")


@pytest.fixture
def second(season):
    return make_actor(season, Role.TEAM_LEAD, username="second")


def decide(season, actor, *findings, act="charge", follow=True, **values):
    sent = {"finding": ticked(*findings), "act": act} | values
    return reader(actor).post(page("findings-decide", season), sent, follow=follow)


def told(response):
    return [str(message) for message in response.context["messages"]]


def states(*findings):
    return [Finding.objects.get(pk=one.pk).state for one in findings]


# --- many at once


def test_charging_the_ticked_ones_records_lines_and_keeps_the_place(season, assessor):
    one, two, left = (make_finding(season, "B1", record=f"r:{number}", quantity=2) for number in range(3))
    response = decide(season, assessor, one, two, query="block=B&after=x")
    assert response.redirect_chain[-1][0] == page("findings", season) + "?block=B&after=x"
    assert told(response) == ["2 findings charged, 0.80 points. Another member of the team confirms them."]
    assert states(one, two, left) == ["charged", "charged", "open"]
    lines = Deduction.objects.order_by("pk")
    assert [(line.amount, line.finding_id, line.state) for line in lines] == [
        (one.amount, one.pk, "recorded"),
        (two.amount, two.pk, "recorded"),
    ]


def test_fifty_are_decided_in_one_go(season, assessor):
    made = [make_finding(season, "B1", record=f"r:{number}") for number in range(50)]
    assert told(decide(season, assessor, *made)) == [
        "50 findings charged, 10.00 points. Another member of the team confirms them."
    ]
    assert Deduction.objects.count() == 50


def test_each_refusal_is_told_in_a_sentence_and_the_rest_is_done(season, assessor, second):
    good, changed, taken = (make_finding(season, "B1", record=f"r:{number}") for number in range(3))
    unproven = make_finding(season, "P2", proof=Proof.NO_RECORD)
    charge_findings([picked(taken)], by=second, at=NOON)
    Finding.objects.filter(pk=changed.pk).update(fingerprint="f" * 64)
    response = decide(season, assessor, good, changed, taken, unproven)
    assert told(response) == [
        "1 finding charged, 0.20 points. Another member of the team confirms it.",
        "P2, 图书馆: The records do not prove it; nothing is proposed here.",
        "B1, 图书馆: The records have changed since you were shown this; look at it once more.",
        "B1, 图书馆: Decided meanwhile by second: Charged.",
    ]
    assert states(good, changed, unproven) == ["charged", "open", "open"]


def test_dismissing_with_a_reason(season, assessor):
    one, two = (make_finding(season, "B1", record=f"r:{number}") for number in range(2))
    response = decide(season, assessor, one, act="dismiss", because=" 已补 齐 ")
    assert told(response) == ["1 finding dismissed."]
    found = Finding.objects.get(pk=one.pk)
    assert (found.state, found.because, found.decided_by_id) == ("dismissed", "已补 齐", assessor.user_id)
    assert states(two) == ["open"]
    assert AuditEntry.objects.filter(act="finding.dismiss").count() == 1


@pytest.mark.parametrize(
    ("because", "sentence"),
    [(" ", "Say why it is dismissed."), ("长" * 301, "This text is too long; keep it under 300 characters.")],
)
def test_dismissing_without_a_fitting_reason_keeps_ticks_and_text(season, assessor, because, sentence):
    one, _two = (make_finding(season, "B1", record=f"r:{number}") for number in range(2))
    response = decide(season, assessor, one, act="dismiss", because=because, query="block=B")
    assert response.context["dismissing"].errors == {"because": [sentence]}
    tree = parsed(response)
    assert tree.xpath('//input[@name="finding"][@checked]/@value') == ticked(one)
    assert tree.xpath('//input[@name="because"]/@value') == [because]
    assert tree.xpath('//input[@name="query"]/@value') == ["block=B"]
    assert states(one) == ["open"]


def test_nothing_ticked_says_so(season, assessor):
    make_finding(season, "B1")
    assert told(decide(season, assessor)) == ["Tick the findings to decide first."]
    response = reader(assessor).post(
        page("findings-decide", season), {"finding": ["nonsense", ".", "x.y"], "act": "charge"}, follow=True
    )
    assert told(response) == ["Tick the findings to decide first."]


def test_the_address_of_deciding_leads_back_to_the_queue(season, assessor):
    response = reader(assessor).get(page("findings-decide", season), {"block": "B"})
    assert response.headers["Location"] == page("findings", season) + "?block=B"


def test_one_of_own_interest_refuses_the_whole_act(season):
    own = make_actor(season, Role.ASSESSOR, department=department(season))
    mine, other = make_finding(season, "B1"), make_finding(season, "A1", "工会")
    response = decide(season, own, mine, other)
    assert response.status_code == 403
    assert "You have an interest in this department" in response.content.decode()
    assert states(mine, other) == ["open", "open"]


def test_a_finding_of_another_season_is_not_decided(season, other_season, assessor):
    there = make_finding(season, "B1")
    Finding.objects.filter(pk=there.pk).update(campaign=other_season)
    decide(season, assessor, there)
    assert states(there) == ["open"]


# --- one by one


def test_deciding_on_its_page_leads_to_the_next(season, assessor):
    one, two, three = (make_finding(season, "B1", record=f"r:{number}") for number in range(3))
    for decided, following in ((two, three), (three, one)):
        response = decide(season, assessor, decided, page=decided.uuid, query="block=B", follow=False)
        assert response.headers["Location"] == page("finding", season, following.uuid) + "?block=B"
    response = decide(season, assessor, one, page=one.uuid, query="block=B", follow=False)
    assert response.headers["Location"] == page("findings", season) + "?block=B"


def test_what_could_not_be_decided_on_its_page_stays_there(season, assessor):
    made = make_finding(season, "B1", proof=Proof.CONTRADICTED)
    response = decide(season, assessor, made, page=made.uuid)
    assert response.redirect_chain[-1][0] == page("finding", season, made.uuid)
    response = decide(season, assessor, made, act="dismiss", because="", page=made.uuid)
    assert "Say why it is dismissed." in words(parsed(response))
    assert response.context["finding"] == made


def test_the_same_fact_as_a_line_charges_nothing_more(season, assessor):
    line = make_deduction(season, "B1", by=assessor, subject=make_subject(season, "B1", "别的"))
    made = make_finding(season, "B1")
    client, address = reader(assessor), page("finding-match", season, made.uuid)
    stale = client.post(address, {"line": line.uuid, "fingerprint": "x"}, follow=True)
    assert told(stale) == ["The records have changed since you were shown this; look at it once more."]
    assert client.post(address, {"line": uuid.uuid4(), "fingerprint": made.fingerprint}).status_code == 404
    done = client.post(address, {"line": line.uuid, "fingerprint": made.fingerprint}, follow=True)
    assert told(done) == ["Noted: that deduction charges this fact, and nothing more is charged for it."]
    found = Finding.objects.get(pk=made.pk)
    assert (found.state, found.deduction_id, Deduction.objects.count()) == ("charged", line.pk, 1)
    assert client.get(address).status_code == 405


def test_reopen_puts_a_dismissed_finding_back(season, assessor):
    made = make_finding(season, "B1", state=FindingState.DISMISSED, because="误", decided_by_id=assessor.user_id)
    client = reader(assessor)
    assert "Decide again" in words(parsed(client.get(page("finding", season, made.uuid))))
    response = client.post(page("finding-reopen", season, made.uuid), {"query": "tab=dismissed"}, follow=True)
    assert response.redirect_chain[-1][0] == page("finding", season, made.uuid) + "?tab=dismissed"
    assert (told(response), states(made)) == (["The finding is to be decided again."], ["open"])
    gone = make_finding(season, "B1", record="r:g", state=FindingState.GONE)
    refused = client.post(page("finding-reopen", season, gone.uuid), follow=True)
    assert told(refused) == ["Only a dismissed finding is put back."]


# --- charging with changes


def new(season, actor, **query):
    return reader(actor).get(page("deduction-new", season), query)


def test_charging_with_changes_fills_in_the_form(season, assessor):
    made = make_finding(
        season, "B1", quantity=3, subject="第三项", parameters={"parts": ["measure"], "day": "2009-12-22"}
    )
    response = new(season, assessor, finding=made.uuid)
    form = response.context["form"]
    names = ("rule", "quantity", "subject", "happened_on", "note", "finding")
    assert [form[name].value() for name in names] == [
        "B1",
        "3",
        "第三项",
        "2009-11-20",
        "No measures by 2009-12-22.",
        str(made.uuid),
    ]
    assert "Charges what the records show" in words(parsed(response))


def test_charging_a_month_with_changes_names_the_month(season, assessor):
    form = new(season, assessor, finding=make_finding(season, "B4", period="2009-11").uuid).context["form"]
    assert (form["month"].value(), form["subject"].value()) == ("2009-11", None)


def test_a_line_recorded_with_changes_charges_the_finding(season, assessor):
    made = make_finding(season, "B1", quantity=3)
    sent = form_of(season, "B1", quantity="2", subject="第三项", finding=made.uuid)
    assert reader(assessor).post(page("deduction-new", season), sent).status_code == 302
    line = Deduction.objects.get()
    assert (line.finding_id, line.quantity, line.charge_key) == (made.pk, 2, made.charge_key)
    assert states(made) == ["charged"]


def test_charging_with_changes_by_another_clause_is_refused_at_the_rule(season, assessor):
    made = make_finding(season, "B1")
    sent = form_of(season, "P1", finding=made.uuid)
    response = reader(assessor).post(page("deduction-new", season), sent)
    assert errors(response) == {
        "rule": ["The records show this fact under another rule: B1. Choose that one, or record it on its own."]
    }
    for note, left in ((response.context["page"].finding_says, ""), ("自己写的", "自己写的")):
        other = sent | {"refresh": "other-fact", "note": note}
        form = reader(assessor).post(page("deduction-new", season), other).context["form"]
        assert (form["finding"].value(), form["note"].value()) == ("", left)


def test_form_for_a_finding_one_may_not_decide(season, assessor):
    made = make_finding(season, "B1")
    own = make_actor(season, Role.ASSESSOR, department=department(season))
    assert new(season, own, finding=made.uuid).status_code == 403
    assert new(season, assessor, finding=uuid.uuid4()).status_code == 404
    sent = form_of(season, "A1", charged="工会", subject="x", finding=made.uuid)
    assert errors(reader(own).post(page("deduction-new", season), sent)) == {
        "finding": ["This finding does not exist."]
    }


def test_correcting_keeps_the_finding(season, assessor):
    made = make_finding(season, "B1")
    line = charge_findings([picked(made)], by=assessor, at=NOON).done[0].deductions.get()
    response = reader(assessor).post(page("deduction-correct", season, line.uuid), {"because": "数量"}, follow=True)
    assert response.context["form"]["finding"].value() == str(made.uuid)
    sent = form_of(season, "B1", quantity="2", subject="第三项", finding=made.uuid)
    reader(assessor).post(page("deduction-new", season), sent)
    assert (states(made), Deduction.objects.standing().get().finding_id) == (["charged"], made.pk)


# --- recording by hand what the records show already


def record(season, actor, code="B1", **values):
    return reader(actor).post(page("deduction-new", season), form_of(season, code, **values))


def test_recording_by_hand_asks_once_whether_it_is_a_finding(season, assessor):
    far = make_finding(season, "B1", record="r:1", subject="远", happened_on=DAY + timedelta(days=9))
    near = make_finding(season, "B1", record="r:2", subject="近", happened_on=DAY - timedelta(days=1))
    make_finding(season, "P1", record="r:3")
    make_finding(season, "A1", "工会")
    make_finding(season, "B1", record="r:4", state=FindingState.GONE)
    number = uuid.uuid4()
    asked = record(season, assessor, subject="第三项", uuid=number)
    offered = parsed(asked).xpath('//input[@type="radio"][@name="finding"]/@value')
    assert (offered, Deduction.objects.count()) == ([str(near.uuid), str(far.uuid), "none"], 0)
    said = record(season, assessor, subject="第三项", uuid=number, finding=near.uuid)
    assert (said.status_code, states(near, far)) == (302, ["charged", "open"])


def test_none_of_the_findings_records_it_on_its_own(season, assessor):
    made = make_finding(season, "B1")
    assert record(season, assessor, subject="第三项", finding="none").status_code == 302
    assert (Deduction.objects.get().finding, states(made)) == (None, ["open"])


def test_a_rule_charged_once_is_asked_about_only_when_its_subject_is_text(season, assessor):
    person = make_person(season)
    make_finding(season, "B6", subject="李四")
    asked = record(season, assessor, "B6", subject="王五")
    assert (asked.status_code, Deduction.objects.count()) == (200, 0)
    assert record(season, assessor, "B6", subject=str(person)).status_code == 302


def test_another_known_person_is_another_fact(season, assessor, monkeypatch):
    say(monkeypatch, season, "B9")
    person, other = make_person(season), make_person(season, "王五", number="00124")
    make_finding(season, "B9", subject=other)
    assert record(season, assessor, "B9", subject=str(person), place="keep").status_code == 302
    make_finding(season, "B9", subject=person)
    assert record(season, assessor, "B9", subject=str(person), place="keep").status_code == 200


def test_the_choice_of_a_department_is_kept_while_asking(season, assessor, monkeypatch):
    say(monkeypatch, season, "A8")
    person = make_person(season, home="教务处")
    made = make_finding(season, "A8", "教务处", subject=person)
    there = f"there:{department(season, '教务处').uuid}"
    asked = record(season, assessor, "B10", subject=str(person), place=there)
    assert parsed(asked).xpath('//fieldset//button[@name="place"]/@value') == [there]
    said = record(season, assessor, "B10", subject=str(person), place=there, finding=made.uuid)
    assert (said.status_code, Deduction.objects.get().charged.name, states(made)) == (302, "教务处", ["charged"])


# --- the line's own page


def shown(season, actor, line):
    return parsed(reader(actor).get(page("deduction", season, line.uuid))).xpath("//main")[0]


def test_a_department_reads_what_the_records_showed_once_it_is_confirmed(season, assessor, second):
    made = make_finding(season, "B1", facts=[paper("岗位三")], parameters={"parts": ["measure"], "day": "2009-12-22"})
    line = charge_findings([picked(made)], by=assessor, at=NOON).done[0].deductions.get()
    head = make_actor(season, Role.HEAD, department=department(season))
    address = page("deduction", season, line.uuid)
    assert reader(head).get(address).status_code == 404
    reader(second).post(page("deduction-confirm", season, line.uuid))
    tree = shown(season, head, line)
    assert "岗位三" in words(tree)
    assert words(tree).count("No measures by 2009-12-22.") == 1
    links = './/a[contains(@href, "/findings/")]/@href'
    assert (tree.xpath(links), shown(season, second, line).xpath(links)) == ([], [page("finding", season, made.uuid)])


def test_a_line_never_shows_what_the_records_have_shown_since(season, assessor, second):
    made = make_finding(season, "B1", facts=[paper("岗位三")])
    line = charge_findings([picked(made)], by=assessor, at=NOON).done[0].deductions.get()
    reader(second).post(page("deduction-confirm", season, line.uuid))
    withdraw_deduction(line, by=second, at=NOON + timedelta(hours=1), because="误")
    head = make_actor(season, Role.HEAD, department=department(season))
    assert "岗位三" in words(shown(season, head, line))
    found = Finding.objects.get(pk=made.pk)
    Finding.objects.filter(pk=made.pk).update(
        state=FindingState.OPEN,
        facts=[paper("新的事").frozen()],
        earlier={"state": "dismissed", "facts": found.facts, "at": found.decided_at.isoformat(), "by": second.user_id},
        decided_at=None,
        decided_by=None,
        because="",
    )
    text = words(shown(season, head, line))
    assert ("岗位三" in text, "新的事" in text) == (True, False)


def test_a_matched_line_shows_the_finding_it_stands_for(season, assessor):
    line = make_deduction(season, "B1", by=assessor, subject=make_subject(season, "B1", "别的"))
    make_finding(
        season,
        "B1",
        facts=[paper("岗位三")],
        state=FindingState.CHARGED,
        deduction=line,
        decided_by_id=assessor.user_id,
    )
    assert "岗位三" in words(shown(season, assessor, line))
    plain = make_deduction(season, "S5", by=assessor)
    assert "What the records showed" not in words(shown(season, assessor, plain))
