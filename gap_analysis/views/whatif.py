"""What if: steps taken on a snapshot, the picture before and after, the smallest mix of steps, and scenarios kept of it (§5.1)."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.clock import day_of, today
from core.errors import InvalidAnswers
from core.exports import Export
from core.history import history_of
from core.templatetags.portal import day as day_words
from core.views import FormPage, ListPage, Page
from experts.models import Expert
from gap_analysis import charts, services, whatif
from gap_analysis.enums import Level
from gap_analysis.forms_survey import PlainForm
from gap_analysis.forms_whatif import AimForm, NameForm, PickForm
from gap_analysis.models import Scenario
from gap_analysis.queries import scenarios
from gap_analysis.queries.scenarios import Change, Side, WhatIf
from gap_analysis.views.dashboard import TONES, Shown
from gap_analysis.whatif import Steps, TooManyCombinations

# People of one area on the page at once; the name narrows it.
MOST_PEOPLE = 60


def address(steps: Steps, **more: Any) -> str:
    """The part of an address behind the question mark."""
    query = QueryDict(mutable=True)
    for kind, value in steps.pairs():
        query.appendlist(kind, value)
    for name, value in more.items():
        if value:
            query.setlist(name, value if isinstance(value, list) else [value])
    return f"?{query.urlencode(safe=':')}" if query else "?"


def picture(changes: Iterable[Change], band: tuple[int, int]) -> dict[str, Any]:
    """The chart and the rows of a picture before and after, for the page of a scenario and for one not kept yet."""
    changes = list(changes)
    moved = [change for change in changes if change.is_one]
    return {
        "rows": [(change, TONES[Level(change.before.level)], TONES[Level(change.after.level)]) for change in moved],
        "same": [(change.after, TONES[Level(change.after.level)]) for change in changes if not change.is_one],
        "chart": charts.before_and_after_chart(changes, band) if moved else None,
        "floor": band[0],
        "comfort": band[1],
    }


def table_of(changes: Iterable[Change]) -> tuple[list[str], list[list[Any]]]:
    head = [_("Area")]
    for side in (_("before"), _("after")):
        head += [
            f"{title}, {side}"
            for title in (
                _("Rank"), _("Level"), _("Fully accredited"), _("First step"), _("Candidates"), _("Free expert-weeks"),
            )
        ]  # fmt: skip
    head += [_("Members asking"), _("Expert-weeks wanted")]
    rows = [
        [change.after.name, *_figures(change.before), *_figures(change.after), change.after.members, change.after.weeks]
        for change in changes
    ]
    return head, rows


def _figures(side: Side) -> list[Any]:
    return [side.rank, side.level_words, side.full, side.first_step, side.candidates, side.free_weeks]


class Sentences:
    """Each step in words, with the people who may be read; one query."""

    def __init__(self, steps: Steps, names: dict[str, str], user: Any) -> None:
        self.steps, self.areas = steps, names
        places = (*steps.end, *steps.seats, *steps.accredit)
        self.people = scenarios.people_named([*steps.leave, *(person for person, _area in places)], user)

    def who(self, person: str) -> Any:
        return self.people.get(person) or _("Somebody who is not to be found")

    def of(self, pair: tuple[str, str]) -> str:
        kind, value = pair
        first, _colon, last = value.rpartition(":")
        area = self.areas.get(first if kind == "workshop" else last, last)
        if kind == "leave":
            return str(_("%(who)s leaves") % {"who": self._at_home(value)})
        if kind == "until":
            return str(_("Lines of the candidate list that nobody confirms end until %(day)s") % {"day": _day(value)})
        if kind == "workshop":
            number = int(last)
            return ngettext(
                "A workshop in %(area)s with %(n)d person of the candidate list",
                "A workshop in %(area)s with %(n)d people of the candidate list",
                number,
            ) % {"area": area, "n": number}
        sentence = {
            "end": _("%(who)s no longer counts in %(area)s"),
            "seat": _("%(who)s has a seat in the workshop in %(area)s"),
            "accredit": _("%(who)s is fully accredited in %(area)s"),
        }[kind]
        return sentence % {"who": self.who(first), "area": area}

    def _at_home(self, person: str) -> str:
        found = self.people.get(person)
        return f"{found} ({found.administration})" if found else str(self.who(person))


def _day(value: str) -> str:
    try:
        return day_words(dt.date.fromisoformat(value))
    except ValueError:
        return value


class Assumed(Shown):
    """A page about the steps of its address, taken on the snapshot that is shown."""

    @cached_property
    def steps(self) -> Steps:
        query = self.request.GET
        pairs = [(kind, value) for kind in whatif.KINDS for value in query.getlist(kind)]
        area, number = query.get("area", ""), query.get("n", "")
        if "n" in query and area:
            pairs = [(kind, value) for kind, value in pairs if (kind, value.rpartition(":")[0]) != ("workshop", area)]
            pairs += [("workshop", f"{area}:{number}")]
        return whatif.read(pairs)

    @cached_property
    def found(self) -> WhatIf | None:
        ready = self.snapshot is not None and self.snapshot.built_at is not None
        return scenarios.what_if(self.snapshot, self.steps) if ready and self.snapshot else None

    def on(self) -> str:
        return str(self.snapshot.pk) if self.snapshot else ""

    def names(self) -> dict[str, str]:
        return {change.after.code: change.after.name for change in self.found.changes} if self.found else {}

    def sentences(self) -> list[dict[str, Any]]:
        """The steps in words, each with the address without it, whether it changes anything, and who comes to a workshop."""
        if self.found is None:
            return []
        words, area = Sentences(self.steps, self.names(), self.request.user), self.request.GET.get("area", "")
        coming = self.found.outcome.seated
        return [
            {
                "words": words.of(pair),
                "without": address(self.steps.without(pair), on=self.on(), area=area),
                "is_idle": pair in self.found.outcome.idle,
                "coming": len(coming.get(pair[1].rpartition(":")[0], ())) if pair[0] == "workshop" else None,
            }
            for pair in self.steps.pairs()
        ]


class WhatIfPage(Assumed):
    """Its address holds everything: it can be sent to somebody else of the offices."""

    template_name = "gap_analysis/whatif.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if "n" in request.GET:
            return redirect(self.here())
        return super().get(request, *args, **kwargs)

    def here(self, steps: Steps | None = None) -> str:
        query = self.request.GET
        kept = {"on": self.on(), "area": query.get("area"), "who": query.get("who"), "to": query.get("to")}
        return reverse("gap_analysis:whatif") + address(steps or self.steps, **kept, aim=query.getlist("aim"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self.found
        if found is None:
            return super().get_context_data(snapshot=self.snapshot, found=None, **kwargs)
        return super().get_context_data(
            snapshot=self.snapshot,
            found=found,
            steps=self.sentences(),
            asked_aims=self.request.GET.getlist("aim"),
            here=address(self.steps, on=self.on()),
            **picture(found.changes, found.band),
            **self.people(found),
            **self.mix(found),
            **kwargs,
        )

    def choices(self, found: WhatIf) -> list[tuple[str, str]]:
        return sorted(((change.after.code, change.after.name) for change in found.changes), key=lambda area: area[1])

    def people(self, found: WhatIf) -> dict[str, Any]:
        """The people of the chosen area with what is ticked of them, and the steps that the form does not show."""
        form = PickForm(self.request.GET, areas=self.choices(found))
        form.is_valid()
        area, who = form.cleaned_data.get("area") or "", (form.cleaned_data.get("who") or "").casefold()
        pairs = set(self.steps.pairs())
        context: dict[str, Any] = {"pick_form": form, "area": area, "people": [], "until": self.steps.until}
        shown = {("until", self.steps.until)}
        if area:
            group = found.pool[area]
            named = scenarios.people_named(group.everybody, self.request.user)
            context["seats"], context["listed"] = self.steps.workshops.get(area, ""), len(group.candidates)
            shown.add(("workshop", f"{area}:{self.steps.workshops.get(area, 0)}"))
            stages = (
                (_("first step"), group.first_step, ("end", "accredit")),
                (_("candidate"), group.candidates, ("end", "seat", "accredit")),
                (_("fully accredited"), group.full, ("end",)),
            )
            for stage, keys, kinds in stages:
                context["people"] += [
                    self.person(named[key], stage, area, kinds, pairs)
                    for key in sorted(keys & named.keys(), key=lambda key: (named[key].name, key))
                    if who in f"{named[key].name} {named[key].administration}".casefold()
                ]
        context["more"] = max(0, len(context["people"]) - MOST_PEOPLE)
        context["people"] = context["people"][:MOST_PEOPLE]
        shown |= {(box["kind"], box["value"]) for person in context["people"] for box in person["boxes"].values()}
        return context | {"hidden": [pair for pair in self.steps.pairs() if pair not in shown]}

    def person(
        self, expert: Expert, stage: str, area: str, kinds: tuple[str, ...], pairs: set[tuple[str, str]]
    ) -> dict[str, Any]:
        values = {"leave": str(expert.pk)} | dict.fromkeys(kinds, f"{expert.pk}:{area}")
        boxes = {
            kind: {"kind": kind, "value": value, "is_ticked": (kind, value) in pairs} for kind, value in values.items()
        }
        return {"expert": expert, "stage": stage, "boxes": boxes}

    def mix(self, found: WhatIf) -> dict[str, Any]:
        """The smallest mix for the chosen areas; without any, what is short stands ready to be chosen."""
        floor, comfort = found.band
        goals = [
            ("floor", _("the floor of the band: %(n)d fully accredited") % {"n": floor}),
            ("comfort", _("the comfort of the band: %(n)d fully accredited") % {"n": comfort}),
        ]
        query = self.request.GET.copy()
        if "aim" not in query:
            query.setlist("aim", [change.after.code for change in found.changes if change.after.is_short])
        query.setdefault("to", "floor")
        form = AimForm(query, areas=self.choices(found), goals=goals)
        form.is_valid()
        weights = scenarios.weights_on(found.snapshot.as_of)
        context = {"aim_form": form, "all_steps": self.steps.pairs(), "weights": weights, "mix": None}
        aims = form.cleaned_data.get("aim", []) if "aim" in self.request.GET else []
        if not aims:
            return context
        goal = comfort if form.cleaned_data.get("to") == "comfort" else floor
        try:
            mix = scenarios.mix_for(found, aims, goal=goal, weights=weights)
        except TooManyCombinations:
            return context | {"too_many": True}
        return context | {"mix": mix, "goal": goal, **self.mix_words(found, mix, aims, goal)}

    def mix_words(self, found: WhatIf, mix: whatif.Mix, aims: list[str], goal: int) -> dict[str, Any]:
        names, pool = self.names(), found.outcome.pool
        people = scenarios.people_named([move.person for move in mix.moves], self.request.user)
        return {
            "seats_taken": sum(len(move.seats) for move in mix.moves),
            "workshops": [names[area] for area in sorted(mix.workshops)],
            "moves": [
                {
                    "expert": people.get(move.person),
                    "areas": ", ".join(names[area] for area in sorted(move.areas)),
                    "seats": ", ".join(names[area] for area in sorted(move.seats)),
                    "is_shared": len(move.areas) > 1,
                }
                for move in mix.moves
            ],
            "missing": [
                {
                    "area": names[code],
                    "full": len(pool[code].full),
                    "waiting": len(pool[code].first_step),
                    "listed": len(pool[code].candidates),
                    "n": number,
                }
                for code, number in sorted(mix.missing.items(), key=lambda item: names[item[0]])
            ],
            "there": [names[code] for code in aims if len(pool[code].full) >= goal],
            "take_up": self.here(scenarios.with_mix(found, mix)) if mix.moves else "",
        }


class WhatIfExport(Export, Assumed):
    """Every area before and after the steps of the address."""

    def table(self) -> Any:
        return f"what-if-{today().isoformat()}", *table_of(self.found.changes if self.found else ())


class ScenarioNew(FormPage, Assumed):
    """Keep the steps of the address under a name."""

    action = "gap_analysis.save_scenario"
    form_class = NameForm
    template_name = "gap_analysis/scenario_new.html"
    success_message = gettext_lazy("The scenario is kept, with the picture as it is now.")

    def cancel_url(self) -> str:
        return reverse("gap_analysis:whatif") + address(self.steps, on=self.on())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(steps=self.sentences(), snapshot=self.snapshot, **kwargs)

    def save(self, form: Any) -> str:
        if self.snapshot is None or self.snapshot.built_at is None:
            raise InvalidAnswers({"name": _("There is no snapshot to start from yet.")})
        name = form.cleaned_data["name"]
        kept = services.save_scenario(self.snapshot, by=self.request.user, name=name, steps=self.steps)
        return kept.get_absolute_url()


class ScenariosPage(ListPage):
    """Every scenario on a snapshot that one may read."""

    action = "gap_analysis.see_gaps"
    queryset = Scenario.objects.select_related("by")
    template_name = "gap_analysis/scenarios.html"
    results_template = "gap_analysis/_scenarios.html"
    sorts = {"kept": ("created_at", "pk"), "name": ("name", "pk"), "day": ("as_of", "pk")}
    first_sort = "-kept"


class ScenariosExport(Export, ScenariosPage):
    def table(self) -> Any:
        head = [_("Name"), _("As of"), _("Kept"), _("By"), _("Steps")]
        rows = [
            [row.name, row.as_of, day_of(row.created_at), str(row.by or ""), len(row.steps.get("pairs", ()))]
            for row in self.found()
        ]
        return f"scenarios-{today().isoformat()}", head, rows


class OfScenario(Page):
    action = "gap_analysis.see_gaps"
    queryset = Scenario.objects.select_related("snapshot", "by")

    def changes(self) -> list[Change]:
        return [
            Change(Side(**before), Side(**after))
            for before, after in zip(self.object.before, self.object.after, strict=True)
        ]


class ScenarioPage(OfScenario):
    """The picture as it was when the scenario was kept, and its steps in words."""

    template_name = "gap_analysis/scenario.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        scenario, changes = self.object, self.changes()
        steps = whatif.read(scenario.steps.get("pairs", ()))
        words = Sentences(steps, {change.after.code: change.after.name for change in changes}, self.request.user)
        return super().get_context_data(
            steps=[{"words": words.of(pair)} for pair in steps.pairs()],
            again=reverse("gap_analysis:whatif") + address(steps, on=str(scenario.snapshot_id)),
            fresh=reverse("gap_analysis:whatif") + address(steps),
            entries=history_of(scenario.pk),
            **picture(changes, scenarios.band_of(scenario.snapshot)),
            **kwargs,
        )


class ScenarioExport(Export, OfScenario):
    def table(self) -> Any:
        return f"scenario-{self.object.as_of.isoformat()}", *table_of(self.changes())


class OwnScenario(FormPage):
    action = "gap_analysis.change_scenario"
    queryset = Scenario.objects.select_related("by")


class ScenarioRename(OwnScenario):
    form_class = NameForm
    template_name = "gap_analysis/scenario_rename.html"

    def initial(self) -> dict[str, Any]:
        return {"name": self.object.name}

    def save(self, form: Any) -> str:
        name = form.cleaned_data["name"]
        services.rename_scenario(self.object, by=self.request.user, name=name, version=self.version)
        return str(self.object.get_absolute_url())


class ScenarioDelete(OwnScenario):
    form_class = PlainForm
    template_name = "gap_analysis/scenario_delete.html"
    success_message = gettext_lazy("The scenario is deleted.")

    def save(self, form: Any) -> str:
        services.delete_scenario(self.object, by=self.request.user)
        return reverse("gap_analysis:scenarios")
