import datetime as dt

import factory

from experts.enums import ServiceSource, ServiceState
from experts.models import Accreditation, Area, Category, Expert, ExpertLanguage, ServicePeriod
from members.enums import Party
from members.tests.factories import administration, user_of


def area(code: str = "AEO") -> Area:
    return Area.objects.get(code=code)


def category(code: str = "TOA") -> Category:
    return Category.objects.get(code=code)


class AccreditationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Accreditation

    category = factory.LazyFunction(lambda: category("TOA"))
    area = factory.LazyFunction(lambda: area("AEO"))
    first_step_on = dt.date(2019, 3, 1)
    accredited_on = dt.date(2020, 3, 1)
    ace_entered_on = dt.date(2020, 4, 1)
    source = "ACE extract"
    as_of = dt.date(2020, 4, 1)


class ExpertFactory(factory.django.DjangoModelFactory):
    """An official of Japan, not accredited; `accredited=True` fully in AEO, `first_step=True` with the field mission owed."""

    class Meta:
        model = Expert
        skip_postgeneration_save = True

    class Params:
        at_home_in = "JP"

    administration = factory.LazyAttribute(lambda o: administration(o.at_home_in))
    family_name = factory.Sequence(lambda n: f"Family{n}")
    given_name = "Given"
    email = factory.Sequence(lambda n: f"expert{n}@customs.example")

    @factory.post_generation
    def accredited(self, create: bool, extracted: object, **kwargs: object) -> None:
        if extracted:
            AccreditationFactory(expert=self, **kwargs)

    @factory.post_generation
    def first_step(self, create: bool, extracted: object, **kwargs: object) -> None:
        if extracted:
            AccreditationFactory(expert=self, accredited_on=None, ace_entered_on=None, **kwargs)

    @factory.post_generation
    def speaks(self, create: bool, extracted: object, **kwargs: object) -> None:
        for language in extracted or ():
            ExpertLanguage.objects.create(expert=self, language=language)

    @factory.post_generation
    def login(self, create: bool, extracted: object, **kwargs: object) -> None:
        if extracted:
            self.user = user_of(Party.EXPERT, email=self.email, name=self.name)
            self.save(update_fields=["user"])


def served(expert: Expert, first: dt.date, days: int, **fields: object) -> ServicePeriod:
    """Days of service recorded by hand: `days` from `first` on."""
    return ServicePeriod.objects.create(
        **{
            "expert": expert,
            "first_day": first,
            "last_day": first + dt.timedelta(days=days - 1),
            "state": ServiceState.USED,
            "place": "Suva",
            "source": ServiceSource.RECORDED,
            **fields,
        }
    )
