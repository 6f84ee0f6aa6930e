import pytest
from django.core import mail as django_mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from core import links, outbox
from core.errors import InvalidAnswers, LinkInvalid, NotAllowed
from core.models import ActionLink, Message, OutboxJob
from members import services
from members.enums import Party
from members.models import User
from members.tests.factories import administration, focal_point, rocb, secretariat

pytestmark = pytest.mark.django_db


def invited() -> User:
    return services.invite_user(
        by=rocb(),
        email="New.Person@Customs.example",
        name="New Person",
        party=Party.ADMINISTRATION,
        administration=administration("NZ"),
    )


def test_only_rocb_opens_accounts():
    with pytest.raises(NotAllowed):
        services.invite_user(by=secretariat(), email="x@y.example", name="X", party=Party.ROCB)
    assert not User.objects.filter(email="x@y.example").exists()


def test_the_first_account_of_a_new_portal_comes_from_the_command_line(capsys):
    call_command("invite_staff", "first@rocb.example", "First Person")
    user = User.objects.get(email="first@rocb.example")
    assert (user.is_rocb, OutboxJob.objects.get().kind) == (True, "join")
    assert capsys.readouterr().out == "Invited first@rocb.example.\n"
    with pytest.raises(CommandError, match="has that party"):
        call_command("invite_staff", "first@rocb.example", "First Person")


def test_an_invited_person_cannot_sign_in_before_joining():
    user = invited()
    assert (user.email, user.has_usable_password()) == ("new.person@customs.example", False)


def test_the_link_is_minted_with_the_mail_and_only_its_hash_is_kept(settings):
    settings.KEEP_MESSAGE_LINKS = False
    user = invited()
    assert ActionLink.objects.count() == 0
    outbox.deliver(OutboxJob.objects.get(kind="join").pk)
    message = Message.objects.get()
    assert (message.to, ActionLink.objects.get().object_id) == ([user.email], user.pk)
    assert "/join/" not in message.text


def test_joining_uses_the_link_once_and_opening_it_does_not():
    user = invited()
    token = links.mint(services.JOIN_LINK, user.pk, user.email, days=1)
    client = Client()
    url = reverse("members:join", args=[token])
    for _ in range(3):
        assert client.get(url).status_code == 200
    answer = client.post(url, {"password": "a long sentence of mine", "again": "a long sentence of mine"})
    assert (answer.status_code, answer.url) == (302, "/")
    user.refresh_from_db()
    assert user.check_password("a long sentence of mine")
    assert Client().get(url).status_code == 410
    with pytest.raises(LinkInvalid):
        services.join(token=token, password="another long sentence")


def test_a_weak_password_keeps_the_link_alive():
    user = invited()
    url = reverse("members:join", args=[links.mint(services.JOIN_LINK, user.pk, user.email, days=1)])
    assert Client().post(url, {"password": "password", "again": "password"}).status_code == 422
    assert Client().get(url).status_code == 200


def test_a_person_with_an_account_gets_the_further_party_and_no_second_account():
    user = focal_point("JP", email="twice@customs.example")
    again = services.invite_user(by=rocb(), email="TWICE@customs.example", name="X", party=Party.EXPERT)
    assert again == user
    assert sorted(m.party for m in user.memberships.all()) == ["administration", "expert"]


def test_an_administration_is_asked_for_where_the_party_has_one():
    with pytest.raises(InvalidAnswers):
        services.add_membership(focal_point("JP"), by=rocb(), party=Party.CENTRE)


def test_rights_end_with_the_next_request(client):
    user = focal_point("JP")
    client.force_login(user)
    assert client.get(reverse("members:administrations")).status_code == 200
    services.set_active(user, by=rocb(), active=False)
    assert client.get(reverse("members:administrations")).status_code == 302


def test_the_old_address_is_told_of_the_change_and_opens_nothing(client):
    office, user = rocb(), focal_point("JP", email="old@customs.example")
    user.set_password("a long sentence of mine")
    user.save()
    client.post(reverse("account_reset_password"), {"email": "old@customs.example"})
    services.change_email(user, by=office, email=" New@Customs.example")
    outbox.deliver(OutboxJob.objects.get(kind="address_changed").pk)
    message = Message.objects.get()
    assert (message.to, office.email in message.text) == (["old@customs.example"], True)
    assert "new@customs.example" not in message.text
    for address, path in [("old@customs.example", None), ("new@customs.example", "/")]:
        typed = {"login": address, "password": "a long sentence of mine"}
        answer = Client().post(reverse("account_login"), typed)
        assert getattr(answer, "url", None) == path, address
    django_mail.outbox.clear()
    Client().post(reverse("account_reset_password"), {"email": "old@customs.example"})
    assert django_mail.outbox == []


def test_whoever_has_not_joined_is_invited_at_the_new_address_and_the_old_link_ends():
    user = invited()
    outbox.deliver(OutboxJob.objects.get(kind="join").pk)
    services.change_email(user, by=rocb(), email="right@customs.example")
    assert ActionLink.objects.get().ended_at
    outbox.deliver(OutboxJob.objects.get(kind="join", state="queued").pk)
    assert Message.objects.latest("sent_at").to == ["right@customs.example"]


def test_the_same_address_in_other_letters_is_no_change():
    user = focal_point("JP", email="same@customs.example")
    services.change_email(user, by=rocb(), email="Same@customs.example")
    assert not OutboxJob.objects.exists()


def test_nobody_takes_rocb_from_themselves():
    user = rocb()
    with pytest.raises(InvalidAnswers):
        services.remove_membership(user.memberships.get(), by=user)
    with pytest.raises(InvalidAnswers):
        services.set_active(user, by=user, active=False)


def test_focal_points_are_those_of_the_administration():
    mine, _other = focal_point("JP"), focal_point("NZ")
    assert list(User.objects.focal_points(administration("JP"))) == [mine]
