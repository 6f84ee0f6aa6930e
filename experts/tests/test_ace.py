import datetime as dt
import uuid

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import imports
from core.clock import today
from core.enums import ImportState, RowVerdict
from core.errors import SomebodyWasFaster
from core.imports import RowDecision
from core.models import OutboxJob, SheetImport, plain
from experts.models import Accreditation, Expert, ExpertLanguage, MergedRecord, PoolSnapshot, ServicePeriod
from experts.queries import mirrored, pool_table
from experts.services.ace import ENDED, KIND, NEW_RECORD, STILL_COUNTS
from experts.tests import samples
from experts.tests.factories import AccreditationFactory, ExpertFactory, area, category, served
from members.tests.factories import administration, rocb

pytestmark = pytest.mark.django_db

HEAD = samples.HEAD
AS_OF = dt.date(2020, 6, 30)


def line(reference="A-1", family="Sato", given="Kenji", home="Japan", **cells):
    row = {
        "ace_reference": reference, "family_name": family, "given_name": given, "administration": home, "category": "TOA", "area": "AEO",
        "status": "accredited", "first_step_on": "2010-01-02", "accredited_on": "2011-03-04", "ace_entered_on": "2011-04-05", **cells,
    }  # fmt: skip
    return ",".join(f'"{row.get(name, "")}"' for name in HEAD)


def sheet(*lines):
    return "\n".join([",".join(HEAD), *lines]).encode()


def dry(*lines, as_of=AS_OF):
    return imports.dry_run(KIND, sheet(*lines), as_of)[0]


def verdicts(*lines, **kwargs):
    return [row.verdict for row in dry(*lines, **kwargs)]


def the_row(*lines, **kwargs):
    (row,) = dry(*lines, **kwargs)
    return row


def staged(*lines, as_of=AS_OF, by=None):
    made = imports.bring(
        KIND, data=sheet(*lines), name="extract.csv", content_type="text/csv", as_of=as_of, by=by, queue=False
    )
    imports.stage(made.pk)
    made.refresh_from_db()
    return made


def applied(made, by=None):
    imports.ask_to_apply(made, by=by, queue=False)
    made = imports.apply(made.pk)
    made.refresh_from_db()
    return made


def taken_in(*lines, **kwargs):
    made = applied(staged(*lines, **kwargs))
    assert made.state == ImportState.APPLIED, made.message
    return made


def undone(made):
    imports.ask_to_undo(made, by=None, queue=False)
    imports.undo(made.pk)
    made.refresh_from_db()
    return made


def choose(made, verdict, **decision):
    for row in made.rows.filter(verdict=verdict):
        fields = (
            frozenset(range(len(row.changes)))
            if decision.get("fields") == "all"
            else frozenset(decision.get("fields", ()))
        )
        imports.decide(made, {row.pk: RowDecision(decision.get("take", False), decision.get("way", ""), fields)})


def everything():
    """Every row of what an extract can touch; versions only say how often."""
    left_out = {"version"}
    return {
        model._meta.label: sorted(
            str(
                {
                    f.attname: plain(getattr(obj, f.attname))
                    for f in model._meta.concrete_fields
                    if f.name not in left_out
                }
            )
            for obj in model.objects.all()
        )
        for model in (Expert, ExpertLanguage, Accreditation, ServicePeriod)
    }


# The sample


def test_the_sample_gives_table_2_then_and_now():
    taken_in(*samples.text().splitlines()[1:], as_of=dt.date(2012, 3, 31))
    snapshot = PoolSnapshot.objects.get()
    printed = {
        (r.category.code, r.area and r.area.code): (r.fully_accredited, r.first_step or 0) for r in snapshot.rows.all()
    }
    for day in (dt.date(2012, 3, 31), today()):
        table = pool_table(day)
        assert {
            (r.category.code, r.area and r.area.code): (r.fully_accredited, r.first_step) for r in table.rows
        } == printed
        assert (table.total, table.entry_pending) == (118, 0)
    assert Accreditation.objects.filter(workshop__isnull=False).count() > 80


def test_the_sample_is_as_its_generator_makes_it(settings):
    path = settings.BASE_DIR / "docs" / "samples" / "ace-extract-2012.csv"
    assert path.read_text(encoding="utf-8") == samples.text()
    assert all("FICTIONAL" in text and ".example" in text for text in path.read_text().splitlines()[1:])


