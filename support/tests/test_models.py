"""Who sees an opportunity: the offices, and those who were told."""

import pytest

from experts.tests.factories import ExpertFactory, area
from members.tests.factories import administration, focal_point, rocb, secretariat
from support.enums import Audience, OpportunityKind, OpportunityState
from support.models import Notice, Opportunity

pytestmark = pytest.mark.django_db


def test_an_opportunity_is_seen_by_those_who_were_told():
    told = Opportunity.objects.create(
        kind=OpportunityKind.CONCEPT, title="K9", area=area("K9"), state=OpportunityState.TOLD
    )
    draft = Opportunity.objects.create(kind=OpportunityKind.CONCEPT, title="NII", state=OpportunityState.DRAFT)
    expert = ExpertFactory(login=True)
    Notice.objects.create(opportunity=told, audience=Audience.REGION, administration=administration("FJ"))
    Notice.objects.create(opportunity=told, audience=Audience.EXPERTS, expert=expert)

    def seen(user):
        return {str(row) for row in Opportunity.objects.visible_to(user)}

    assert seen(rocb()) == {str(told), str(draft)}
    assert seen(secretariat()) == seen(focal_point("FJ")) == seen(expert.user) == {str(told)}
    assert seen(focal_point("SG")) == set()
