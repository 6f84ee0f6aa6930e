"""Part II: the pool, accreditation, the candidate list, the centres."""

from django.db.models import Count, Max, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from candidates.enums import NominationState, Origin, Strength
from candidates.models import Call, Listing, Nomination
from candidates.queries import covered_areas, late_before, owing, with_standing
from centres.enums import TrainingRole
from centres.models import Centre, Resource, TrainingPerson
from centres.queries import focus_on
from core.clock import begin_of, day_words, months_after
from core.dated_policy import policy
from experts.enums import PriorityKind, Stage
from experts.models import Accreditation, AccreditationWorkshop, Category, CorrectionRequest, Expert
from experts.queries import accreditations_on
from experts.workflow import CORRECTION
from rocb_portal.framework_live.obligations import MEMBERS, ROCB, RTC, SECRETARIAT, Obligation
from rocb_portal.framework_live.reader import Reader

# Figures


def categories(_reader: Reader) -> str:
    codes = list(Category.objects.filter(is_active=True).values_list("code", flat=True))
    return _("categories in use: %(codes)s") % {"codes": ", ".join(codes)}


def pool(reader: Reader) -> str:
    table = reader.table
    figures = {"full": table.fully_accredited, "first": table.first_step, "people": table.distinct_people}
    return _("full accreditations: %(full)d; first steps: %(first)d; people: %(people)d") % figures


def entry_pending(reader: Reader) -> str:
    number = reader.table.entry_pending
    return ngettext("%(n)d waits for its entry in ACE", "%(n)d wait for their entry in ACE", number) % {"n": number}


def first_steps(reader: Reader) -> str:
    number = reader.table.first_step
    return ngettext("%(n)d first step", "%(n)d first steps", number) % {"n": number}


def waiting_long(reader: Reader) -> str:
    number = owing(reader.user, reader.day).filter(has_passed=False, first_step_on__lt=late_before(reader.day)).count()
    return ngettext("%(n)d waits longer than hoped for", "%(n)d wait longer than hoped for", number) % {"n": number}


def needed_areas(reader: Reader) -> str:
    """The areas in which more experts are needed, each with its fully accredited people."""
    full = {row.area.pk: row.full for row in reader.areas}
    stated = [row.area for row in reader.priorities if row.kind == PriorityKind.NEEDED]
    return _("fully accredited people now: %(list)s") % {
        "list": ", ".join(f"{area.code} {full.get(area.pk, 0)}" for area in stated) or "–"
    }


def wanted_information(reader: Reader) -> str:
    """The areas about which information is wanted, each with the candidates listed there."""
    stated = [row.area for row in reader.priorities if row.kind == PriorityKind.INFORMATION_WANTED]
    counts = [f"{area.code} {reader.listed[area.pk]}" for area in stated]
    return _("listed candidates: %(list)s") % {"list": ", ".join(counts) or "–"}


def three_to_five(reader: Reader) -> str:
    floor = int(policy("pool.floor", reader.day))
    rows = reader.areas
    enough = sum(row.full >= floor for row in rows)
    return _("%(n)d of %(all)d areas with accredited people have at least %(floor)d") % {
        "n": enough, "all": len(rows), "floor": floor,
    }  # fmt: skip


def workshops(reader: Reader) -> str:
    rows = AccreditationWorkshop.objects.visible_to(reader.user)
    found = rows.order_by().aggregate(n=Count("pk"), last=Max("month"))
    return _("workshops: %(n)d, the last in %(month)s") % {
        "n": found["n"], "month": date_format(found["last"], "F Y") if found["last"] else "–",
    }  # fmt: skip


def mirror(_reader: Reader) -> str:
    last = Expert.objects.aggregate(last=Max("ace_as_of"))["last"]
    return _("last extract as of %(day)s") % {"day": day_words(last)} if last else _("no extract yet")


def corrections(reader: Reader) -> str:
    states = CORRECTION.values(final=False)
    number = CorrectionRequest.objects.visible_to(reader.user).filter(state__in=states).count()
    return ngettext("%(n)d correction under way", "%(n)d corrections under way", number) % {"n": number}


def searched(reader: Reader) -> str:
    number = Expert.objects.visible_to(reader.user).active(reader.day).in_pool().count()
    return ngettext("you can search %(n)d person", "you can search %(n)d people", number) % {"n": number}