# What words mean


@pytest.mark.parametrize(
    ("cells", "place"),
    [
        ({"category": "Technical and Operational Advisor", "area": "Authorised economic operator"}, ("TOA", "AEO")),
        ({"category": "TOA", "area": "aeo"}, ("TOA", "AEO")),
        ({"category": "", "area": "Harmonized System (HS)"}, ("AT", "HS")),
        ({"category": "expert trainer", "area": "Customs classification"}, ("AT", "HS")),
        ({"category": "AT", "area": "Post clearance audit"}, ("AT", "PCA")),
        ({"category": "Customs Diagnostician", "area": "-"}, ("DF", None)),
        ({"category": "Diagnostic Facilitators", "area": ""}, ("DF", None)),
    ],
)
def test_areas_and_categories_by_any_of_their_words(cells, place):
    row = the_row(line(**cells))
    facts = row.data["facts"]
    assert row.verdict == RowVerdict.NEW
    assert facts["category"] == str(category(place[0]).pk)
    assert facts["area"] == (str(area(place[1]).pk) if place[1] else None)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Japan", "JP"), ("JP", "JP"), ("Japan Customs", "JP"), ("Republic of Korea", "KR"), ("Korea (Republic of)", "KR"),
        ("South Korea", "KR"),
        ("Hong Kong", "HK"), ("Hong Kong, China", "HK"), ("China", "CN"), ("Vietnam", "VN"), ("Lao PDR", "LA"), ("IRAN", "IR"),
        ("Papua New Guinea Customs Service", "PG"), ("Timor Leste", "TL"),
    ],
)  # fmt: skip
def test_administrations_by_any_of_their_names(words, code):
    assert the_row(line(home=words)).data["facts"]["administration"] == str(administration(code).pk)


@pytest.mark.parametrize("status", ["pre-accredited", "Pre-Accredited", "1st step", "First step", "preaccredited"])
def test_words_of_the_first_step(status):
    row = the_row(line(status=status, accredited_on="", ace_entered_on=""))
    assert row.verdict == RowVerdict.NEW


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"family": ""}, "family_name", "missing"),
        ({"home": ""}, "administration", "missing"),
        ({"home": "Atlantis"}, "administration", "no administration"),
        ({"family": "x" * 81}, "family_name", "longer"),
        ({"reference": "///"}, "ace_reference", "no reference"),
        ({"email": "nobody"}, "email", "no e-mail"),
        ({"category": "Wizard"}, "category", "no category"),
        ({"category": "", "area": "IPR"}, "category", "missing"),
        ({"area": "Alchemy"}, "area", "no area"),
        ({"area": ""}, "area", "missing"),
        ({"category": "DF"}, "area", "not divided"),
        ({"status": "legendary"}, "status", "no step"),
        ({"status": "1st step"}, "status", "day of accreditation"),
        ({"status": "1st step", "accredited_on": ""}, "status", "entry in ACE"),
        ({"accredited_on": ""}, "accredited_on", "missing"),
        ({"status": "", "accredited_on": ""}, "accredited_on", "none of accreditation"),
        (
            {"status": "", "first_step_on": "", "accredited_on": "", "ace_entered_on": ""},
            "first_step_on",
            "no day of any step",
        ),
        ({"accredited_on": "2009-01-01"}, "accredited_on", "before the first step"),
        ({"accredited_on": "31/02/2011"}, "accredited_on", "no day"),
        ({"ace_entered_on": "2099-01-01"}, "ace_entered_on", "still to come"),
        ({"given": "=cmd()"}, "given_name", "formula"),
        ({"languages": "x" * 50}, "languages", "no language"),
    ],
)
def test_what_cannot_be_read_names_row_column_and_reason(cells, column, words):
    good, bad = sorted(dry(line("A-0", "Other"), line(**cells)), key=lambda row: row.number)
    assert good.verdict == RowVerdict.NEW
    assert (bad.verdict, bad.number, bad.column, bad.take) == (RowVerdict.INVALID, 3, column, False)
    assert words in bad.reason


def test_an_entry_in_ace_before_the_accreditation_counts_from_the_later():
    taken_in(line(accredited_on="2011-06-01", ace_entered_on="2011-04-05"))
    assert Accreditation.objects.get().full_from == dt.date(2011, 6, 1)


