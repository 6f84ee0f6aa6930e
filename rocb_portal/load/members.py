"""More administrations than the region has, for measuring: invented, and marked so by their names."""

from members.enums import Party, Subregion
from members.models import Administration, Membership, User
from rocb_portal.demo.names import HOMES
from rocb_portal.demo.rows import moment
from rocb_portal.load.writing import Draw, Sheaf


def invent_members(number: int, *, draw: Draw, sheaf: Sheaf, beside: User) -> None:
    """So many, each with a focal point who signs in as the person `beside` does."""
    there = Administration.objects.filter(code__startswith="X").count()
    for n in range(there + 1, there + number + 1):
        code = f"X{n:03d}"
        administration = sheaf.add(
            Administration(
                code=code, name=f"Fictional member {n}", organisation="Fictional customs administration", head_title="Director General",
                subregion=draw.choice(Subregion.values), created_at=beside.created_at,
            )
        )  # fmt: skip
        user = sheaf.add(
            User(
                email=f"focal.{code}@customs.example".lower(), name=f"Focal Point {n}", password=beside.password,
                created_at=beside.created_at,
            )
        )  # fmt: skip
        sheaf.add(
            Membership(user=user, party=Party.ADMINISTRATION, administration=administration, created_at=moment(user.created_at.date()))
        )  # fmt: skip
    sheaf.write()


def home_like(administration: Administration) -> str:
    """The member whose names and towns it has: its own, or for an invented one those of some other."""
    code = administration.code
    return code if code in HOMES else list(HOMES)[int(code[1:]) % len(HOMES)]
