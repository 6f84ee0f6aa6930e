"""Nominations at any point of their way, taken there by the real services."""

from types import SimpleNamespace
from typing import Any

from candidates import services
from candidates.enums import Origin, Requirement, Verdict
from candidates.models import Nomination
from core.workflow import perform
from experts.models import Expert
from experts.tests.factories import ExpertFactory, area
from members.models import User
from members.tests.factories import administration, centre_head, focal_point, rocb, secretariat

EVIDENCE = {int(requirement): f"Shown: {requirement.label}." for requirement in Requirement}
ALL_MET = {int(requirement): (Verdict.MET, "") for requirement in Requirement}
ONE_NOT_MET = {**ALL_MET, int(Requirement.ENGLISH): (Verdict.NOT_MET, "No test is named.")}


def parties(home: str = "JP", host: str = "MY") -> SimpleNamespace:
    """One person for each party of a nomination; the nominee is an official of `home` with an account."""
    nominee = ExpertFactory(at_home_in=home, login=True)
    return SimpleNamespace(
        rocb=rocb(),
        secretariat=secretariat(),
        home=focal_point(home),
        centre=centre_head(host),
        nominee=nominee,
        nominee_user=nominee.user,
    )


def nominator(who: SimpleNamespace, origin: str) -> User:
    found: User = {Origin.ADMINISTRATION: who.home, Origin.CENTRE: who.centre, Origin.ROCB: who.rocb}[Origin(origin)]
    return found


def begun(
    who: SimpleNamespace, origin: str = Origin.ADMINISTRATION, expert: Expert | None = None, **fields: Any
) -> Nomination:
    host = administration("MY") if origin == Origin.CENTRE else None
    return services.draft_nomination(
        by=nominator(who, origin), origin=origin, centre_host=host, expert=expert or who.nominee, **fields
    )


def written(
    who: SimpleNamespace, origin: str = Origin.ADMINISTRATION, codes: tuple[str, ...] = ("NII",), **fields: Any
) -> Nomination:
    draft = begun(who, origin, **fields)
    return services.save_nomination(
        draft,
        by=nominator(who, origin),
        version=draft.version,
        areas=[area(code) for code in codes],
        evidence=EVIDENCE,
        why="Known for good teaching.",
    )


def sent(who: SimpleNamespace, origin: str = Origin.ADMINISTRATION, **fields: Any) -> Nomination:
    return services.submit_nomination(written(who, origin, **fields), by=nominator(who, origin))


def consented(who: SimpleNamespace, origin: str = Origin.ADMINISTRATION, **fields: Any) -> Nomination:
    nomination = sent(who, origin, **fields)
    return services.complete_nominee_part(nomination, by=who.rocb, consent=True, note="By telephone.")


def agreed(who: SimpleNamespace, origin: str, **fields: Any) -> Nomination:
    return perform(consented(who, origin, **fields), "agree", by=who.home)


def reviewed(
    who: SimpleNamespace, origin: str = Origin.ADMINISTRATION, judgements: Any = None, **fields: Any
) -> Nomination:
    nomination = consented(who, origin, **fields)
    if nomination.is_from_outside:
        perform(nomination, "agree", by=who.home)
    services.save_review(nomination, by=who.rocb, judgements=judgements or ALL_MET, give=True)
    return nomination


def listed(who: SimpleNamespace, origin: str = Origin.ADMINISTRATION, **fields: Any) -> Nomination:
    return services.list_nomination(reviewed(who, origin, **fields), by=who.rocb)


def not_listed(who: SimpleNamespace, origin: str = Origin.ADMINISTRATION, **fields: Any) -> Nomination:
    nomination = reviewed(who, origin, judgements=ONE_NOT_MET, **fields)
    return perform(nomination, "not_list", by=who.rocb, decision_note="Fluency in English could not be shown yet.")
