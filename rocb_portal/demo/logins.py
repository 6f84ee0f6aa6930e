"""The people to sign in as: one or more for every party of the story, each with work waiting."""

from dataclasses import dataclass
from typing import TypedDict

from django.conf import settings

from members.enums import Party
from members.models import Administration, User
from rocb_portal.demo.names import address

PASSWORD = "Portal-demo-2026"  # noqa: S105 (published; it opens nothing but the fictional region)


@dataclass(frozen=True, slots=True)
class Login:
    """A fictional person with a password that everybody may know. `home` is the lookup code of the administration."""

    party: str
    name: str
    domain: str
    label: str
    sentence: str
    home: str = ""

    @property
    def email(self) -> str:
        given, family = self.name.split(" ")
        return address(given, family, self.domain)


LOGINS = (
    Login(
        Party.ROCB, "Benyapa Charoenrit", "rocb-ap", "ROCB A/P",
        "Programme manager in the regional office: requests to check, experts to find and ask, reports to read.",
    ),
    Login(
        Party.SECRETARIAT, "Mireille Castelmore", "wco-secretariat", "WCO Secretariat",
        "Technical officer in Brussels: requests to enter in the annual plan, letters to read and send.",
    ),
    Login(
        Party.ADMINISTRATION, "Mereani Naluva", "customs-fj", "Administration of Fiji",
        "Focal point of a beneficiary: a request begun, another one returned by ROCB, missions on their way.", "FJ",
    ),
    Login(
        Party.ADMINISTRATION, "Haruhiko Minamizono", "customs-jp", "Administration of Japan",
        "Focal point of a home administration: a letter about one of its officials waits for an answer.", "JP",
    ),
    Login(
        Party.ADMINISTRATION, "Aisyatul Kamarazlan", "customs-my", "Administration of Malaysia",
        "Focal point of a home administration: one letter about two of its officials waits for an answer.", "MY",
    ),
    Login(
        Party.CENTRE, "Izzuddin Shamsurin", "rtc-my", "Training centre of Malaysia",
        "Head of a Regional Training Centre: its focus areas and the region's experts.", "MY",
    ),
    Login(
        Party.EXPERT, "Farhanim Badlisham", "customs-my", "Expert asked informally",
        "Accredited in valuation: ROCB asks whether she is available for a mission.", "MY",
    ),
    Login(
        Party.EXPERT, "Chinatsu Hoshimura", "customs-jp", "Expert preparing a mission",
        "Accredited in valuation, approved and named leader: neutrality to acknowledge, terms and agenda to write.", "JP",
    ),
    Login(
        Party.EXPERT, "Odette Windrush", "customs-nz", "Team leader with a report due",
        "Accredited in the AEO field, back from a mission: the report is begun and waits to be finished.", "NZ",
    ),
)  # fmt: skip


class DemoLogin(TypedDict):
    party: str
    email: str
    password: str
    administration: str | None
    label: str
    sentence: str


def demo_logins() -> list[DemoLogin]:
    """The demo people who can sign in here, in the order of the parties; none where demo people are not allowed or not loaded."""
    if not settings.DEMO_ALLOWED:
        return []
    there = set(
        User.objects.filter(is_active=True, email__in=[login.email for login in LOGINS]).values_list("email", flat=True)
    )
    names = dict(Administration.objects.values_list("code", "name"))
    return [
        {
            "party": str(login.party),
            "email": login.email,
            "password": PASSWORD,
            "administration": names.get(login.home),
            "label": login.label,
            "sentence": login.sentence,
        }
        for login in LOGINS
        if login.email in there
    ]
