"""What invented missions are about: their titles, terms and reports, by area."""

from dataclasses import dataclass

from missions.enums import Urgency


@dataclass(frozen=True, slots=True)
class Subject:
    """The words of a mission in one area; `category` is the kind of expert asked for, if it has to be one kind."""

    topic: str
    objective: str
    audience: str
    category: str = ""
    needs: tuple[tuple[str, str, str], ...] = ()

    def background(self, member: str) -> str:
        return (
            f"{member} has named {self.topic} among the priorities of its reform plan. A first diagnosis found the legal basis in "
            "place and the practice uneven between offices. The mission answers the request in the annual plan."
        )

    @property
    def required_input(self) -> str:
        return (
            f"Two days of lectures on the WCO instruments on {self.topic}, two days of case work with files of the host, half a "
            "day with its management. Practice of several members, shown in a balanced way."
        )

    @property
    def desired_result(self) -> str:
        return (
            "A work plan of twelve months agreed with the host, six officers who can pass the matter on, and a list of the points "
            "for which the law has to be changed."
        )

    @property
    def agenda(self) -> str:
        return (
            f"Day 1: opening, where the host stands, WCO instruments on {self.topic}\n"
            "Day 2: practice of the region, exercises\nDay 3: visit to a clearance office\n"
            "Day 4: case work in groups\nDay 5: work plan, talk with the management, closing"
        )

    @property
    def purpose(self) -> str:
        return f"{self.objective} The aims of the terms of reference were kept."

    @property
    def participants(self) -> str:
        return f"{self.audience} Two thirds had worked in the field for more than three years; four in ten were women."

    @property
    def activities(self) -> str:
        return (
            f"Lectures on {self.topic}, exercises in four groups, a visit to the main clearance office, and a closing talk with the "
            "management. The agenda was kept but for half a day, which the host asked to use for open questions."
        )

    @property
    def feedback(self) -> str:
        return (
            "The participants gave 4.4 of 5 on average. They asked for more exercises and fewer slides. The host adopted the work "
            "plan on the last day and named a coordinator."
        )


SOON, LATER, WISH = Urgency.SOON, Urgency.LATER, Urgency.WISH

SUBJECTS: dict[str, Subject] = {
    "HS": Subject(
        "classification in the Harmonized System",
        "Strengthen classification and advance rulings at headquarters and in three regional offices.",
        "Twenty-two classification officers and laboratory chemists.",
        "AT",
        (
            ("HS", "Follow-up on chapters 84 and 85 with real files", SOON),
            ("LAB", "Advice on laboratory equipment", LATER),
        ),
    ),
    "VAL": Subject(
        "customs valuation",
        "Train officers in the methods of the Valuation Agreement and in the control of transfer prices.",
        "Twenty valuation officers and ten post clearance auditors.",
        "AT",
        (("VAL", "A second course on transfer pricing", SOON), ("PCA", "Joint audits of valuation and origin", LATER)),
    ),
    "PCA": Subject(
        "post clearance audit",
        "Help the host to set up audits of traders after clearance, from selection to report.",
        "Sixteen future auditors and their heads.",
        "AT",
        (("PCA", "Coaching during the first five audits", SOON), ("RM", "Selection of traders by risk", SOON)),
    ),
    "ROO": Subject(
        "rules of origin",
        "Build up the verification of preferential origin under the host's newest agreements.",
        "Eighteen origin officers and six officials of the trade ministry.",
        "AT",
        (("ROO", "A manual for verification visits", LATER),),
    ),
    "AEO": Subject(
        "authorized economic operators",
        "Train validators and draft the criteria of a national AEO programme.",
        "Fifteen validators of the new programme and eight invited traders.",
        "TOA",
        (("AEO", "Accompany the first validations", SOON), ("RM", "Link AEO status with selectivity", LATER)),
    ),
    "RKC": Subject(
        "the Revised Kyoto Convention",
        "Compare the customs law with the Revised Kyoto Convention and name the gaps.",
        "Twelve lawyers and procedure officers.",
        "TOA",
        (("RKC", "Drafting help for the customs bill", SOON),),
    ),
    "IPR": Subject(
        "the protection of intellectual property rights",
        "Train border officers to find counterfeit goods and to work with right holders.",
        "Twenty-four officers of sea port, airport and post.",
        "TOA",
        (("IPR", "Training on parcels and e-commerce", SOON), ("ECOM", "Risk indicators for small parcels", LATER)),
    ),
    "DM": Subject(
        "the WCO Data Model",
        "Map the declaration of the host on the WCO Data Model for its single window.",
        "Nine officers of the single window project.",
        "TOA",
        (("DM", "Review of the second mapping", LATER), ("SW", "Exchange with an administration that runs one", WISH)),
    ),
    "STRAT": Subject(
        "strategic management",
        "Diagnose where the administration stands and help to draw up its strategic plan.",
        "The management board and twelve heads of division.",
        "DF",
        (("STRAT", "Half-way review of the strategic plan", LATER), ("HRM", "Competency framework", SOON)),
    ),
    "HRM": Subject(
        "human resource management",
        "Advise on a competency framework and on the reform of training.",
        "Heads of personnel and of the academy, fourteen people.",
        "CMA",
        (("HRM", "Train those who will hold the interviews", SOON),),
    ),
    "NII": Subject(
        "non-intrusive inspection",
        "Train image analysts for the host's first container scanner.",
        "Fourteen image analysts of the main port.",
        "",
        (("NII", "Refresher with a library of local images", SOON),),
    ),
    "INT": Subject(
        "integrity",
        "Review the code of conduct and prepare a survey of staff and traders.",
        "The integrity committee and twelve heads of office.",
        "",
        (("INT", "Help with reading the survey", SOON),),
    ),
    "K9": Subject(
        "detector dogs",
        "Assess the plan for a detector dog unit and train its first handlers.",
        "Eight handlers and their unit head.",
        "",
        (("K9", "Yearly assessment of the teams", LATER),),
    ),
    "RM": Subject(
        "risk management",
        "Design selectivity rules and a cycle for their review.",
        "Sixteen officers of the risk management centre.",
        "",
        (("RM", "Look at the first results after six months", SOON), ("DA", "Basics of data analysis", LATER)),
    ),
}

KINDS = (
    "National workshop on {}",
    "Advisory mission on {}",
    "Train-the-trainer course on {}",
    "Follow-up mission on {}",
)
REMOTE = "Online workshop on {}"


def title_of(area: str, number: int, *, remote: bool = False) -> str:
    kind = REMOTE if remote else KINDS[number % len(KINDS)]
    return kind.format(SUBJECTS[area].topic)
