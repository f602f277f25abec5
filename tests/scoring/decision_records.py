"""One record of each kind from notice to publication, for tests that try every url."""

from datetime import timedelta

from campaigns.models import Decision
from scoring.models import (
    Appeal,
    Benchmark,
    Category,
    Display,
    Interpretation,
    Notice,
    Objection,
    Publication,
    Rule,
    Snapshot,
    Supplement,
)


def make_snapshot(season, *, at):
    """Return a snapshot with the result as it stands."""
    from scoring.services.snapshots import take_snapshot

    found: Snapshot = take_snapshot(season, at=at)
    return found


def make_decided(season, place, line, *, by_id, at):
    """Return by url name the record that each url about decisions names."""
    day = at.date()
    notice = Notice.objects.create(
        campaign=season, department=place, handed_on=day, received_by="张三", recorded_by_id=by_id, recorded_at=at
    )
    appeal = Appeal.objects.create(
        campaign=season,
        department=place,
        deduction=line,
        reason="有佐证",
        appealed_by_id=by_id,
        appealed_at=at,
        appealed_on=day,
    )
    supplement = Supplement.objects.create(
        campaign=season, title="补充", text="补充内容", applies_from=day, drafted_by_id=by_id, drafted_at=at
    )
    rule = Rule.objects.filter(campaign=season).first()
    interpretation = Interpretation.objects.create(
        campaign=season, rule=rule, number=1, text="解释", valid_from=day, issued_by_id=by_id, issued_at=at
    )
    Benchmark.objects.create(
        campaign=season,
        block=place.block,
        category=Category.objects.filter(campaign=season).first(),
        department=place,
        amount=0,
        reason="最好",
        named_by_id=by_id,
        named_at=at,
    )
    decision = Decision.objects.create(
        campaign=season,
        kind="visibility",
        decided_on=day,
        present="甲、乙",
        text="公开本板块",
        data={"visibility": "block"},
        recorded_by_id=by_id,
        recorded_at=at,
    )
    display = Display.objects.create(
        campaign=season,
        number=1,
        snapshot=make_snapshot(season, at=at),
        starts_on=day,
        ends_on=day + timedelta(days=5),
        visibility="all",
        opened_by_id=by_id,
        opened_at=at,
    )
    objection = Objection.objects.create(
        campaign=season,
        display=display,
        department=place,
        text="有异议",
        objected_on=day,
        entered_by_id=by_id,
        entered_at=at,
    )
    proposed = Publication.objects.create(
        campaign=season,
        snapshot=make_snapshot(season, at=at),
        display=display,
        visibility="all",
        sign_until=day + timedelta(days=10),
        proposed_by_id=by_id,
        proposed_at=at,
    )
    about = {
        **dict.fromkeys(("department-notices", "notice-print", "notice-hand-over", "trend", "statement-print"), place),
        **dict.fromkeys(("appeal", "appeal-take-back", "appeal-rule"), appeal),
        **dict.fromkeys(
            (
                "supplement",
                "supplement-edit",
                "supplement-preview",
                "supplement-adopt",
                "supplement-discard",
            ),
            supplement,
        ),
        **dict.fromkeys(("display", "display-withdraw", "objection-new"), display),
        **dict.fromkeys(
            (
                "publication",
                "publication-confirm",
                "publication-refuse",
                "publication-recall",
                "publication-statement",
                "papers",
                "paper",
            ),
            proposed,
        ),
        "notice": notice,
        "appeal-new": line,
        "interpretation-withdraw": interpretation,
        "decision": decision,
        "objection-answer": objection,
    }
    return {f"scoring:{name}": found for name, found in about.items()}
