"""Coverage, material, trainings and focus areas as pages."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from centres import queries, services
from centres.models import Centre, CentreFocus, Resource, Training
from core.clock import today
from experts.tests.factories import AccreditationFactory, ExpertFactory, area, category
from members.tests.factories import centre_head, focal_point, rocb, secretariat, user_of

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n%%EOF\n"


def centre(code="MY"):
    return Centre.objects.get(administration__code=code)


def test_the_table_as_published_has_the_six_of_2012(client):
    client.force_login(user_of("expert"))
    page = client.get(reverse("centres:centres"))
    assert f"?day={page.context['published'].isoformat()}" in page.content.decode()
    CentreFocus.objects.create(centre=centre("FJ"), area=area("NII"), since=today())
    rows = client.get(reverse("centres:centres"), {"day": "2012-03-31"}).context["rows"]
    assert sorted(row.centre.administration.code for row in rows) == ["CN", "HK", "IN", "JP", "KR", "MY"]
    assert len(client.get(reverse("centres:centres"), {"day": "nonsense"}).context["rows"]) == 10
    sheet = client.get(reverse("centres:centres-export", args=["csv"]) + "?day=2012-03-31").content.decode()
    assert sheet.count("Japan,") == 2
    assert "Fiji" not in sheet


def test_coverage_puts_first_what_lacks_people_or_a_centre():
    AccreditationFactory(expert=ExpertFactory(), category=category("TOA"), area=area("AEO"))
    AccreditationFactory(expert=ExpertFactory(), category=category("TOA"), area=area("NII"))
    ExpertFactory(first_step=True)
    found = {row.area.code: (row.kind, row.full, row.first_step, len(row.centres)) for row in queries.coverage(today())}
    assert found["AEO"] == ("both", 1, 1, 1)
    assert found["NII"] == ("no_centre", 1, 0, 0)
    assert found["IPR"][:3] == ("no_people", 0, 0)
    kinds = [row.kind for row in queries.coverage(today())]
    assert kinds == sorted(kinds, key=["no_people", "no_centre", "both"].index)


def test_a_centre_adds_material_that_experts_find_and_download(client):
    head = centre_head("MY")
    client.force_login(head)
    url = reverse("centres:resource-add", args=[centre().pk])
    assert client.post(url, {"title": "Handbook", "audience": "experts"}).status_code == 422
    body = {"title": "Handbook", "audience": "experts", "area": area("DRUG").pk}
    both = {**body, "upload": SimpleUploadedFile("h.pdf", PDF), "url": "https://x.example/"}
    assert client.post(url, both).status_code == 422
    assert client.post(url, {**body, "url": "javascript:alert(1)"}).status_code == 422
    done = client.post(url, {**body, "upload": SimpleUploadedFile("h.pdf", PDF)})
    assert done.headers["Location"] == centre().get_absolute_url()
    resource = Resource.objects.get()
    client.force_login(user_of("expert"))
    assert "Handbook" in client.get(reverse("centres:resources"), {"q": "hand drug"}).content.decode()
    assert "Handbook" not in client.get(reverse("centres:resources"), {"centre": "JP"}).content.decode()
    got = client.get(reverse("centres:resource", args=[resource.pk]))
    assert (b"".join(got.streaming_content), got.headers["Content-Disposition"][:10]) == (PDF, "attachment")
    client.force_login(focal_point("FJ"))
    assert "Handbook" not in client.get(centre().get_absolute_url()).content.decode()
    assert client.get(reverse("centres:resource", args=[resource.pk])).status_code == 404


def test_a_centre_takes_its_material_away(client):
    resource = services.add_resource(centre(), title="Page", by=rocb(), url="https://x.example/")
    client.force_login(centre_head("MY"))
    assert client.get(reverse("centres:resource", args=[resource.pk])).status_code == 404  # a link is no file
    url = reverse("centres:resource-remove", args=[resource.pk])
    assert url in client.get(centre().get_absolute_url()).content.decode()
    client.post(url)
    assert "Page" not in [str(r) for r in client.get(centre().get_absolute_url()).context["resources"]]


def test_a_training_is_kept_with_who_taught(client):
    head = centre_head("MY")
    client.force_login(head)
    url = reverse("centres:training-add", args=[centre().pk])
    assert client.get(url, {"kind": "candidates"}).context["form"].initial["kind"] == "candidates"
    body = {"kind": "given", "title": "Valuation", "first_day": "2026-03-02", "last_day": "2026-03-01"}
    assert client.post(url, body).status_code == 422
    client.post(url, {**body, "last_day": "2026-03-06", "participants": 24})
    held = Training.objects.get()
    person = ExpertFactory(family_name="Teacher", at_home_in="JP", accredited=True)
    hidden = ExpertFactory(family_name="Teachable", at_home_in="TH")
    url = reverse("centres:training-person-add", args=[held.pk])
    assert [p.pk for p in client.get(url, {"find": "teach"}).context["found"]] == [person.pk]
    assert client.post(url, {"expert": hidden.pk, "role": "trainer"}).status_code == 422
    client.post(url, {"expert": person.pk, "role": "trainer"})
    assert client.post(url, {"expert": person.pk, "role": "participant"}).status_code == 422
    assert [line.expert_id for line in client.get(held.get_absolute_url()).context["lines"]] == [person.pk]
    panel = client.get(reverse("centres:of-expert", args=[person.pk]), headers={"HX-Request": "true"}).content.decode()
    assert ("Valuation" in panel, "<html" in panel) == (True, False)
    sheet = client.get(reverse("centres:trainings-export", args=["csv"])).content.decode()
    assert "Given Teacher" in sheet
    client.post(reverse("centres:training-person-remove", args=[held.lines.get().pk]))
    assert not held.lines.exists()


def test_a_changed_training_is_not_overwritten_by_an_older_form(client):
    client.force_login(rocb())
    held = services.add_training(
        centre(), by=rocb(), kind="given", title="Old", first_day=dt.date(2026, 3, 2), last_day=dt.date(2026, 3, 2)
    )
    url = reverse("centres:training-edit", args=[held.pk])
    body = {"kind": "given", "title": "New", "first_day": "2026-03-02", "last_day": "2026-03-02", "version": "0"}
    assert client.post(url, body).status_code == 302
    assert client.post(url, {**body, "title": "Other"}).status_code == 422
    held.refresh_from_db()
    assert held.title == "New"


def test_rocb_edits_what_a_centre_develops(client):
    client.force_login(rocb())
    client.post(
        reverse("centres:focus-add", args=[centre("FJ").pk]),
        {"area": area("NII").pk, "since": "2026-01-05", "label": ""},
    )
    focus = CentreFocus.objects.get(centre=centre("FJ"))
    assert client.post(reverse("centres:focus-end", args=[focus.pk]), {"until": "2026-01-05"}).status_code == 422
    client.post(reverse("centres:focus-end", args=[focus.pk]), {"until": "2026-01-06"})
    focus.refresh_from_db()
    assert focus.until == dt.date(2026, 1, 6)


def test_the_page_of_a_centre_asks_the_panel_of_candidates_of_those_who_may_open_it(client):
    panel = reverse("candidates:of-centre", args=[centre().pk])
    for user, asks in ((secretariat(), True), (centre_head("MY"), True), (user_of("expert"), False)):
        client.force_login(user)
        assert (panel in client.get(centre().get_absolute_url()).content.decode()) is asks


def test_a_centre_says_itself_what_it_develops_and_no_other_does(client):
    client.force_login(centre_head("MY"))
    body = {"area": area("NII").pk, "since": "2026-01-05", "source": "Governing board, January 2026"}
    assert client.post(reverse("centres:focus-add", args=[centre("FJ").pk]), body).status_code == 403
    client.post(reverse("centres:focus-add", args=[centre("MY").pk]), body)
    said = CentreFocus.objects.get(area=area("NII"))
    assert (said.centre, said.source) == (centre("MY"), "Governing board, January 2026")