def test_rows_of_a_file_contradict_each_other():
    rows = dry(
        line("A-1"),
        line("A-1"),
        line("a 1", area="RKC", family="Suzuki"),
        line("A-1", area="RKC", email="one@x.example"),
        line("A-1", area="IPR", email="two@x.example"),
        line("", area="DM"),
    )
    assert [(r.verdict, r.column) for r in rows] == [
        ("new", ""), ("invalid", "area"), ("invalid", "ace_reference"), ("new", ""), ("new", ""), ("invalid", "ace_reference"),
    ]  # fmt: skip
    rows = dry(line("A-1", email="one@x.example"), line("A-1", area="IPR", email="two@x.example"))
    assert [(r.verdict, r.column) for r in rows] == [("new", ""), ("invalid", "email")]


def test_an_unknown_workshop_is_left_out_and_said():
    row = the_row(line(workshop="Brussels, May 2009"))
    assert (row.verdict, row.data["facts"]["workshop"]) == ("new", None)
    assert "workshop" in row.reason


# Three ways


def test_new_then_unchanged_then_nothing_to_do():
    lines = [
        line(),
        line("A-2", "Abe", area="RKC"),
        line("A-1", area="IPR"),
        line("", "Noref", area="HS", category="AT"),
    ]
    assert verdicts(*lines) == ["new"] * 4
    taken_in(*lines)
    assert (Expert.objects.count(), Accreditation.objects.count()) == (3, 4)
    before = everything()
    assert verdicts(*lines) == ["unchanged"] * 4
    taken_in(*lines)
    assert everything() == before


def test_a_change_is_shown_field_by_field_and_an_empty_cell_changes_nothing():
    taken_in(line(email="a@x.example", languages="English", ace_entered_on="", status=""))
    row = the_row(
        line(email="", family="Satoh", languages="English; French (working)", ace_entered_on="2011-05-05", home="Fiji")
    )
    assert row.verdict == "changed"
    assert [(c["field"], c["last"], c["portal"], c["sheet"], c["take"]) for c in row.changes] == [
        ("family_name", "Sato", "Sato", "Satoh", True),
        ("administration", "Japan", "Japan", "Fiji", True),
        ("languages", "English", "English", "+ French", True),
        ("ace_entered_on", "", "", "2011-05-05", True),
    ]
    assert (
        the_row(line(email="", ace_entered_on="", accredited_on="", first_step_on="", status="")).verdict == "unchanged"
    )


def test_a_lower_step_never_lowers():
    taken_in(line())
    row = the_row(line(status="first step", accredited_on="", ace_entered_on=""))
    assert row.verdict == "unchanged"
    assert "stays" in row.reason


def test_what_the_portal_has_moved_since_is_left_unless_a_person_says_so():
    taken_in(line(email="old@x.example"))
    Expert.objects.update(email="better@x.example")
    row = the_row(line(email="old@x.example"))
    assert (row.verdict, row.take, row.changes[0]["take"]) == ("changed", False, False)
    row = the_row(line(email="newest@x.example"))
    assert (row.take, row.changes[0]["last"], row.changes[0]["portal"]) == (True, "old@x.example", "better@x.example")


def test_only_the_fields_that_were_taken_are_written():
    taken_in(line(email="a@x.example"))
    made = staged(line(email="b@x.example", family="Satoh"))
    choose(made, "changed", fields=[1])
    applied(made)
    expert = Expert.objects.get()
    assert (expert.family_name, expert.email) == ("Sato", "b@x.example")
    assert expert.history.count() == 2
    assert mirrored(expert)["email"].as_of == AS_OF


def test_what_is_confirmed_has_the_day_of_the_extract_never_an_older_one():
    taken_in(line(), as_of=dt.date(2020, 1, 1))
    taken_in(line(), as_of=dt.date(2021, 1, 1))
    taken_in(line(), as_of=dt.date(2020, 6, 1))
    assert Expert.objects.get().ace_as_of == Accreditation.objects.get().as_of == dt.date(2021, 1, 1)


