"""What a duty of the framework is here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as lazy

from rocb_portal.framework_live.reader import Reader

ROCB, SECRETARIAT, MEMBERS = lazy("ROCB A/P"), lazy("WCO Secretariat"), lazy("member administrations")
RTC = lazy("training centres")

Figure = Callable[[Reader], str]


@dataclass(frozen=True, slots=True)
class Obligation:
    """One duty of the framework: who has it, what it is in own words, how it stands, and the page that does it (with its right)."""

    paragraph: str
    who: Any
    words: Any
    figure: Figure
    url_name: str
    query: str = ""
    action: str = ""  # the right that opens the page
