"""Every state × transition × party of the tables of part II, against a table written by hand from §2.2(2), §2.3 and the design.

Lines: transition | from | to ("=" stays) | in their own name | on behalf.
"""

import pytest

from candidates.enums import Party
from candidates.models import Nomination
from candidates.tests import factories as make
from candidates.workflow import NOMINATION
from core.workflow import LinkActor, binding_of, decide

EXPECTED = {
    Nomination: """
        submit | draft returned | submitted | nominator |
        complete_part | submitted returned | = | nominee | rocb
        ask_nominee_again | submitted returned | = | nominator rocb |
        agree | submitted returned | = | home | rocb
        object | submitted returned listed | objected | home | rocb
        lift_objection | objected | submitted | home | rocb
        review | submitted | = | rocb secretariat |
        return | submitted | returned | rocb |
        list | submitted | listed | rocb |
        not_list | submitted | not_listed | rocb |
        withdraw | draft submitted returned | withdrawn | nominator nominee | rocb
    """,
}
MACHINES = {Nomination: NOMINATION}


def rows(text):
    for line in text.strip().splitlines():
        name, sources, target, own, *behalf = [cell.strip() for cell in line.split("|")]
        yield name, set(sources.split()), target, set(own.split()) - {"-"}, set(" ".join(behalf).split())


@pytest.mark.parametrize("model", list(EXPECTED), ids=lambda model: model.__name__)
def test_the_table_names_the_same_rows_sources_targets_and_parties(model):
    written = {name: (sources, target, own, behalf) for name, sources, target, own, behalf in rows(EXPECTED[model])}
    found = {
        row.name: (set(row.sources), row.target or "=", set(row.parties), set(row.on_behalf))
        for row in MACHINES[model].transitions
    }
    assert found == written


@pytest.fixture
def things(db):
    return {Nomination: make.sent(make.parties(), "centre")}


@pytest.mark.parametrize("model", list(EXPECTED), ids=lambda model: model.__name__)
def test_every_state_transition_and_party(things, model):
    obj = things[model]
    machine = binding_of(model).machine
    differing, cells = [], 0
    for state in machine.states:
        obj.state = state.value
        for name, sources, _target, own, behalf in rows(EXPECTED[model]):
            for party in Party.values:
                decision = decide(obj, LinkActor("x", frozenset({party})), name)
                is_party = decision.reason != "This is for somebody else to do."
                said = "party" if not is_party else "state" if "not open" in decision.reason else "open"
                expected = "party" if party not in own | behalf else "open" if state.value in sources else "state"
                cells += 1
                if said != expected:
                    differing.append((state.value, name, party, said, expected))
    assert differing == []
    assert cells == len(machine.states) * len(machine.transitions) * len(Party)


@pytest.mark.parametrize("model", list(EXPECTED), ids=lambda model: model.__name__)
def test_every_state_but_the_first_is_reached(model):
    machine = MACHINES[model]
    targets = {row.target for row in machine.transitions}
    assert {state.value for state in machine.states} - {machine.initial} <= targets
