"""How the pool grows in the demo region: nominations in each state, calls, the centres' work, corrections of ACE, extracts (Part II)."""

import csv
import datetime as dt
import io
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

from candidates import services as listing
from candidates.enums import CallAnswer, Origin, Requirement, Verdict
from candidates.models import Call, Nomination
from centres import services as centres
from centres.enums import Audience as MaterialFor
from centres.enums import TrainingKind, TrainingRole
from centres.models import Centre
from core import imports
from core.enums import RowVerdict
from core.models import SheetImport
from core.workflow import act
from experts.models import Accreditation, Area, Expert
from experts.services import raise_correction
from members.models import Administration, User
from rocb_portal.demo.names import address
from rocb_portal.demo.papers import paper
from rocb_portal.demo.people import Cast
from rocb_portal.demo.pool import Pool
from rocb_portal.demo.rows import weekday
from rocb_portal.demo.stage import Story

EVIDENCE = {
    "NII": "Ten years at the scanners of the main port; wrote the image library that all sites use.",
    "K9": "Leads the national dog unit; trained handlers of two neighbouring administrations.",
    "INT": "Heads internal affairs; led the integrity survey and the action plan that followed.",
    "RM": "Runs the targeting centre; built its rules with the statistics office.",
    "SW": "Business owner of the national single window since its first release.",
    "IPR": "Leads the unit against counterfeit goods; works with right holders and trained the airports.",
    "PCA": "Audits large traders; taught post clearance audit at the academy.",
}
OTHERS: dict[int, str] = {
    Requirement.ENGLISH: "Works in English; took part in English as speaker at three regional seminars.",
    Requirement.CAPACITY_BUILDING: "Trained colleagues at home every year, and twice abroad on bilateral projects.",
    Requirement.WCO: "Follows the WCO committee on the topic; finished the e-learning modules on it.",
}
GOOD = dict.fromkeys(Requirement.values, (Verdict.MET, ""))
ASKS_MORE = {**GOOD, Requirement.ENGLISH: (Verdict.MORE_ASKED, "A short interview in English would help.")}
FALLS_SHORT = {
    **GOOD,
    Requirement.EXPERTISE: (Verdict.NOT_MET, "One year in the area so far."),
    Requirement.CAPACITY_BUILDING: (Verdict.NOT_MET, "No training given yet."),
}
SCANNERS = "Who knows scanners and detector dogs?"
TRADE = "Experts for authorized operators, audit and intellectual property"

Path = Generator[int, None, Nomination]


@dataclass(frozen=True, slots=True)
class Fate:
    """How a nomination goes on once it is sent: consent, reviews, who else is asked, and the row of the table that ends it."""

    consents: bool = True
    reviews: tuple[tuple[User, Any], ...] = ()
    asked: User | None = None
    ends: str = ""
    by: User | None = None
    words: dict[str, str] = field(default_factory=dict)