def test_gone_counts_until_a_person_decides():
    taken_in(line(), line("A-2", "Abe"))
    made = staged(line())
    assert [(r.verdict, r.take) for r in made.rows.all()] == [("unchanged", False), ("gone", False)] or made.counts[
        "gone"
    ] == 1
    applied(made)
    assert not Accreditation.objects.filter(gone_since__isnull=False).exists()

    made = staged(line())
    choose(made, "gone", way=STILL_COUNTS)
    applied(made)
    gone = Accreditation.objects.get(gone_since__isnull=False)
    assert (gone.expert.family_name, gone.gone_since, gone.ended_on) == ("Abe", AS_OF, None)

    taken_in(line(), line("A-2", "Abe"))
    gone.refresh_from_db()
    assert gone.gone_since is None

    made = staged(line())
    choose(made, "gone", way=ENDED)
    applied(made)
    gone.refresh_from_db()
    assert gone.ended_on == AS_OF
    assert verdicts(line()) == ["unchanged"]


def test_a_row_that_cannot_be_read_makes_nothing_gone():
    taken_in(line(), line("A-2", "Abe"))
    assert verdicts(line(accredited_on="never"), line("A-2", "Abe", category="Wizard")) == ["invalid", "invalid"]


def test_people_with_a_reference_are_gone_too_if_the_extract_could_have_known_them():
    ExpertFactory(ace_reference="Z-1", accredited=True)
    later = ExpertFactory(ace_reference="Z-2")
    AccreditationFactory(expert=later, as_of=AS_OF + dt.timedelta(days=1))
    ExpertFactory(accredited=True)
    ExpertFactory(ace_reference="Z-3", accredited=True, left_on=dt.date(2020, 1, 1))
    assert sorted(verdicts(line())) == ["gone", "new"]


# Who is meant


@pytest.mark.parametrize("reference", ["", "B-9"])
def test_the_same_name_with_another_reference_or_none_is_for_a_person_to_tell(reference):
    known = ExpertFactory(family_name="SATO", given_name="Kenji", ace_reference=reference)
    made = staged(line())
    (row,) = made.rows.filter(verdict="ambiguous")
    assert not row.take
    assert [value for value, _label in row.data["ways"]] == [str(known.pk), NEW_RECORD]
    applied(made)
    assert Expert.objects.count() == 1
    assert not Accreditation.objects.exists()


def test_it_is_that_person():
    known = ExpertFactory(family_name="Kenji", given_name="Sato", email="own@x.example")
    made = staged(line(email="ace@x.example"), line(area="RKC"))
    choose(made, "ambiguous", way=str(known.pk))
    applied(made)
    known.refresh_from_db()
    assert (known.ace_reference, known.email, known.accreditations.count()) == ("A-1", "own@x.example", 2)
    assert verdicts(line(area="RKC")) == ["changed", "gone"]


def test_it_is_another_person():
    ExpertFactory(family_name="Sato", given_name="Kenji")
    made = staged(line(), line(area="RKC"))
    choose(made, "ambiguous", way=NEW_RECORD)
    applied(made)
    assert Expert.objects.count() == 2
    assert Expert.objects.get(ace_reference="A-1").accreditations.count() == 2


def test_a_way_that_is_not_offered_is_left():
    ExpertFactory(family_name="Sato", given_name="Kenji")
    made = staged(line())
    choose(made, "ambiguous", take=True, way=str(uuid.uuid4()))
    assert not made.rows.get().take


def test_a_reference_that_belongs_to_somebody_of_quite_another_name():
    taken_in(line())
    row = the_row(line(family="Miller", given="Ann"))
    assert (row.verdict, len(row.data["ways"])) == ("ambiguous", 1)


def test_a_row_without_reference_is_known_by_the_last_extract():
    taken_in(line("", area="HS", category="AT"))
    assert verdicts(line("", area="HS", category="AT")) == ["unchanged"]
    assert verdicts(line("", area="RKC")) == ["new", "gone"]


@pytest.mark.parametrize(
    ("reference", "here", "there", "verdict"),
    [
        ("", "", "", "new"),
        ("", "a@x.example", "", "new"),
        ("", "a@x.example", "A@X.example", "new"),
        ("", "a@x.example", "b@x.example", "ambiguous"),
        ("B-9", "a@x.example", "a@x.example", "new"),
        ("B-9", "a@x.example", "", "ambiguous"),
    ],
)
def test_a_row_without_reference_means_the_only_namesake_unless_something_says_otherwise(
    reference, here, there, verdict
):
    known = ExpertFactory(family_name="Sato", given_name="Kenji", ace_reference=reference, email=here)
    row = the_row(line("", email=there))
    assert (row.verdict, row.data.get("expert") in {None, str(known.pk)}) == (verdict, True)


