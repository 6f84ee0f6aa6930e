import django_filters as filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.forms import SearchAsYouType
from experts.models import Area
from gap_analysis.enums import ProposalState
from gap_analysis.models import Proposal
from gap_analysis.models.proposals import ProposalQuerySet


class ProposalFilter(SearchAsYouType, filters.FilterSet):
    """Every word of `q` fits the number, the title or the area."""

    q = filters.CharFilter(label=_("Words"), method="with_words")
    area = filters.ModelChoiceFilter(
        label=_("Area"), queryset=Area.objects.all(), to_field_name="code", empty_label=_("any")
    )
    state = filters.ChoiceFilter(label=_("State"), choices=ProposalState, empty_label=_("any"))

    class Meta:
        model = Proposal
        fields: list[str] = []

    def with_words(self, rows: ProposalQuerySet, name: str, value: str) -> ProposalQuerySet:
        for word in value.split():
            rows = rows.filter(Q(number__icontains=word) | Q(title__icontains=word) | Q(area__name__icontains=word))
        return rows
