"""Every state × transition × party of the four tables, against a table written by hand from §3.4 and the design.

Lines: transition | from | to ("=" stays) | in their own name | on behalf. "-" is nobody: a consequence of another row.
"""

import pytest

from core.workflow import LinkActor, binding_of, decide
from missions.enums import Party
from missions.models import CapacityRequest, Invitation, Mission, Report
from missions.tests import factories as make
from missions.workflow import INVITATION, MISSION, REPORT, REQUEST

EXPECTED = {
    CapacityRequest: """
        write | draft returned | = | beneficiary |
        file | draft returned | filed | beneficiary |
        check | filed | checked | rocb |
        return | filed | returned | rocb |
        enter_in_plan | checked | in_plan | secretariat |
        withdraw | draft filed returned checked | withdrawn | beneficiary | rocb
    """,
    Mission: """
        look_at_own_experts | planned | searching | secretariat | rocb
        shortlist | searching inviting | = | rocb secretariat |
        consult_other_office | searching | = | rocb secretariat |
        finalise_shortlist | searching | inviting | rocb secretariat |
        decide_team | inviting | preparing | rocb secretariat |
        write_to_team | preparing | = | rocb secretariat leader |
        prepare | preparing | = | rocb secretariat leader |
        record_start | preparing | under_way | rocb secretariat leader |
        record_end | under_way | completed | rocb secretariat leader |
        mark_reported | completed | reported | - |
        reopen_seat | inviting preparing | inviting | - |
        close | reported | closed | rocb secretariat |
        cancel | planned searching inviting preparing under_way | cancelled | rocb secretariat |
    """,
    Invitation: """
        ask | shortlisted other_dates not_available | asked | rocb secretariat |
        answer_available | asked other_dates | available | expert | rocb secretariat
        answer_other_dates | asked | other_dates | expert | rocb secretariat
        answer_not_available | asked other_dates | not_available | expert | rocb secretariat
        record_agreements | available | = | rocb secretariat |
        prepare_letter | available | = | rocb secretariat |
        send_letter | available | letter_sent | secretariat |
        answer_yes | letter_sent | approved | home | rocb
        answer_conditions | letter_sent | conditions | home | rocb
        answer_no | letter_sent | refused | home | rocb
        answer_other_officer | letter_sent | other_officer | home | rocb
        chase | letter_sent | = | rocb |
        accept_conditions | conditions | approved | rocb secretariat |
        decline_conditions | conditions | conditions_declined | rocb secretariat |
        withdraw | shortlisted asked available other_dates letter_sent conditions | withdrawn | rocb secretariat |
        acknowledge_neutrality | approved | = | expert |
        stand_down | approved | stood_down | rocb secretariat |
        record_no_show | approved served | no_show | rocb secretariat |
        take_part | approved | served | - |
        not_needed | shortlisted asked available other_dates | not_needed | - |
    """,
    Report: """
        write | draft returned | = | leader team | rocb secretariat
        submit | draft returned | submitted | leader | rocb secretariat
        accept | submitted | accepted | rocb secretariat |
        return | submitted | returned | rocb secretariat |
    """,
}


def rows(text):
    for line in text.strip().splitlines():
        name, sources, target, own, *behalf = [cell.strip() for cell in line.split("|")]
        yield name, set(sources.split()), target, set(own.split()) - {"-"}, set(" ".join(behalf).split())


@pytest.mark.parametrize(
    ("model", "machine"), [(CapacityRequest, REQUEST), (Mission, MISSION), (Invitation, INVITATION), (Report, REPORT)]
)
def test_the_table_names_the_same_rows_sources_targets_and_parties(model, machine):
    written = {name: (sources, target, own, behalf) for name, sources, target, own, behalf in rows(EXPECTED[model])}
    found = {
        row.name: (
            set(row.sources),
            row.target or "=",
            set() if row.consequence else set(row.parties),
            set(row.on_behalf),
        )
        for row in machine.transitions
    }
    assert found == written


@pytest.fixture
def things(db):
    who = make.people()
    mission = make.completed(who)
    return {
        CapacityRequest: mission.request,
        Mission: mission,
        Invitation: mission.all_invitations.get(),
        Report: mission.report,
    }


@pytest.mark.parametrize("model", list(EXPECTED))
def test_every_state_transition_and_party(things, model):
    obj = things[model]
    wrong_party = "This is for somebody else to do."
    machine = binding_of(model).machine
    for field in ("consulted_at", "contact_at", "letter_ready_at", "neutrality_at"):
        if hasattr(obj, field):
            setattr(obj, field, None)
    differing = []
    cells = 0
    for state in machine.states:
        obj.state = state.value
        for name, sources, _target, own, behalf in rows(EXPECTED[model]):
            for party in Party.values:
                decision = decide(obj, LinkActor("x", frozenset({party})), name)
                said = (
                    "party" if decision.reason == wrong_party else "state" if "not open" in decision.reason else "open"
                )
                expected = "party" if party not in own | behalf else "open" if state.value in sources else "state"
                cells += 1
                if said != expected:
                    differing.append((state.value, name, party, said, expected))
    assert differing == []
    assert cells == len(machine.states) * len(machine.transitions) * len(Party)


def test_every_state_but_the_first_is_reached_and_only_final_ones_lead_nowhere():
    for machine in (REQUEST, MISSION, INVITATION, REPORT):
        targets = {row.target for row in machine.transitions}
        for state in machine.states:
            leads = [row for row in machine.transitions if state.value in row.sources and row.target]
            assert state.value == machine.initial or state.value in targets
            assert bool(leads) or state.final