def no_second_database(reader: Reader) -> str:
    """What ACE holds stands there; the copy here is dated, row by row."""
    rows = accreditations_on(reader.day).filter(stage=Stage.FULL)
    found = rows.aggregate(n=Count("pk", filter=Q(expert__ace_as_of__isnull=False)), all=Count("pk"))
    return _("%(n)d of %(all)d full accreditations come from an extract") % found


def candidate_list(reader: Reader) -> str:
    listed = reader.listed
    new = len(listed.keys() - covered_areas(reader.day))
    figures = {"n": listed.total(), "areas": len(listed), "new": new}
    return _("lines: %(n)d; areas: %(areas)d, without an accredited expert: %(new)d") % figures


def recommended(reader: Reader) -> str:
    since = months_after(reader.day, -12)
    rows = Nomination.objects.visible_to(reader.user).filter(submitted_at__gte=begin_of(since))
    homes = rows.filter(origin=Origin.ADMINISTRATION).order_by().values("home").distinct().count()
    return _("nominations in 12 months: %(n)d; administrations that nominated: %(homes)d") % {
        "n": rows.count(),
        "homes": homes,
    }


def calls(reader: Reader) -> str:
    number = Call.objects.visible_to(reader.user).filter(sent_at__isnull=False).count()
    return ngettext("%(n)d call for nominations sent", "%(n)d calls for nominations sent", number) % {"n": number}


def kept_fresh(reader: Reader) -> str:
    rows = Listing.objects.visible_to(reader.user).open(reader.day).filter(left_on__isnull=True)
    late = sum(row.confirm_by <= reader.day for row in rows)
    return ngettext("%(n)d line waits to be confirmed", "%(n)d lines wait to be confirmed", late) % {"n": late}


def four_requirements(reader: Reader) -> str:
    rows = with_standing(Listing.objects.visible_to(reader.user).open(reader.day), reader.day)
    met = rows.filter(strength=Strength.FOUR_MET).count()
    return _("%(n)d of %(all)d lines with all four found met in a review here") % {"n": met, "all": rows.count()}


def decided(reader: Reader) -> str:
    rows = Nomination.objects.visible_to(reader.user)
    number = rows.filter(state=NominationState.SUBMITTED).count()
    return ngettext("%(n)d nomination in review", "%(n)d nominations in review", number) % {"n": number}


def centres(reader: Reader) -> str:
    areas = focus_on(reader.day).order_by().values("area").distinct().count()
    number = Centre.objects.filter(is_active=True).count()
    return _("centres: %(n)d; their areas: %(areas)d") % {"n": number, "areas": areas}


def linked(reader: Reader) -> str:
    number = Resource.objects.visible_to(reader.user).count()
    return ngettext(
        "%(n)d piece of material that you can open", "%(n)d pieces of material that you can open", number
    ) % {"n": number}


def host_trainers(_reader: Reader) -> str:
    rows = TrainingPerson.objects.filter(role=TrainingRole.TRAINER)
    own = rows.filter(expert__in=Accreditation.objects.values("expert"))
    return _("%(n)d of %(all)d trainers at centres are of the pool") % {"n": own.count(), "all": rows.count()}


def trainers_recommended(reader: Reader) -> str:
    number = Nomination.objects.visible_to(reader.user).filter(origin=Origin.CENTRE, submitted_at__isnull=False).count()
    return ngettext("%(n)d trainer recommended", "%(n)d trainers recommended", number) % {"n": number}


# Obligations