def test_the_reference_of_a_merged_record_is_that_of_the_kept_one():
    kept = ExpertFactory(family_name="Sato", given_name="Kenji", ace_reference="K-1")
    MergedRecord.objects.create(kept=kept, old_id=uuid.uuid4(), said={"ace_reference": "A-1"})
    taken_in(line())
    assert kept.accreditations.count() == 1


# Applied equals shown, whole or nothing, taken back exactly


def test_what_moved_after_the_reading_stops_all_of_it():
    taken_in(line(), line("A-2", "Abe"))
    made = staged(line(email="x@x.example"), line("A-2", "Abe", email="y@x.example"), line("A-3", "Mori"))
    Expert.objects.filter(family_name="Abe").update(version=7)
    before = everything()
    made = applied(made)
    assert made.state == ImportState.STAGED
    assert "Abe" in made.message
    assert "Sato" not in made.message
    assert everything() == before
    imports.read_again(made, by=None)
    imports.stage(made.pk)
    assert applied(SheetImport.objects.get(pk=made.pk)).state == ImportState.APPLIED


def test_somebody_added_meanwhile_stops_it():
    made = staged(line())
    ExpertFactory(family_name="Sato", given_name="Kenji")
    made = applied(made)
    assert (made.state, "added meanwhile" in made.message) == (ImportState.STAGED, True)
    assert not Accreditation.objects.exists()


def test_another_extract_applied_meanwhile_stops_it():
    first, second = staged(line()), staged(line("A-2", "Abe"))
    applied(first)
    assert applied(second).state == ImportState.STAGED
    assert not Expert.objects.filter(family_name="Abe").exists()


def test_a_decision_after_the_yes_was_shown_is_somebody_faster():
    made = staged(line())
    shown = made.version
    choose(made, "new", take=False)
    with pytest.raises(SomebodyWasFaster):
        imports.ask_to_apply(made, by=None, version=shown)


