import factory

from members.enums import Party
from members.models import Administration, Membership, User


def administration(code: str = "FJ") -> Administration:
    """One of the 35 that the framework's data brought."""
    return Administration.objects.get(code=code)


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@office.example")
    name = factory.Sequence(lambda n: f"Person {n}")


def user_of(party: str, of: Administration | None = None, **fields: object) -> User:
    user = UserFactory(**fields)
    Membership.objects.create(user=user, party=party, administration=of)
    return user


def rocb(**fields: object) -> User:
    return user_of(Party.ROCB, **fields)


def secretariat(**fields: object) -> User:
    return user_of(Party.SECRETARIAT, **fields)


def focal_point(code: str = "FJ", **fields: object) -> User:
    return user_of(Party.ADMINISTRATION, administration(code), **fields)


def centre_head(code: str = "MY", **fields: object) -> User:
    return user_of(Party.CENTRE, administration(code), **fields)
