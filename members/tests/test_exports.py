"""The lists of people and administrations go out as files, to whoever may see the list."""

import pytest
from django.urls import reverse

from members.tests.factories import administration, focal_point, rocb

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("page", ["members:users", "members:administrations", "missions:letters"])
def test_a_list_goes_out_as_a_file(client, page, ending):
    client.force_login(rocb())
    answer = client.get(reverse(page), {"format": ending})
    assert answer.status_code == 200
    assert ending in answer["Content-Disposition"]


def test_its_rows_are_those_of_the_list(client):
    client.force_login(focal_point("FJ"))
    lines = (
        client.get(reverse("members:administrations"), {"format": "csv", "q": "Fiji"})
        .content.decode("utf-8-sig")
        .splitlines()
    )
    assert (len(lines), str(administration("FJ")) in lines[1]) == (2, True)
    assert client.get(reverse("members:users"), {"format": "csv"}).status_code == 403
