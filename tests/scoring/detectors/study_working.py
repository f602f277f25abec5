"""Facts of study sessions made by hand, and at random, for the detectors that read them."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from hypothesis import strategies as st

from scoring.facts import Department, FileFact, Person, RuleTerms, Season, Terms
from scoring.facts.study import (
    AttendanceFact,
    HeldSession,
    InvitationFact,
    Member,
    MinutesFact,
    NoticeFact,
    OwedFact,
    SessionFact,
    Study,
)
from tests.factories import SHANGHAI

PHASE_END = date(2009, 10, 31)
FIRST, SECOND = date(2009, 10, 15), date(2009, 10, 22)
LATER = date(2009, 12, 28)
SCAN = FileFact("minutes.pdf", "a" * 64)
SLIP = FileFact("slip.jpg", "b" * 64)


def terms(on=LATER, *, phase_end=PHASE_END, closed_on=None, **rule) -> Terms:
    """Return what a detector is told on that day."""
    return Terms(
        RuleTerms("S", "department", thresholds={"phase": 1}, **rule),
        Season(on, date(2009, 9, 1), date(2010, 1, 31), phase_ends={1: phase_end} if phase_end else {}),
        Department(1, UUID(int=1), "图书馆", "support", "B", closed_on),
    )


def moment(day, hour=15) -> datetime:
    """Return an hour of a day."""
    return datetime.combine(day, time(hour), SHANGHAI)


def session(
    *days,
    number=1,
    notified_at=None,
    invited=(),
    held="discussed",
    main="学习通知",
    main_pages="",
    discussion="大家发言",
    discussion_pages="",
    scans=(),
    taken=True,
) -> HeldSession:
    """Return a session held at 15:00 of these days (by default on 15 October), by default with complete minutes."""
    days, uuid = days or (FIRST,), UUID(int=number)
    told = f"{notified_at:%Y-%m-%d %H:%M}" if notified_at else ""
    return HeldSession(
        SessionFact(uuid, "学习通知", days),
        NoticeFact(uuid, "学习通知", f"{days[0]} 15:00", told, ""),
        MinutesFact(uuid, "学习通知", days, held, main, main_pages, discussion, discussion_pages, files=tuple(scans)),
        tuple(InvitationFact(UUID(int=100 * number + at), f"院领导{at}", day) for at, day in enumerate(invited)),
        began_at=moment(days[0]),
        began_on=days[0],
        notified_at=notified_at,
        is_roll_taken=taken,
    )


def bare(*days, **values) -> HeldSession:
    """Return a session without minutes."""
    return session(*days, **({"held": "", "main": "", "discussion": ""} | values))


def owed(deadline=PHASE_END) -> OwedFact:
    """Return that a session is owed by that day, extended to it where it is later than the end of October."""
    extended = deadline if deadline > PHASE_END else None
    return OwedFact(UUID(int=7), deadline, "学习讨论会", min(deadline, PHASE_END), extended)


def person(number=1, category="full_time", name="张伟") -> Person:
    """Return somebody of the staff list."""
    return Person(number, UUID(int=number), name, f"0010{number}", category)


def line(status="absent", *, of=1, slip=False, by="", on=None, suggestion="") -> AttendanceFact:
    """Return what the roll of a session (by its number) says."""
    files = (SLIP,) if slip else ()
    uuid = UUID(int=1000 + of)
    return AttendanceFact(uuid, "张伟(00101)", status, by, on, suggestion, page=UUID(int=of), files=files)


def excused(status="sick", *, of=1, **less) -> AttendanceFact:
    """Return a leave with all its papers, without those named."""
    return line(
        status, of=of, **({"slip": True, "by": "刘馆长", "on": date(2009, 10, 14), "suggestion": "多买书"} | less)
    )


def member(*lines, of=None, since=date(2009, 9, 1), until=None) -> Member:
    """Return somebody who belonged to the department."""
    return Member(of or person(), ((since, until),), lines)


def found(detect, facts, told=None):
    """Return all a detector finds."""
    return list(detect(facts, told or terms()))


# --- at random

DAYS = st.integers(0, 30).map(lambda days: date(2009, 10, 10) + timedelta(days=days))
TEXT = st.sampled_from(["", "有"])
PAGES = st.sampled_from(["", "3"])


@st.composite
def sessions(draw) -> tuple[HeldSession, ...]:
    """Return up to three sessions of one or two sittings."""
    made = []
    for number in range(1, draw(st.integers(0, 3)) + 1):
        days = sorted({draw(DAYS), draw(DAYS)})
        hours = draw(st.sampled_from([None, -30, -1, 0, 5]))
        made.append(
            session(
                *days,
                number=number,
                notified_at=None if hours is None else moment(days[0]) + timedelta(hours=hours),
                invited=draw(st.lists(DAYS, max_size=2)),
                held=draw(st.sampled_from(["", "discussed", "not-discussed"])),
                main=draw(TEXT),
                main_pages=draw(PAGES),
                discussion=draw(TEXT),
                discussion_pages=draw(PAGES),
                scans=draw(st.sampled_from([(), (SCAN,)])),
                taken=draw(st.booleans()),
            )
        )
    return tuple(made)


@st.composite
def members(draw, count: int) -> tuple[Member, ...]:
    """Return up to three people; what rolls of these sessions say of them, and sometimes one of another department."""
    made = []
    for number in range(1, draw(st.integers(0, 3)) + 1):
        lines = []
        for of in [*range(1, count + 1), 9]:
            status = draw(st.sampled_from(["", "", "absent", "personal", "sick", "official", "present"]))
            if status:
                given = [name for name in ("slip", "by", "on", "suggestion") if draw(st.integers(0, 3)) == 0]
                lines.append(excused(status, of=of, **dict.fromkeys(given)))
        category = draw(st.sampled_from(["full_time", "external"]))
        lasts = draw(st.none() | DAYS)
        since = min(draw(DAYS), lasts) if lasts else draw(DAYS)
        made.append(member(*lines, of=person(number, category), since=since, until=lasts))
    return tuple(made)


@st.composite
def studies(draw) -> Study:
    """Return all the records of a department might say."""
    held = draw(sessions())
    return Study(
        held,
        owed=tuple(owed(draw(DAYS)) for _ in range(draw(st.integers(0, 2)))),
        members=draw(members(len(held))),
        is_released=draw(st.booleans()),
    )


def last_day(one: HeldSession) -> date:
    """Return the day of a session's last sitting."""
    return sorted(one.fact.days)[-1]