def test_a_fault_in_the_middle_leaves_nothing_behind(monkeypatch):
    made = staged(line(), line("A-2", "Abe"))
    before = everything()
    imports.ask_to_apply(made, by=None, queue=False)
    monkeypatch.setattr(imports, "_move", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        imports.apply(made.pk)
    monkeypatch.undo()
    assert everything() == before
    assert imports.apply(made.pk).state == ImportState.APPLIED
    assert imports.apply(made.pk).state == ImportState.APPLIED
    assert Accreditation.objects.count() == 2


def test_undo_is_exact():
    ExpertFactory(family_name="Doubt", given_name="Ann")
    taken_in(line(), line("A-2", "Abe", email="abe@x.example"), line("A-4", "Gone"), as_of=dt.date(2020, 1, 1))
    before = everything()
    made = staged(
        line(),
        line("A-2", "Abe", email="new@x.example", languages="French", home="Fiji", ace_entered_on="2011-05-05"),
        line("A-2", "Abe", home="Fiji", area="RKC"),
        line("A-3", "Mori", languages="English"),
        line("A-5", "Doubt", "Ann"),
    )
    choose(made, "gone", way=ENDED)
    choose(made, "ambiguous", way=str(Expert.objects.get(family_name="Doubt").pk))
    made = applied(made)
    assert made.state == ImportState.APPLIED
    assert everything() != before
    assert undone(made).state == ImportState.UNDONE
    assert everything() == before
    assert imports.last_applied(KIND).as_of == dt.date(2020, 1, 1)


def test_undo_is_refused_with_what_changed_since():
    made = taken_in(line(), line("A-2", "Abe"))
    sato, abe = Expert.objects.order_by("-family_name")
    served(sato, dt.date(2015, 1, 1), 3)
    abe.phone = "+81"
    abe.save()
    before = everything()
    made = undone(made)
    assert made.state == ImportState.APPLIED
    assert "Kenji Sato" in made.message
    assert "Kenji Abe: telephone" in made.message
    assert everything() == before


def test_only_the_last_one_is_taken_back():
    first = taken_in(line())
    second = taken_in(line("A-2", "Abe"))
    with pytest.raises(Exception, match="later sheet"):
        imports.ask_to_undo(first, by=None)
    undone(second)
    undone(first)
    assert not Expert.objects.exists()


def test_decisions_stay_when_the_sheet_is_read_again():
    made = staged(line(), line("A-2", "Abe"))
    row = made.rows.get(label__contains="Abe")
    imports.decide(made, {row.pk: RowDecision(take=False)})
    imports.read_again(made, by=None)
    imports.stage(made.pk)
    assert {r.label.split(",")[0]: r.take for r in made.rows.all()} == {"Kenji Sato": True, "Kenji Abe": False}


def test_a_file_that_is_no_sheet_is_refused_and_kept():
    made = imports.bring(KIND, data=b"hello", name="x.csv", content_type="text/csv", as_of=AS_OF, by=rocb(), queue=True)
    assert OutboxJob.objects.filter(kind="sheet_read", payload__import_id=str(made.pk)).count() == 1
    imports.stage(made.pk)
    made.refresh_from_db()
    assert (made.state, "missing" in made.message, made.file.size) == (ImportState.REFUSED, True, 5)


# Dry run equals result, on generated files

CELLS = st.fixed_dictionaries(
    {
        "reference": st.sampled_from(["A-1", "A-2", "A-3", ""]),
        "family": st.sampled_from(["Sato", "Abe"]),
        "email": st.sampled_from(["", "a@x.example", "b@x.example"]),
        "area": st.sampled_from(["AEO", "RKC", "nowhere"]),
        "languages": st.sampled_from(["", "English", "English; French"]),
        "ace_entered_on": st.sampled_from(["", "2011-04-05", "2012-04-05", "soon"]),
        "first_step_on": st.sampled_from(["", "2010-01-02"]),
    }
)


def predicted(rows):
    """What the dry run shows, as facts of the portal: taken changes on what stands, new rows as they read."""
    found = {
        str(a.pk): [a.expert_id, a.expert.family_name, a.expert.email, a.ace_entered_on, a.first_step_on]
        for a in Accreditation.objects.select_related("expert")
    }
    people = {}
    for row in rows:
        if row.verdict == RowVerdict.CHANGED:
            for one in row.changes:
                if one["take"]:
                    people.setdefault(row.data["expert"], {})[one["field"]] = one["sheet"]
                    if one["field"] in {"ace_entered_on", "first_step_on"}:
                        found[str(row.object_id)][3 if one["field"] == "ace_entered_on" else 4] = dt.date.fromisoformat(
                            one["sheet"]
                        )
        if row.verdict == RowVerdict.NEW and row.data["expert"]:
            for one in row.changes:
                if one["take"]:
                    people.setdefault(row.data["expert"], {})[one["field"]] = one["sheet"]
    for values in found.values():
        changed = people.get(str(values[0]), {})
        values[1] = changed.get("family_name", values[1])
        values[2] = changed.get("email", values[2])
    return found


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=3))
def test_what_was_applied_is_what_was_shown(files):
    with transaction.atomic():
        for number, lines in enumerate(files):
            made = staged(*[line(**cells) for cells in lines], as_of=AS_OF + dt.timedelta(days=number))
            rows = list(made.rows.all())
            shown, before = predicted(rows), everything()
            new = sum(row.verdict == RowVerdict.NEW for row in rows)
            had = Accreditation.objects.count()
            done = applied(made)
            assert done.state == ImportState.APPLIED, done.message
            after = predicted([])
            assert {key: after[key] for key in shown} == shown
            assert len(after) == had + new
            again = dry(*[line(**cells) for cells in lines], as_of=AS_OF + dt.timedelta(days=number))
            was_new = {row.key for row in rows if row.verdict == RowVerdict.NEW}
            assert not [row for row in again if row.verdict == RowVerdict.NEW and row.key in was_new]
            assert undone(done).state == ImportState.UNDONE
            assert everything() == before
            done = applied(staged(*[line(**cells) for cells in lines], as_of=AS_OF + dt.timedelta(days=number)))
            assert done.state == ImportState.APPLIED
        transaction.set_rollback(True)
