"""Every state × transition × party of the table of the opportunity, against a table written by hand.

Lines: transition | from | to | in their own name.
"""

import pytest

from core.workflow import LinkActor, decide
from members.tests.factories import rocb
from support.enums import Party
from support.tests import factories as make
from support.workflow import OPPORTUNITY

EXPECTED = {
    "tell": ("draft", "told", {"rocb"}),
    "close": ("told", "closed", {"rocb"}),
}


def test_the_table_is_as_written_by_hand():
    found = {row.name: (*row.sources, row.target, set(row.parties | row.on_behalf)) for row in OPPORTUNITY.transitions}
    assert found == EXPECTED


@pytest.mark.django_db
def test_every_state_transition_and_party():
    opportunity = make.drafted(rocb())
    allowed = set()
    for state in OPPORTUNITY.states:
        opportunity.state = state.value
        for name in EXPECTED:
            for party in Party.values:
                if decide(opportunity, LinkActor("x", frozenset({party})), name):
                    allowed.add((state.value, name, party))
    assert allowed == {("draft", "tell", "rocb"), ("told", "close", "rocb")}