PART_TWO: tuple[Obligation, ...] = (
    Obligation(
        "§2.1, T1",
        SECRETARIAT,
        lazy(
            "Accredited experts are of four kinds, each with its responsibility; later ones are added with their source."
        ),
        categories,
        "experts:areas",
        action="experts.see_area",
    ),
    Obligation(
        "§2.1, T2",
        ROCB,
        lazy("The pool is summed up by kind and area: accreditations, not people."),
        pool,
        "experts:pool",
        action="experts.pool",
    ),
    Obligation(
        "T2, note 1",
        SECRETARIAT,
        lazy("Fully accredited is who is accredited and entered in ACE."),
        entry_pending,
        "experts:experts",
        "stage=entry_pending",
        action="experts.list",
    ),
    Obligation(
        "T2, note 2",
        SECRETARIAT,
        lazy("Whoever was selected in a workshop has the first step (today: pre-accredited)."),
        first_steps,
        "experts:experts",
        "stage=first_step",
        action="experts.list",
    ),
    Obligation(
        "T2, note 2",
        ROCB,
        lazy(
            "Whoever has the first step still owes a field mission; missions that could carry the person are looked for."
        ),
        waiting_long,
        "candidates:path",
        "waits=late",
        action="candidates.list_path",
    ),
    Obligation(
        "§2.1",
        ROCB,
        lazy("More experts are needed in the areas that the region has named; the gap is filled with the Secretariat."),
        needed_areas,
        "experts:pool",
        action="experts.pool",
    ),
    Obligation(
        "§2.1",
        ROCB,
        lazy("Information is collected on expertise in areas that nobody has told of yet."),
        wanted_information,
        "candidates:listings",
        "covered=no",
        action="candidates.list",
    ),
    Obligation(
        "§2.1",
        ROCB,
        lazy("Three to five experts at least for each area make capacity building smooth."),
        three_to_five,
        "experts:pool",
        action="experts.pool",
    ),
    Obligation(
        "§2.1, T3",
        SECRETARIAT,
        lazy("Accreditation workshops select people; those of the region are kept, others are named by their source."),
        workshops,
        "candidates:workshops",
        action="candidates.list_workshops",
    ),
    Obligation(
        "§2.2(1)",
        SECRETARIAT,
        lazy("What is known of accredited experts is kept up to date in ACE; the portal reads its extracts."),
        mirror,
        "core:imports",
        action="members.sheets",
    ),
    Obligation(
        "§2.2(1), IV",
        ROCB,
        lazy("What is wrong in ACE is put right there, with the agreement of the member."),
        corrections,
        "experts:corrections",
        action="experts.list_corrections",
    ),
    Obligation(
        "§2.2(1)",
        MEMBERS,
        lazy("ROCB and the members can search the experts; the database itself is on the WCO members' web site."),
        searched,
        "experts:experts",
        action="experts.list",
    ),
    Obligation(
        "§2.2(1)",
        ROCB,
        lazy(
            "No regional database beside ACE: the portal holds a dated copy, changes nothing there and says where each row is from."
        ),
        no_second_database,
        "experts:quality",
        action="experts.quality",
    ),
    Obligation(
        "§2.2(2)",
        ROCB,
        lazy(
            "A candidate list of officials with solid expertise, first of all in areas not yet covered by accreditation."
        ),
        candidate_list,
        "candidates:listings",
        action="candidates.list",
    ),
    Obligation(
        "§2.2(2)",
        MEMBERS,
        lazy("Members recommend their own capable experts whenever they like."),
        recommended,
        "candidates:nominations",
        action="candidates.list_nominations",
    ),
    Obligation(
        "§2.2(2)",
        ROCB,
        lazy("ROCB asks members for people in chosen areas."),
        calls,
        "candidates:calls",
        action="candidates.list_calls",
    ),
    Obligation(
        "§2.2(2)",
        ROCB,
        lazy("ROCB maintains the list: each line is confirmed once a year."),
        kept_fresh,
        "candidates:listings",
        "waits=confirm",
        action="candidates.list",
    ),
    Obligation(
        "§2.2(2)",
        ROCB,
        lazy("Whoever is listed meets four requirements: expertise, English, capacity building, knowledge of the WCO."),
        four_requirements,
        "candidates:listings",
        "strength=four_met",
        action="candidates.list",
    ),
    Obligation(
        "§2.2(2)",
        ROCB,
        lazy("Each recommendation is judged requirement by requirement and answered."),
        decided,
        "candidates:nominations",
        "state=submitted",
        action="candidates.list_nominations",
    ),
    Obligation(
        "§2.3, T4",
        RTC,
        lazy("Each training centre has areas of its own to develop as a centre of excellence."),
        centres,
        "centres:centres",
        action="centres.list",
    ),
    Obligation(
        "§2.3",
        RTC,
        lazy("The centres' knowledge is linked to the experts of the region: material, trainings."),
        linked,
        "centres:resources",
        action="centres.list",
    ),
    Obligation(
        "§2.3",
        RTC,
        lazy("Accredited experts of the host contribute to trainings, international and at home."),
        host_trainers,
        "centres:trainings",
        action="centres.list",
    ),
    Obligation(
        "§2.3",
        RTC,
        lazy("The centres recommend their good trainers for the candidate list."),
        trainers_recommended,
        "candidates:nominations",
        "origin=centre",
        action="candidates.list_nominations",
    ),
)
