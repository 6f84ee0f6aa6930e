"""Pages of nominations: begun, saved while typed, checked and sent; the nominee's link; review and decision."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from candidates import services
from candidates.enums import NominationState, Origin
from candidates.models import Listing, Nomination
from candidates.tests import factories as make
from core import links
from experts.models import Expert
from experts.tests.factories import ExpertFactory, area
from members.tests.factories import administration

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
def who():
    return make.parties()


def at(name, *args):
    return reverse(f"candidates:{name}", args=args)


def text(response):
    return " ".join(response.content.decode().split())


# Beginning


def test_somebody_known_is_found_by_words_and_nominated_with_one_click(client, who):
    ExpertFactory(at_home_in="FJ", family_name="Zanzi")
    own = ExpertFactory(at_home_in="JP", family_name="Zanzibar")
    client.force_login(who.home)
    found = client.get(at("nomination-new"), {"q": "zanz"}, headers={"HX-Request": "true"})
    assert [person.family_name for person in found.context["people"]] == ["Zanzibar"]
    answer = client.post(at("nomination-new"), {"expert": own.pk})
    draft = Nomination.objects.get()
    assert answer.url == at("nomination-edit", draft.pk)
    assert (draft.expert, draft.home, draft.origin, draft.state) == (
        own,
        administration("JP"),
        "administration",
        "draft",
    )


def test_a_centre_is_offered_the_people_of_its_host_first(client, who):
    host = ExpertFactory(at_home_in="MY", family_name="Zanzinger", accredited=True)
    other = ExpertFactory(at_home_in="FJ", family_name="Zanza", accredited=True)
    client.force_login(who.centre)
    seen = client.get(at("nomination-new"), {"q": "zanz"}, headers={"HX-Request": "true"}).context["people"]
    assert seen == [host, other]


def test_an_administration_nominates_its_own_people_alone(client, who):
    other = ExpertFactory(at_home_in="FJ", accredited=True)
    client.force_login(who.home)
    assert client.post(at("nomination-new"), {"expert": other.pk}).status_code == 403
    fields = {"given_name": "An", "family_name": "Example", "home": administration("FJ").pk}
    assert client.post(at("nomination-new"), fields).status_code == 422
    assert not Nomination.objects.exists()


def test_a_namesake_is_offered_before_a_second_record_is_opened(client, who):
    known = ExpertFactory(at_home_in="JP", given_name="Aoi", family_name="Example")
    client.force_login(who.home)
    fields = {"given_name": "example", "family_name": "AOI", "home": administration("JP").pk}
    answer = client.post(at("nomination-new"), fields)
    assert (answer.status_code, answer.context["people"]) == (422, [known])
    assert not Nomination.objects.exists()
    assert client.post(at("nomination-new"), {**fields, "given_name": "Midori"}).status_code == 302
    assert not Expert.objects.filter(given_name="Midori").exists()


def test_a_centre_recommends_and_the_call_and_the_renewed_line_come_along(client, who):
    client.force_login(who.centre)
    line = services.list_candidate(
        expert=ExpertFactory(at_home_in="KR"), area=area("NII"), origin=Origin.CENTRE, by=who.rocb,
        recommended_by=administration("MY"),
    )  # fmt: skip
    page = client.get(at("nomination-new"), {"origin": "centre", "renews": line.pk})
    assert page.context["people"] == [line.expert]
    client.post(f"{at('nomination-new')}?origin=centre&renews={line.pk}", {"expert": line.expert_id})
    draft = Nomination.objects.get()
    assert (draft.origin, draft.centre_host, draft.renews, list(draft.areas.all())) == (
        "centre", administration("MY"), line, [area("NII")],
    )  # fmt: skip


# Writing and sending


def posted(nomination, **fields):
    evidence = {f"evidence_{n}": words for n, words in make.EVIDENCE.items()}
    return {"version": nomination.version, "areas": [area("NII").pk], "why": "Known.", **evidence, **fields}


def test_what_is_typed_is_saved_and_an_address_not_yet_whole_costs_nothing_else(client, who):
    draft = make.begun(who)
    client.force_login(who.home)
    answer = client.post(at("nomination-autosave", draft.pk), posted(draft, email="half@", why="Typed so far"))
    assert (answer.status_code, answer.headers["X-Version"]) == (204, "1")
    draft.refresh_from_db()
    assert (draft.why, draft.email) == ("Typed so far", who.nominee.email)
    stale = client.post(at("nomination-autosave", draft.pk), {**posted(draft), "version": 0, "why": "Older"})
    assert (stale.status_code, stale.headers["Content-Type"]) == (409, "text/plain")


def test_a_draft_is_written_checked_and_sent(client, who):
    draft = make.begun(who)
    client.force_login(who.home)
    page = client.get(at("nomination-submit", draft.pk))
    assert "It cannot be sent yet" in text(page)
    answer = client.post(at("nomination-edit", draft.pk), posted(draft, email=who.nominee.email, send="1"))
    assert answer.url == at("nomination-submit", draft.pk)
    draft.refresh_from_db()
    answer = client.post(answer.url, {"version": draft.version})
    assert answer.url == at("nomination", draft.pk)
    draft.refresh_from_db()
    assert draft.state == NominationState.SUBMITTED
    assert client.get(at("nomination-edit", draft.pk)).status_code == 403
    assert "This has been sent" in text(client.get(at("nomination-submit", draft.pk)))


def test_areas_that_nobody_is_accredited_in_come_first_and_none_is_left_out(client, who):
    ExpertFactory(accredited=True)  # in AEO
    client.force_login(who.home)
    page = client.get(at("nomination-edit", make.begun(who).pk))
    first, second = [[str(box.choice_label) for box in boxes] for _label, boxes in page.context["form"].area_groups()]
    assert second == [area("AEO").name]
    assert area("NII").name in first


def test_a_file_is_added_and_taken_away(client, who):
    draft = make.begun(who)
    client.force_login(who.home)
    fields = {"title": "Certificate", "requirement": "2", "upload": SimpleUploadedFile("c.pdf", PDF)}
    assert client.post(at("attachment-add", draft.pk), fields).status_code == 302
    kept = draft.attachments.get()
    assert (kept.title, kept.requirement, kept.file.name) == ("Certificate", 2, "c.pdf")
    assert b"".join(client.get(at("attachment", kept.pk)).streaming_content) == PDF
    client.post(at("attachment-remove", kept.pk), {})
    assert client.get(at("attachment", kept.pk)).status_code == 404


# The nominee


@pytest.fixture
def by_link(who):
    nomination = make.sent(who)
    token = links.mint(services.NOMINEE_LINK, nomination.pk, who.nominee.email, days=1)
    return nomination, at("link-nominee", token)


def test_opening_the_link_changes_nothing_and_the_consent_uses_it_up(client, by_link):
    nomination, url = by_link
    assert "Written about" in text(client.get(url))
    assert client.post(url, {"evidence_1": "Mine.", "give": "1"}).status_code == 422
    assert client.post(url, {"evidence_1": "Mine.", "upload": SimpleUploadedFile("cv.pdf", PDF)}).url == url
    own = client.get(url, {"file": nomination.attachments.get().pk})
    assert b"".join(own.streaming_content) == PDF
    nomination.attachments.update(by_nominee=False)
    assert client.get(url, {"file": nomination.attachments.get().pk}).status_code == 404
    nomination.attachments.update(by_nominee=True)
    assert client.post(f"{url}?typed=1", {"evidence_2": "TOEIC"}).status_code == 204
    assert client.post(url, {"evidence_1": "Mine.", "consent": "on", "give": "1"}).url == url
    nomination.refresh_from_db()
    assert nomination.consented_at is not None
    assert (nomination.attachments.get().by_nominee, nomination.evidence.get(requirement=1).by_nominee) == (
        True,
        "Mine.",
    )
    assert "Thank you, your answer is recorded" in text(client.get(url))
    assert client.post(url, {"decline": "1"}).status_code == 200
    nomination.refresh_from_db()
    assert nomination.state == NominationState.SUBMITTED


def test_the_nominee_declines_by_the_link(client, by_link):
    nomination, url = by_link
    assert client.post(url, {"decline": "1", "note": "Not now."}).url == url
    nomination.refresh_from_db()
    assert nomination.state == NominationState.WITHDRAWN


def test_an_unknown_link_says_so(client):
    answer = client.get(at("link-nominee", "nothing"))
    assert (answer.status_code, "This link has ended" in text(answer)) == (410, True)


def test_the_nominee_reads_the_own_part_and_no_more(client, who):
    nomination = make.reviewed(who, Origin.CENTRE, judgements=make.ONE_NOT_MET)
    client.force_login(who.nominee_user)
    page = text(client.get(at("nomination", nomination.pk)))
    assert "Shown: Fluency in English." in page
    for hidden in ("Known for good teaching.", "No test is named.", "Review given"):
        assert hidden not in page
    client.force_login(who.rocb)
    page = text(client.get(at("nomination", nomination.pk)))
    assert "Known for good teaching." in page
    assert "No test is named." in page


# Review and decision


def judged(**fields):
    return {**{f"verdict_{n}": "met" for n in range(1, 5)}, **fields}


def test_a_review_is_kept_given_and_then_closed(client, who):
    nomination = make.consented(who)
    client.force_login(who.rocb)
    url = at("nomination-review", nomination.pk)
    assert client.post(f"{url}?typed=1", {"comment_1": "Alone"}).status_code == 200
    assert not nomination.reviews.exists()
    typed = client.post(f"{url}?typed=1", {"verdict_1": "met", "comment_1": "Good", "comment_2": "Alone"})
    assert "Saved, but not yet" in typed.content.decode()
    assert [(j.requirement, j.comment) for j in nomination.reviews.get().judgements.all()] == [(1, "Good")]
    assert client.post(url, {"comment_1": "Alone"}).status_code == 422
    assert client.post(url, judged(verdict_4="")).url == url
    assert client.get(url).context["form"]["verdict_1"].initial == "met"
    assert client.post(url, judged(verdict_4="", give="1")).status_code == 422
    assert client.post(url, judged(verdict_4="not_met", comment_4="Nothing is said.", give="1")).status_code == 302
    assert "You have given your review" in text(client.get(url))


def test_the_decision_shows_the_reviews_and_asks_for_the_waiver(client, who):
    nomination = make.consented(who)
    client.force_login(who.rocb)
    url = at("nomination-list", nomination.pk)
    assert "Nobody has reviewed it yet." in text(client.get(url))
    services.save_review(nomination, by=who.secretariat, judgements=make.ONE_NOT_MET, give=True)
    page = text(client.get(url))
    assert "No test is named." in page
    nomination.refresh_from_db()
    assert client.post(url, {"version": nomination.version}).status_code == 422
    client.post(url, {"version": nomination.version, "waiver": "Lectures with an interpreter."})
    line = Listing.objects.get()
    assert (line.nomination, line.expert, line.nomination.waiver) == (
        nomination,
        who.nominee,
        "Lectures with an interpreter.",
    )


def test_reviewers_are_asked(client, who):
    nomination = make.sent(who)
    client.force_login(who.rocb)
    client.post(at("nomination-reviewers", nomination.pk), {"reviewers": [who.secretariat.pk]})
    nomination.refresh_from_db()
    assert [review.reviewer for review in nomination.reviews.all()] == [who.secretariat]
    client.force_login(who.secretariat)
    items = [item.sentence for item in client.get("/").context["mine"]]
    assert any("Give your review of the nomination" in sentence for sentence in items)


# The list


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, 3),
        ({"state": "draft"}, 1),
        ({"origin": "centre"}, 1),
        ({"area": "K9"}, 1),
        ({"q": "detector"}, 1),
        ({"q": "japan nothing"}, 0),
        ({"mine": "begun"}, 2),
        ({"mine": "waits"}, 2),
    ],
)
def test_the_list_narrows(client, who, query, expected):
    make.begun(who)
    make.sent(who, codes=("K9",))
    make.sent(who, Origin.CENTRE)
    client.force_login(who.home)
    assert client.get(at("nominations"), query).context["total"] == expected


def test_the_export_has_the_rows_and_no_address(client, who):
    make.sent(who)
    client.force_login(who.rocb)
    sheet = client.get(reverse("candidates:nominations-export", args=["csv"])).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(sheet)))
    assert rows[1][:6] == [
        who.nominee.family_name,
        "Given",
        "Japan",
        "NII",
        "recommended by the home administration",
        "",
    ]
    assert who.nominee.email not in sheet
