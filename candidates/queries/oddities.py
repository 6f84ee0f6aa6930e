"""What the candidate list knows to be odd about people, for the list of what is missing or odd."""

import datetime as dt

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candidates.models import Listing
from experts.queries import Check


def left_but_listed(day: dt.date) -> Q:
    return Q(left_on__lte=day, pk__in=Listing.objects.open(day).order_by().values("expert_id"))


ODDITIES = (Check("left_listed", _("left, but on the candidate list"), "bad", left_but_listed),)
