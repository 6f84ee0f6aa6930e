"""Accounts and parties: ROCB invites, people join by a signed link, rights end at once."""

from typing import Any

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import history, links, outbox
from core.errors import InvalidAnswers, NotAllowed
from core.locks import lock_row
from members.enums import Party
from members.models import Absence, Administration, Membership, User

JOIN_LINK = "join"
NEEDS_ADMINISTRATION = frozenset({Party.ADMINISTRATION, Party.CENTRE})


@transaction.atomic
def invite_user(*, by: Any, email: str, name: str, party: str, administration: Administration | None = None) -> User:
    """Open an account without a password and send its owner a signed link to join. ROCB alone does this, and the operator of a new
    portal for the first one (`by` is then None).

    Somebody who has an account already gets the further party, and no second account.
    """
    if by is not None and not by.is_rocb:
        raise NotAllowed
    user = User.objects.filter(email__iexact=email.strip()).first()
    if user is None:
        user = User.objects.create_user(email, None, name=name)
        history.record(user, "invited", _("Invited"), by=by, note=email)
        outbox.enqueue("join", about=user.email, user_id=user.pk)
    add_membership(user, by=by, party=party, administration=administration)
    return user


@transaction.atomic
def invite_again(user: User, *, by: Any) -> None:
    """A fresh link; the older one ends when the new one is sent."""
    if user.has_usable_password():
        raise InvalidAnswers(
            {"email": _("This person has joined already; the password can be reset on the sign-in page.")}
        )
    history.record(user, "invited", _("Invited again"), by=by)
    outbox.enqueue("join", about=user.email, user_id=user.pk)


@transaction.atomic
def join(*, token: str, password: str) -> User:
    """Use the invitation's link up and set the password. LinkInvalid when it acts no more."""
    link = links.use(JOIN_LINK, token)
    user = lock_row(User.objects.get(pk=link.object_id))
    user.set_password(password)
    user.save(update_fields=["password"])
    history.record(user, "joined", _("Joined"), by=user)
    return user


@transaction.atomic
def add_membership(user: User, *, by: Any, party: str, administration: Administration | None = None) -> Membership:
    """One more party for a person; of an administration where the party has one. InvalidAnswers if it does not fit or exists."""
    needs = party in NEEDS_ADMINISTRATION
    if needs and administration is None:
        raise InvalidAnswers({"administration": _("Please choose the administration.")})
    try:
        with transaction.atomic():
            row = Membership.objects.create(user=user, party=party, administration=administration if needs else None)
    except IntegrityError as error:
        raise InvalidAnswers({"party": _("This person has that party already.")}) from error
    history.record(user, "party_added", _("Party added"), by=by, note=row.label)
    return row


@transaction.atomic
def remove_membership(row: Membership, *, by: Any) -> None:
    """The right ends with the next request. The last ROCB account cannot take the office from itself."""
    if row.party == Party.ROCB and row.user_id == by.pk:
        raise InvalidAnswers({"party": _("Nobody takes the ROCB party from themselves; ask a colleague.")})
    history.record(row.user, "party_removed", _("Party removed"), by=by, note=row.label)
    row.delete()


@transaction.atomic
def set_active(user: User, *, by: Any, active: bool) -> User:
    """Close or open an account; open sessions of a closed one are refused at once."""
    if user.pk == by.pk:
        raise InvalidAnswers({"is_active": _("Nobody closes their own account.")})
    fresh = lock_row(user)
    fresh.is_active = active
    fresh.save(update_fields=["is_active"])
    history.record(fresh, "account", _("Account opened") if active else _("Account closed"), by=by)
    if not active:
        links.revoke(JOIN_LINK, fresh.pk)
    return fresh


@transaction.atomic
def change_email(user: User, *, by: Any, email: str) -> User:
    """The address one signs in with. The old one opens nothing from then on, and is told; links sent there end.

    Somebody who has not joined yet is invited again, at the new address.
    """
    fresh = lock_row(user)
    old, fresh.email = fresh.email, email.strip().lower()
    if fresh.email == old:
        return fresh
    fresh.save(update_fields=["email"])
    # allauth signs in by the addresses it has noted here, too, since somebody asked for a new password.
    EmailAddress.objects.filter(user_id=fresh.pk).delete()
    links.revoke(JOIN_LINK, fresh.pk)
    history.record(fresh, "address_changed", _("Address changed"), by=by, note=f"{old} → {fresh.email}")
    outbox.enqueue("address_changed", about=old, user_id=fresh.pk, old=old)
    if not fresh.has_usable_password():
        outbox.enqueue("join", about=fresh.email, user_id=fresh.pk)
    return fresh


@transaction.atomic
def edit_account(user: User, *, name: str, timezone: str) -> User:
    """What a person keeps up: the name, and the time zone in which times are shown."""
    fresh = lock_row(user)
    fresh.name, fresh.timezone = name, timezone
    fresh.save(update_fields=["name", "timezone"])
    return fresh


@transaction.atomic
def add_absence(user: User, *, first: Any, last: Any) -> Absence:
    """Days on which letters' e-mails go to the colleagues first."""
    if last < first:
        raise InvalidAnswers({"last_day": _("The last day is before the first.")})
    return Absence.objects.create(user=user, first_day=first, last_day=last)
