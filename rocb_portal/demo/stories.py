"""What runs on the day: requests and missions in every state, so that each party finds real work at once."""

from typing import Any

from core.dated_policy import policy
from core.workflow import act, perform
from missions import services
from missions.enums import BearsCost, Mode
from rocb_portal.demo.journey import Journey, Part, Trip
from rocb_portal.demo.listings import Candidates
from rocb_portal.demo.people import Cast
from rocb_portal.demo.pool import Pool
from rocb_portal.demo.stage import Story


class Stories:
    """Every story of the day. `begins` sets how far a mission has come: its steps follow the timetable before and after it."""

    def __init__(self, cast: Cast, pool: Pool, candidates: Candidates) -> None:
        self.cast, self.pool, self.candidates = cast, pool, candidates
        self.number = 0

    def all(self) -> list[Story]:
        return [
            *self.requests(),
            *self.searches(),
            *self.consultations(),
            *self.letters(),
            *self.preparations(),
            *self.reports(),
        ]

    def trip(self, area: str, member: str, begins: int, *parts: Part, **fields: Any) -> Journey:
        self.number += 1
        return Journey(self.cast, Trip(area, member, begins, list(parts), kind=self.number, **fields), self.number)

    # Step 1

    def requests(self) -> list[Story]:
        def returned(journey: Journey) -> Story:
            yield from journey.go()
            yield journey.ago("check")
            perform(
                journey.request, "return", by=journey.rocb,
                returned_note="Please say how many officers take part, and whether the dates can move by two weeks.",
            )  # fmt: skip

        def withdrawn(journey: Journey) -> Story:
            yield from journey.go()
            yield journey.ago("check")
            perform(journey.request, "withdraw", by=self.cast.focal["WS"], note="The new law comes first.")

        return [
            self.trip("DM", "FJ", 99, until="draft", ahead=40, bears_cost=BearsCost.NO).go(),
            returned(self.trip("RM", "FJ", 93, until="file", ahead=65)),
            self.trip("VAL", "TO", 96, until="file", ahead=35).go(),
            self.trip("INT", "VU", 97, until="file", ahead=80, bears_cost=BearsCost.NO).go(),
            self.trip("IPR", "BD", 98, until="file", ahead=20, bears_cost=BearsCost.YES).go(),
            self.trip("HS", "SB", 94, until="check", ahead=55).go(),
            self.trip("PCA", "KH", 93, until="check", ahead=30, bears_cost=BearsCost.YES).go(),
            withdrawn(self.trip("STRAT", "WS", 80, until="file")),
        ]

    # Step 2

    def searches(self) -> list[Story]:
        pool = self.pool
        return [
            self.trip("ROO", "BT", 88, until="plan", ahead=25).go(),
            self.trip("RKC", "MV", 86, until="plan", ahead=45).go(),
            self.trip("AEO", "NP", 84, seats=2, until="look", ahead=15).go(),
            self.trip(
                "HS", "FJ", 82, Part(pool.one("HS", "CN")), Part(pool.one("HS", "MY")), until="consult", ahead=20
            ).go(),
        ]

    # Step 3

    def consultations(self) -> list[Story]:
        pool, listed = self.pool, self.candidates
        nobody, asked = "", "none"
        return [
            self.trip(
                "VAL", "MN", 81, Part(pool.one("VAL", "HK"), informal=nobody), Part(pool.one("VAL", "VN"), informal=nobody),
                until="final", ahead=12,
            ).go(),
            self.trip(
                "VAL", "FJ", 76,
                Part(pool.one("VAL", "MY"), informal=asked),
                Part(pool.one("VAL", "TH"), seat=2, informal="other_dates", words="Two weeks later would do."),
                seats=2, until="answer", bears_cost=BearsCost.YES,
            ).go(),
            self.trip(
                "ROO", "PK", 77,
                Part(pool.one("ROO", "JP"), informal="not_available", words="Our audit season."),
                Part(pool.one("ROO", "SG"), informal=asked),
                until="answer",
            ).go(),
            self.trip("NII", "PG", 76, Part(listed.one("NII", "HK")), until="answer", donor="Pacific Trade Facility (fictional)").go(),
        ]  # fmt: skip

    # Steps 4 and 5

    def letters(self) -> list[Story]:
        pool, listed = self.pool, self.candidates

        def withdrawn(journey: Journey, part: Part) -> Story:
            yield from journey.go()
            yield journey.ago("reply")
            act(part.asked, "withdraw", by=journey.rocb, note="Found for another mission.")

        def reminded(journey: Journey) -> Story:
            yield from journey.go()
            for days in policy("letter.reminder_days"):
                if journey.ago("send") > days:
                    yield journey.ago("send") - days
                    services.remind_letters()

        taken_back = Part(pool.one("VAL", "PH"), seat=2, informal="none")
        return [
            self.trip("PCA", "TL", 73, Part(pool.one("PCA", "KR")), until="prepare").go(),
            self.trip("K9", "SB", 72, Part(listed.one("K9", "NZ")), until="prepare", bears_cost=BearsCost.NO).go(),
            self.trip("AEO", "LA", 71, Part(pool.one("AEO", "JP"), reply="silence"), until="send").go(),
            reminded(
                self.trip(
                    "STRAT", "TL", 64,
                    Part(pool.one("DF", "MY", 2), reply="silence"), Part(pool.one("DF", "MY", 3), seat=2, reply="silence"),
                    seats=2, until="send",
                )
            ),
            reminded(self.trip("RKC", "SB", 54, Part(pool.one("RKC", "IN"), reply="silence"), until="send")),
            self.trip("IPR", "VU", 59, Part(pool.one("IPR", "KR"), reply="conditions"), until="reply").go(),
            withdrawn(
                self.trip(
                    "VAL", "BD", 57,
                    Part(pool.one("VAL", "AU")), Part(pool.one("VAL", "CN"), seat=2, reply="no", words="Needed at home in that month."),
                    taken_back, seats=2, until="reply",
                ),
                taken_back,
            ),
            self.trip("HRM", "LK", 56, Part(pool.one("CMA", "TH"), reply="other_officer", on_paper=True), until="reply").go(),
            self.trip(
                "IPR", "WS", 50, Part(pool.one("IPR", "CN"), reply="declined"), Part(pool.one("IPR", "TH"), reply=""),
                until="accept_conditions",
            ).go(),
        ]  # fmt: skip

    # Steps 6 and 7

    def preparations(self) -> list[Story]:
        pool = self.pool

        def stood_down(journey: Journey, part: Part) -> Story:
            yield from journey.go()
            yield 9
            act(
                part.asked,
                "stand_down",
                by=journey.rocb,
                notice_on=journey.days_ago(9),
                end_note="Called back for the budget.",
            )

        def cancelled(journey: Journey) -> Story:
            yield from journey.go()
            yield 6
            act(
                journey.mission, "cancel", by=journey.secretariat, notice_on=journey.days_ago(6),
                cancel_reason="The host asked to put it off: its new declaration system goes live in that week.",
            )  # fmt: skip

        called_back = Part(pool.one("RKC", "AU"))
        return [
            self.trip("VAL", "WS", 46, Part(pool.one("VAL", "JP"), acknowledges=False), until="team").go(),
            self.trip("PCA", "VN", 12, Part(pool.one("PCA", "MY")), until="acknowledge").go(),
            self.trip(
                "HS", "LA", 24,
                Part(
                    pool.one("HS", "IN"),
                    exception="Nobody else of the region has classified this group of chemicals with the host's laboratory, and "
                    "the work begun there would be lost.",
                ),
                Part(pool.one("HS", "KR"), seat=2, acknowledges=False),
                seats=2, length=7, until="acknowledge",
            ).go(),
            stood_down(
                self.trip("RKC", "MM", 33, called_back, Part(pool.one("RKC", "NZ"), informal=""), until="contact"), called_back
            ),
            cancelled(self.trip("DM", "MN", 36, Part(pool.one("DM", "KR")), until="team")),
            self.trip(
                "HS", "TO", -2, Part(pool.one("HS", "JP")),
                length=6, monday=False, until="start",
            ).go(),
        ]  # fmt: skip

    # Reports

    def reports(self) -> list[Story]:
        pool, listed = self.pool, self.candidates

        def begun(journey: Journey) -> Story:
            yield from journey.go()
            yield 3
            services.save_report(
                journey.fresh().report, by=self.cast.account(journey.leader().expert), version=journey.mission.report.version,
                purpose=journey.subject.purpose, participants=journey.subject.participants,
            )  # fmt: skip

        def returned(journey: Journey) -> Story:
            yield from journey.go()
            yield journey.ago("submit") - 4
            perform(
                journey.fresh().report, "return", by=journey.rocb,
                returned_note="Please add what the participants said about the exercises, and one row for the laboratory.",
            )  # fmt: skip

        def with_no_show(journey: Journey, part: Part) -> Story:
            yield from journey.go(until="start")
            yield journey.ago("start")
            act(part.asked, "record_no_show", by=journey.rocb, end_note="Ill on the day of departure.")
            yield from journey.go(after="start")

        absent = Part(listed.one("INT", "PH"), seat=2)
        return [
            begun(
                self.trip("AEO", "PH", -12, Part(pool.one("AEO", "NZ")), Part(pool.one("AEO", "SG"), seat=2), seats=2, until="end")
            ),
            self.trip("VAL", "KH", -36, Part(pool.one("VAL", "IN")), until="end").go(),
            self.trip("IPR", "LK", -22, Part(pool.one("IPR", "HK")), until="submit").go(),
            returned(self.trip("HS", "MV", -27, Part(pool.one("HS", "AU")), until="submit")),
            self.trip("RM", "PG", -26, Part(listed.one("RM", "HK")), until="accept", mode=Mode.REMOTE).go(),
            self.trip("STRAT", "VU", -60, Part(pool.one("DF", "CN", 2)), until="close").go(),
            with_no_show(self.trip("INT", "BN", -52, Part(listed.one("INT", "HK")), absent, seats=2, until="close"), absent),
        ]  # fmt: skip
