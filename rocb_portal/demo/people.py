"""The accounts of the demo region: both offices, a focal point for every administration, the heads of the centres."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password

from centres.models import Centre
from experts.models import Expert
from members.enums import Party
from members.models import Absence, Administration, Membership, User
from rocb_portal.demo.logins import LOGINS, PASSWORD, Login
from rocb_portal.demo.names import HOMES, Names, address
from rocb_portal.demo.rows import keep, moment

TWO_FOCAL_POINTS = ("JP", "MY", "FJ", "KR", "IN")


@dataclass
class Cast:
    """Who acts in the demo region, by what they are."""

    day: dt.date
    names: Names
    password: str
    administrations: dict[str, Administration]
    rocb: list[User] = field(default_factory=list)
    secretariat: list[User] = field(default_factory=list)
    focal: dict[str, User] = field(default_factory=dict)
    experts: dict[object, User] = field(default_factory=dict)

    def account(self, expert: Expert) -> User:
        """The expert's account, opened when it is first asked for."""
        if expert.pk not in self.experts:
            self.open_accounts([expert])
        return self.experts[expert.pk]

    def open_accounts(self, experts: Iterable[Expert]) -> None:
        """Accounts for those who have none."""
        new = list({expert.pk: expert for expert in experts if expert.pk not in self.experts}.values())
        for expert in new:
            expert.user = _user(self, expert.given_name, expert.family_name, expert.email, joined=1550)
            self.experts[expert.pk] = expert.user
        users = [self.experts[expert.pk] for expert in new]
        keep([*users, *(Membership(user=user, party=Party.EXPERT, created_at=user.created_at) for user in users)])
        Expert.objects.bulk_update(new, ["user"])


def make_cast(day: dt.date, seed: int) -> Cast:
    names = Names(seed)
    for login in LOGINS:
        names.reserve(login.name)
    # Hashing is slow on purpose; the demo people share one password and so its hash.
    cast = Cast(day, names, make_password(PASSWORD), {a.code: a for a in Administration.objects.all()})
    people: list[User | Membership | Absence] = []

    def add(party: str, user: User, administration: Administration | None = None) -> User:
        people.extend(
            [user, Membership(user=user, party=party, administration=administration, created_at=user.created_at)]
        )
        return user

    for party, domain, group, staff in (
        (Party.ROCB, "rocb-ap", "thai", cast.rocb),
        (Party.SECRETARIAT, "wco-secretariat", "secretariat", cast.secretariat),
    ):
        staff.append(add(party, _user_of(cast, _login(party))))
        staff.append(add(party, _drawn(cast, names.from_group(group), domain, joined=1400)))
    for code in HOMES:
        administration = cast.administrations[code]
        written = _login(Party.ADMINISTRATION, code)
        domain = f"customs-{code.lower()}"
        cast.focal[code] = add(
            Party.ADMINISTRATION,
            _user_of(cast, written) if written else _drawn(cast, names.of(code), domain, joined=1500),
            administration,
        )
        if code in TWO_FOCAL_POINTS:
            second = add(Party.ADMINISTRATION, _drawn(cast, names.of(code), domain, joined=700), administration)
            people.append(_away(second, cast.day))
    for centre in Centre.objects.select_related("administration"):
        code = centre.administration.code
        written = _login(Party.CENTRE, code)
        user = _user_of(cast, written) if written else _drawn(cast, names.of(code), f"rtc-{code.lower()}", joined=1300)
        add(Party.CENTRE, user, centre.administration)
    keep(people)
    return cast


def _away(user: User, day: dt.date) -> Absence:
    """The second focal points take their holidays, so that letters go to the first."""
    return Absence(
        user=user, first_day=day - dt.timedelta(days=2), last_day=day + dt.timedelta(days=8), created_at=user.created_at
    )


def _login(party: str, home: str = "") -> Login | None:
    return next((login for login in LOGINS if login.party == party and login.home == home), None)


def _user_of(cast: Cast, login: Login | None) -> User:
    assert login is not None  # noqa: S101 (both offices are written down in LOGINS)
    given, family = login.name.split(" ")
    return _user(cast, given, family, login.email, joined=1600)


def _drawn(cast: Cast, name: tuple[str, str], domain: str, *, joined: int) -> User:
    return _user(cast, *name, address(*name, domain), joined=joined)


def _user(cast: Cast, given: str, family: str, email: str, *, joined: int) -> User:
    return User(
        email=email,
        name=f"{given} {family}",
        password=cast.password,
        created_at=moment(cast.day - dt.timedelta(days=joined)),
    )