class Growing:
    """Every story of Part II, besides the list as it stands."""

    def __init__(self, cast: Cast, pool: Pool) -> None:
        self.cast, self.pool = cast, pool
        self.rocb, self.other = cast.rocb[0], cast.rocb[1]
        self.areas = {area.code: area for area in Area.objects.all()}
        self.calls: dict[str, Call] = {}

    def all(self) -> list[Story]:
        return [
            *self.invitations_to_nominate(),
            *self.nominations(),
            *self.of_centres(),
            self.corrections(),
            self.extracts(),
        ]

    def day(self, ago: int) -> dt.date:
        return weekday(self.cast.day - dt.timedelta(days=ago))

    # Calls

    def invitations_to_nominate(self) -> list[Story]:
        everybody = list(Administration.objects.filter(is_active=True))

        def call(title: str, codes: str, begins: int, answers: dict[str, str], *, days: int, closes: int = 0) -> Story:
            yield begins + 1
            draft = listing.draft_call(
                by=self.rocb,
                title=title,
                text="Please look among your officials for people with solid expertise in these areas, with good English "
                "and some practice in training others.",
                areas=[self.areas[code] for code in codes.split()],
                deadline=self.cast.day - dt.timedelta(days=begins - days),
                members=everybody,
            )
            yield begins
            listing.send_call(draft, by=self.rocb, version=draft.version)
            self.calls[title] = draft
            for n, (code, answer) in enumerate(answers.items()):
                yield begins - 2 - n
                member = draft.members.get(administration=self.cast.administrations[code])
                listing.answer_call(member, by=self.cast.focal[code], answer=answer)
            if closes:
                yield closes
                act(draft, "close", by=self.rocb)

        yes, nobody = CallAnswer.NOMINATES, CallAnswer.NOBODY
        return [
            call(
                SCANNERS, "NII K9", 24,
                {"AU": yes, "NZ": yes, "FJ": yes, "SG": nobody, "TO": nobody, "KR": nobody}, days=45,
            ),
            call(
                TRADE, "AEO PCA IPR", 262,
                {"KR": yes, "TH": nobody, "VN": nobody, "AU": nobody, "PH": nobody, "ID": nobody}, days=45, closes=210,
            ),
            call("Integrity advisers wanted", "INT", 230, {"HK": yes, "ID": yes, "TO": nobody}, days=60, closes=165),
        ]  # fmt: skip

    # Nominations

    def person(self, home: str) -> dict[str, Any]:
        given, family = self.cast.names.of(home)
        return {
            "given_name": given,
            "family_name": family,
            "email": address(given, family, f"customs-{home.lower()}"),
            "office": "Technical division",
            "home": self.cast.administrations[home],
        }

    def draft(
        self, by: User, home: str, area: str, *, origin: str = Origin.ADMINISTRATION, **fields: Any
    ) -> Nomination:
        return listing.draft_nomination(
            by=by, origin=origin, areas=[self.areas[area]], why=f"Known at home as the person to ask about {self.areas[area]}.",
            **self.person(home), **fields,
        )  # fmt: skip

    def written(self, nomination: Nomination, area: str, *, by: User) -> Nomination:
        evidence: dict[int, str] = {Requirement.EXPERTISE: EVIDENCE[area], **OTHERS}
        return listing.save_nomination(nomination, by=by, version=nomination.version, evidence=evidence)

    def sent(self, area: str, home: str, ago: int, *, by: User | None = None, on: str = "", **fields: Any) -> Path:
        """Written and sent: by the home administration, or by whoever `by` is; `on` is the title of the call it answers."""
        yield ago + 2
        by, call = by or self.cast.focal[home], self.calls.get(on)
        nomination = self.written(self.draft(by, home, area, call=call, **fields), area, by=by)
        yield ago
        return listing.submit_nomination(nomination, by=by)

    def known_to_rocb(self, area: str, home: str, ago: int) -> Path:
        return self.sent(area, home, ago, by=self.rocb, origin=Origin.ROCB)

    def by_centre(self, area: str, host: str, ago: int) -> Path:
        return self.sent(
            area, host, ago, by=self.head(host), origin=Origin.CENTRE, centre_host=self.cast.administrations[host]
        )

    def go(self, path: Path, ago: int, fate: Fate) -> Story:
        """The nominee's consent, the reviews, and how it ends."""
        nomination = yield from path
        if fate.consents:
            yield ago - 2
            # The nominee came by the link of the e-mail; ROCB notes it here in the same words.
            listing.complete_nominee_part(
                nomination, by=self.rocb, consent=True, note="Consent given by e-mail.",
                evidence={Requirement.ENGLISH: "I led working groups in English for two years."},
            )  # fmt: skip
        for n, (reviewer, words) in enumerate(fate.reviews):
            yield ago - 4 - n
            listing.save_review(nomination, by=reviewer, judgements=words, give=True)
        if fate.asked:
            yield ago - 6
            listing.ask_reviewers(nomination, by=self.rocb, reviewers=[self.rocb, fate.asked])
        if fate.ends:
            yield ago - 9
            act(nomination, fate.ends, by=fate.by or self.rocb, **fate.words)

    def begun(self) -> Story:
        yield 6
        by = self.cast.focal["FJ"]
        nomination = self.draft(by, "FJ", "K9", call=self.calls[SCANNERS])
        evidence: dict[int, str] = {Requirement.EXPERTISE: EVIDENCE["K9"]}
        listing.save_nomination(nomination, by=by, version=nomination.version, evidence=evidence)

    def nominations(self) -> list[Story]:
        rocb, other = self.rocb, self.other
        both = ((rocb, GOOD), (other, GOOD))
        missing = "A CV\nA word on the training given abroad: when, where, to whom"
        interview = "Works in English daily, as the interview of last month showed."
        not_yet = (
            "The colleague has a good start in the area. With two more years of practice and some training given at home we should "
            "be glad to look again."
        )
        post = "The officer takes up another post next year."
        return [
            self.begun(),
            self.go(self.by_centre("PCA", "MY", 8), 8, Fate(consents=False)),
            self.go(self.known_to_rocb("RM", "VN", 12), 12, Fate(consents=False)),
            self.go(self.sent("NII", "AU", 14, on=SCANNERS), 14, Fate(reviews=((rocb, GOOD),), asked=other)),
            self.go(self.sent("SW", "JP", 18), 18, Fate(reviews=both)),
            self.go(self.sent("K9", "NZ", 11, on=SCANNERS), 11, Fate()),
            self.go(self.sent("INT", "FJ", 26), 26, Fate(reviews=((rocb, ASKS_MORE),), ends="return", words={"returned_note": missing})),
            self.go(self.sent("NII", "SG", 120), 120, Fate(reviews=both, ends="list")),
            self.go(self.sent("IPR", "KR", 245, on=TRADE), 245, Fate(reviews=both, ends="list")),
            self.go(
                self.sent("RM", "ID", 200), 200,
                Fate(reviews=((rocb, ASKS_MORE), (other, GOOD)), ends="list", words={"waiver": interview}),
            ),
            self.go(
                self.sent("PCA", "KH", 90), 90,
                Fate(reviews=((rocb, FALLS_SHORT), (other, FALLS_SHORT)), ends="not_list", words={"decision_note": not_yet}),
            ),
            self.go(
                self.known_to_rocb("INT", "TH", 40), 40,
                Fate(consents=False, ends="object", by=self.cast.focal["TH"], words={"objection_note": post}),
            ),
            self.go(
                self.sent("SW", "KR", 60), 60, Fate(consents=False, ends="withdraw", words={"note": "Left for a ministry."})
            ),
        ]  # fmt: skip

    # Centres

    def of_centres(self) -> list[Story]:
        material = (
            ("MY", "PCA", "Handbook for audit trainers", MaterialFor.EXPERTS, ""),
            ("MY", "STRAT", "Strategic planning: a workbook", MaterialFor.EVERYBODY, ""),
            ("JP", "AEO", "Validation checklists", MaterialFor.EXPERTS, ""),
            ("HK", "RM", "Course on risk management", MaterialFor.EVERYBODY, "https://rtc-hk.example/risk-management"),
            ("CN", "VAL", "Case studies on valuation", MaterialFor.EXPERTS, ""),
            ("KR", "SW", "Notes for the host's own staff", MaterialFor.HOST, ""),
        )

        return [
            *(self.gives(150 - 17 * n, *row) for n, row in enumerate(material)),
            self.trains("MY", "PCA", "Post clearance audit for auditors of small traders", 130, trainer="VAL"),
            self.trains("JP", "AEO", "AEO validators' course", 75, trainer="ROO"),
            self.trains("CN", "VAL", "Valuation for candidates", 48, trainer="HS", kind=TrainingKind.CANDIDATES),
        ]

    def gives(self, ago: int, code: str, area: str, title: str, *how: str) -> Story:
        audience, url = how
        yield ago
        centre = self.centre(code)
        centres.add_resource(
            centre, title=title, area=self.areas[area], audience=audience, url=url, by=self.head(code),
            upload=None if url else paper("Material", title, f"Training centre of {centre.administration}"),
            note="Used at the centre since last year.",
        )  # fmt: skip

    def trains(self, code: str, area: str, title: str, ago: int, **who: str) -> Story:
        yield ago - 6
        first, head = self.day(ago), self.head(code)
        training = centres.add_training(
            self.centre(code), by=head, kind=who.get("kind", TrainingKind.GIVEN), title=title, area=self.areas[area], first_day=first,
            last_day=first + dt.timedelta(days=4), place=f"Training centre, {self.cast.administrations[code]}", participants=24,
        )  # fmt: skip
        centres.add_training_person(
            training, expert=self.pool.one(who["trainer"], code), role=TrainingRole.TRAINER, by=head
        )

    def centre(self, code: str) -> Centre:
        return Centre.objects.select_related("administration").get(administration=self.cast.administrations[code])

    def head(self, code: str) -> User:
        return (
            User.objects.filter(
                memberships__party="centre", memberships__administration=self.cast.administrations[code]
            ).first()
            or self.rocb
        )

    # The mirror of ACE

    def corrections(self) -> Story:
        yield 44
        first, second = self.pool.one("VAL", "MY"), self.pool.one("HS", "CN")
        one = raise_correction(
            first,
            by=self.rocb,
            field="languages",
            should_say="English, Malay, French",
            reason="Told on the last mission.",
        )
        yield 30
        act(one, "agree", by=self.cast.focal["MY"])
        yield 21
        act(one, "send", by=self.rocb)
        yield 12
        raise_correction(
            second,
            by=self.rocb,
            field="email",
            should_say="new.address@customs-cn.example",
            reason="Our last e-mail came back.",
        )

    def extracts(self) -> Story:
        """One extract applied three weeks ago, and a new one that waits: with each kind of row."""
        yield 21
        rows = extract_rows()
        self._bring(rows, 21, apply=True)
        yield 2
        self._bring(changed(rows), 2, apply=False)

    def _bring(self, rows: list[dict[str, str]], ago: int, *, apply: bool) -> SheetImport:
        secretariat = self.cast.secretariat[0]
        sheet = imports.bring(
            "ace", data=as_csv(rows), name=f"ace-extract-{self.day(ago)}.csv", content_type="text/csv", as_of=self.day(ago),
            by=secretariat, queue=False,
        )  # fmt: skip
        imports.stage(sheet.pk)
        if apply:
            sheet.refresh_from_db()
            imports.decide_all(sheet, RowVerdict.CHANGED, take=True)
            sheet.refresh_from_db()
            imports.ask_to_apply(sheet, by=secretariat, queue=False)
            imports.apply(sheet.pk)
        return sheet


