"""Every state × transition × party of the tables of the survey and of proposals, against a table written by hand.

Lines: transition | from | to ("=" stays) | in their own name | on behalf.
"""

import pytest

from core.workflow import LinkActor, binding_of, decide
from experts.tests.factories import area
from gap_analysis import services
from gap_analysis.enums import Party
from gap_analysis.models import Proposal, Response, Survey
from gap_analysis.tests import factories as make
from gap_analysis.workflow import PROPOSAL, RESPONSE, SURVEY
from members.tests.factories import focal_point, rocb

EXPECTED = {
    Survey: """
        open | draft | open | rocb |
        close | open | closed | rocb |
        reopen | closed | open | rocb |
    """,
    Response: """
        write | open | = | member | rocb
        submit | open | submitted | member | rocb
        reopen | submitted | open | member | rocb
        give_grace | open | = | rocb |
        note_call | open | = | rocb |
        excuse | open | excused | rocb |
        take_in | excused | open | rocb |
    """,
    Proposal: """
        send | draft | sent | rocb |
        accept | sent deferred | accepted | secretariat | rocb
        defer | sent | deferred | secretariat | rocb
        decline | sent deferred | declined | secretariat | rocb
        note_answer | accepted deferred declined | = | rocb |
        withdraw | draft sent deferred | withdrawn | rocb |
    """,
}


def rows(text):
    for line in text.strip().splitlines():
        name, sources, target, own, *behalf = [cell.strip() for cell in line.split("|")]
        yield name, set(sources.split()), target, set(own.split()), set(" ".join(behalf).split())


@pytest.mark.parametrize(("model", "machine"), [(Survey, SURVEY), (Response, RESPONSE), (Proposal, PROPOSAL)])
def test_the_table_names_the_same_rows_sources_targets_and_parties(model, machine):
    written = {name: (sources, target, own, behalf) for name, sources, target, own, behalf in rows(EXPECTED[model])}
    found = {
        row.name: (set(row.sources), row.target or "=", set(row.parties), set(row.on_behalf))
        for row in machine.transitions
    }
    assert found == written


@pytest.fixture
def things(db):
    survey = make.opened()
    fiji = focal_point("FJ")
    proposal = services.propose(area("NII"), by=rocb())
    return {Survey: survey, Response: make.filled(make.response_of(survey, "FJ"), fiji), Proposal: proposal}


@pytest.mark.parametrize("model", list(EXPECTED))
def test_every_state_transition_and_party(things, model):
    obj = things[model]
    machine = binding_of(model).machine
    differing = []
    for state in machine.states:
        obj.state = state.value
        for name, sources, _target, own, behalf in rows(EXPECTED[model]):
            for party in Party.values:
                reason = decide(obj, LinkActor("x", frozenset({party})), name).reason
                said = "party" if "somebody else" in reason else "state" if "not open" in reason else "open"
                expected = "party" if party not in own | behalf else "open" if state.value in sources else "state"
                if said != expected:
                    differing.append((state.value, name, party, said, expected))
    assert differing == []