def extract_rows() -> list[dict[str, str]]:
    """What the portal knows, in the columns of an extract."""
    alive = Accreditation.objects.filter(ended_on__isnull=True, expert__left_on__isnull=True).select_related(
        "expert__administration", "category", "area"
    )
    people: dict[Any, Expert] = {}
    rows = []
    for row in alive.prefetch_related("expert__languages").order_by("expert__ace_reference", "expert__email", "pk"):
        expert = people.setdefault(row.expert_id, row.expert)
        rows.append(
            {
                "ace_reference": expert.ace_reference,
                "family_name": expert.family_name,
                "given_name": expert.given_name,
                "administration": str(expert.administration),
                "email": expert.email,
                "languages": "; ".join(language.language for language in expert.languages.all()),
                "category": row.category.code,
                "area": row.area.name if row.area else "",
                "status": "accredited" if row.accredited_on else "pre-accredited",
                "first_step_on": _iso(row.first_step_on),
                "accredited_on": _iso(row.accredited_on),
                "ace_entered_on": _iso(row.ace_entered_on),
                "workshop": "",
            }
        )
    return rows


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def changed(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The same extract weeks later: something new, something changed, gone, not clear, and not readable."""
    known = [row for row in rows if row["ace_reference"]]
    new = {**known[3], "ace_reference": "DEMO-ACE-0901", "family_name": "Tavakoli", "given_name": "Mahin", "administration": "Iran",
           "email": "mahin.tavakoli@customs-ir.example"}  # fmt: skip
    namesake = {**known[5], "ace_reference": "DEMO-ACE-0902", "email": "another.address@customs.example"}
    unreadable = {
        **known[6],
        "ace_reference": "DEMO-ACE-0903",
        "family_name": "Okoro",
        "email": "",
        "accredited_on": "31 June 2019",
    }
    later = [dict(row) for row in rows if row is not known[8]]
    by_reference = {row["ace_reference"]: row for row in later}
    by_reference[known[10]["ace_reference"]]["email"] = "moved.office@customs.example"
    by_reference[known[12]["ace_reference"]]["languages"] += "; French"
    return [*later, new, namesake, unreadable]


def as_csv(rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
