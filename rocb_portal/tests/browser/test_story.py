"""The whole story: one mission from the request to the accepted report, told by its five parties.

Each party sits at a browser of its own, on a demo server with PostgreSQL, Redis and a real worker. What is said to the outside is
read where it arrives: in the e-mails, in the links they carry, and in the text of the PDFs.
"""

import datetime as dt
import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

import pytest
from playwright.sync_api import Page, Response, expect
from pypdf import PdfReader, PdfWriter

from core.clock import today
from core.templatetags.portal import day as written
from core.templatetags.portal import span

pytestmark = pytest.mark.browser

TITLE = "Workshop on transaction value"
LEADER, SECOND, AT_THE_LIMIT = "Chinatsu Hoshimura", "Farhanim Badlisham", "Tae-gyu Gyeon"
FICTIONAL = "All people and missions in this document are fictional."
STEPS = ("Request", "Search", "Consultation", "Letter", "Answer", "Team", "Mission")
HISTORY = f"""
Draft begun
Request sent to ROCB
Request returned for completion
Request edited
Request sent to ROCB
Request passed to the Secretariat
Request entered in the annual plan
Entered in the annual plan
Seat 1 added
Seat 2 added
The Secretariat's own experts were looked at
The other office was consulted
Put on the shortlist: {LEADER}
Put on the shortlist: {SECOND}
Shortlist closed
Asked informally: {LEADER}
Asked informally: {SECOND}
Said to be available: {LEADER}
Said to be available: {SECOND}
Letter prepared: {LEADER}
Letter prepared: {SECOND}
Letter sent: {SECOND}
Letter sent: {LEADER}
Approved with conditions: {LEADER}
Approved: {SECOND}
Conditions accepted: {LEADER}
Team decided on
Experts formally written to
Acknowledged to act for the WCO: {LEADER}
Acknowledged to act for the WCO: {SECOND}
Terms of reference and agenda written
Material added
Mission begun
Mission ended
Took part: {SECOND}
Took part: {LEADER}
Report due
Report submitted
Report returned for completion
Report submitted
Report accepted
Mission reported
Mission closed
""".strip().splitlines()
LINK = re.compile(r"http://\S+/answer/\S+")


@dataclass
class Desk:
    """One party at its own browser; an inbox line is told from others by the words in `about`."""

    page: Page
    email: str = ""
    about: list[str] = field(default_factory=lambda: [TITLE])

    def open(self, address: str) -> "Desk":
        self.page.goto(address)
        return self

    def take_up(self, sentence: str) -> "Desk":
        """Press the button of the line in the inbox that says this about our mission."""
        self.open("/")
        ours = re.compile("|".join(re.escape(words) for words in self.about))
        self.page.locator("#content > .inbox > li", has_text=sentence).filter(has_text=ours).get_by_role("link").click()
        return self

    def follow(self, words: str | re.Pattern[str]) -> "Desk":
        self.page.locator("main").get_by_role("link", name=words).first.click()
        return self

    def press(self, words: str) -> "Desk":
        self.page.locator("main").get_by_role("button", name=words).click()
        return self

    def fill(self, **answers: str) -> "Desk":
        for name, words in answers.items():
            self.page.locator(f"main :is([name={name}], [name$='-{name}'])").fill(words)
        return self

    def choose(self, question: str, answer: str) -> "Desk":
        self.page.locator("main").get_by_role("group", name=question).get_by_label(answer, exact=True).check()
        return self

    def pick(self, name: str, choice: str) -> "Desk":
        self.page.locator(f"main [name={name}]").select_option(label=choice)
        return self

    def reads(self, *sentences: str | re.Pattern[str]) -> "Desk":
        for sentence in sentences:
            expect(self.page.locator("main")).to_contain_text(sentence)
        return self

    def does_not_read(self, *sentences: str) -> "Desk":
        for sentence in sentences:
            expect(self.page.locator("main")).not_to_contain_text(sentence)
        return self

    def waits_for(self, words: str | re.Pattern[str]) -> "Desk":
        """Look again until the worker has drawn what the link names."""
        link = self.page.locator("main").get_by_role("link", name=words)
        for _attempt in range(60):
            if link.count():
                return self
            self.page.wait_for_timeout(500)
            self.page.reload()
        raise AssertionError(f"No {words!r} on {self.page.url}")

    def download(self, words: str | re.Pattern[str]) -> bytes:
        with self.page.expect_download() as download:
            self.follow(words)
        return download.value.path().read_bytes()

    def status_of(self, address: str) -> int:
        response = self.page.goto(address)
        assert isinstance(response, Response)
        return response.status


@dataclass
class Story:
    """Who takes part, and what has been found out on the way."""

    server: Any
    outside: Callable[[], Desk]
    fiji: Desk
    rocb: Desk
    secretariat: Desk
    leader: Desk
    second: Desk
    japan: Desk
    malaysia: Desk
    first_day: dt.date
    last_day: dt.date
    request_url: str = ""
    mission_url: str = ""
    number: str = ""
    letter_number: str = ""
    letter_url: str = ""

    @property
    def everybody(self) -> list[Desk]:
        return [self.fiji, self.rocb, self.secretariat, self.leader, self.second, self.japan, self.malaysia]

    @property
    def away(self) -> str:
        """The days away from home, a travel day at each end."""
        return span(self.first_day - dt.timedelta(days=1), self.last_day + dt.timedelta(days=1))

    def mail(self, to: Desk, subject: str) -> EmailMessage:
        return self.server.wait_for_mail(to=to.email, subject=subject)


@pytest.fixture
def story(demo_server: Any, new_page: Callable[..., Page], sign_in: Callable[..., dict[str, str]]) -> Story:
    def desk(party: str, number: int = 0) -> Desk:
        page = new_page()
        return Desk(page, sign_in(page, party, number=number)["email"])

    return Story(
        server=demo_server,
        outside=lambda: Desk(new_page()),
        fiji=desk("administration"),
        rocb=desk("rocb"),
        secretariat=desk("secretariat"),
        leader=desk("expert", 1),
        second=desk("expert", 0),
        japan=desk("administration", 1),
        malaysia=desk("administration", 2),
        first_day=today(),
        last_day=today() + dt.timedelta(days=4),
    )


def test_a_mission_goes_from_the_request_to_the_accepted_report(story: Story) -> None:
    file_request(story)
    return_request(story)
    correct_request(story)
    read_request_letter(story)
    check_request(story)
    enter_in_plan(story)

    look_at_own_experts(story)
    find_experts(story)
    close_shortlist(story)
    ask_informally(story)
    answer_by_link_without_account(story)
    answer_by_page(story)
    home_administration_sees_nothing(story)

    prepare_letters(story)
    send_letters(story)
    letter_arrives(story)
    answer_letter_by_link(story)
    answer_letter_by_login(story)
    accept_conditions(story)

    decide_on_team(story)
    acknowledge_neutrality(story)
    write_terms_and_agenda(story)
    share_material(story)
    begin_and_end(story)
    days_are_used(story)

    write_report(story)
    return_report(story)
    complete_report(story)
    accept_report(story)
    read_report(story)
    close_mission(story)
    every_step_is_told(story)


# Step 1: the request


def file_request(story: Story) -> None:
    fiji = story.fiji.open("/requests/").follow("New request")
    fiji.fill(
        title=TITLE,
        objective="Officers find the transaction value without help in most cases.",
        audience="Officers of the valuation unit.",
        first_day=story.first_day.isoformat(),
        last_day=(story.first_day - dt.timedelta(days=1)).isoformat(),
        place="Suva",
        cost_note="Meeting room and local transport.",
    )
    fiji.pick("area", "Customs Valuation")
    fiji.choose("How should it take place?", "on site")
    fiji.press("Save and check your answers")

    fiji.reads("Does your administration bear cost? – Please answer this.", "The last day is before the first.")
    expect(fiji.page.locator("[name=title]")).to_have_value(TITLE)
    expect(fiji.page.locator("[name=cost_note]")).to_have_value("Meeting room and local transport.")

    fiji.choose("Does your administration bear cost?", "partly")
    fiji.choose("Has this need been reported in a needs survey?", "No, it has come up since")
    fiji.fill(last_day=story.last_day.isoformat()).press("Save and check your answers")
    fiji.reads("Check your answers", "our administration bears part of the cost of the experts")
    fiji.press("Send the request to ROCB").reads("The request has been sent to ROCB.")
    story.request_url = fiji.page.url


def return_request(story: Story) -> None:
    story.mail(story.rocb, "please check a request of Fiji")
    story.rocb.take_up("Check the request of Fiji").follow("Return it for completion")
    story.rocb.fill(returned_note="How many officers take part?").press("Return it for completion")


def correct_request(story: Story) -> None:
    assert "How many officers take part?" in text_of(story.mail(story.fiji, "please complete your request"))
    fiji = story.fiji.take_up("Finish and send your request").reads("How many officers take part?")
    fiji.follow("Change").fill(audience="Twenty-two officers of the valuation unit.")
    fiji.press("Save and check your answers").press("Send the request to ROCB")


def read_request_letter(story: Story) -> None:
    pdf = story.fiji.waits_for("Letter to the Secretariat").download("Letter to the Secretariat")
    assert_says(
        pdf,
        FICTIONAL,
        "through the WCO Regional Office for Capacity Building for Asia/Pacific (ROCB A/P)",
        TITLE,
        "Twenty-two officers",
        span(story.first_day, story.last_day),
        "our administration bears part of the cost of the experts. Meeting room and local transport.",
    )


def check_request(story: Story) -> None:
    rocb = story.rocb.take_up("Check the request of Fiji").follow("Pass it to the Secretariat")
    rocb.fill(check_note="Clear and in season.").press("Pass it to the Secretariat")


def enter_in_plan(story: Story) -> None:
    secretariat = story.secretariat.take_up("Enter the request of Fiji in the annual plan").reads(
        "Clear and in season."
    )
    secretariat.choose("Who finances it?", "the WCO").fill(seats="2").press("Enter it in the plan")
    secretariat.reads("The request is in the annual plan.", "Next: Look at the Secretariat's own experts first")
    story.mission_url = secretariat.page.url
    heading = secretariat.page.locator(".identity-number").inner_text()
    story.number = heading.partition(" ")[0]
    assert re.fullmatch(r"M-\d{4}-\d{2}-\d{3}", story.number)
    for desk in story.everybody:
        desk.about.append(story.number)


# Step 2: the search


def look_at_own_experts(story: Story) -> None:
    secretariat = story.secretariat.take_up("Look at the Secretariat's own experts first")
    secretariat.fill(own_experts_note="Both colleagues are on leave in that week.")
    secretariat.press("Record the look at the Secretariat's own experts")
    rocb = story.rocb.take_up("Consult the other office about the shortlist")
    rocb.fill(consultation_note="By telephone with Brussels.").press("Record the consultation of the other office")


def find_experts(story: Story) -> None:
    rocb = story.rocb.take_up("Find experts for")
    rocb.page.get_by_text("Not possible (").click()
    gone = rocb.page.locator("tr", has_text=AT_THE_LIMIT)
    expect(gone).to_contain_text(re.compile(r"Would reach \d\d of 84 days \(§3\.2\)"))
    expect(gone).to_contain_text(re.compile(r"A mission of 7 days fits from \d+ \w{3} 20\d\d\."))

    last = rocb.page.locator(".match").last
    last.get_by_text("Shortlist…").click()
    last.get_by_role("button", name="Put on the shortlist").click()
    expect(last.locator("textarea:invalid")).to_be_focused()
    put_on_list(rocb, LEADER, seat=1)
    put_on_list(rocb, SECOND, seat=2)


def put_on_list(rocb: Desk, name: str, *, seat: int) -> None:
    """With a reason if others stand before, which depends on the day: the demo region moves with it."""
    rocb.page.get_by_role("navigation", name="Seats").get_by_role("link", name=f"Seat {seat}").click()
    row = rocb.page.locator(".match", has_text=name)
    expect(row.locator(".chips")).to_contain_text(re.compile(r"fully accredited in VAL since \d{4}"))
    expect(row.locator(".chips")).to_contain_text(re.compile(r"cap \d+ → \d+ of 84"))
    if row.get_by_text("Shortlist…").count():
        row.get_by_text("Shortlist…").click()
        row.get_by_label("Why this one?").fill("Knows the declaration system of the host.")
    row.get_by_role("button", name="Put on the shortlist").click()
    rocb.reads(f"{name} is on the shortlist of seat {seat}.")


def close_shortlist(story: Story) -> None:
    story.rocb.take_up("Close the shortlist").press("The shortlist is final")


# Step 3: the informal consultation


def ask_informally(story: Story) -> None:
    for name in (LEADER, SECOND):
        rocb = story.rocb.take_up(f"Ask {name} informally").fill(note="Suva in short order, please forgive.")
        rocb.press("Ask informally")


def answer_by_link_without_account(story: Story) -> None:
    mail = story.mail(story.leader, f"{story.number}: are you available?")
    assert "Suva in short order, please forgive." in text_of(mail)
    link = LINK.search(text_of(mail)).group()
    one, another = story.outside().open(link), story.outside().open(link)
    for desk in (one, another):
        desk.reads("this is an informal question (§3.4, step 3)", story.away)
    story.rocb.open(f"{story.mission_url}people/").reads("asked informally").does_not_read("said available")

    one.choose("Are you available on these days?", "Yes, I am available").fill(informal_note="With pleasure.")
    one.press("Send my answer").reads("Thank you, your answer is recorded")
    another.choose("Are you available on these days?", "No").press("Send my answer")
    another.reads("What you have just sent was not recorded", f"{LEADER}Available").does_not_read("Thank you")
    story.rocb.open(f"{story.mission_url}people/").reads("said available", "“With pleasure.”")


def answer_by_page(story: Story) -> None:
    second = story.second.take_up("Say whether you are available")
    second.choose("Are you available on these days?", "Yes, I am available").press("Send my answer")
    second.reads("Thank you. ROCB and the Secretariat have your answer.")


def home_administration_sees_nothing(story: Story) -> None:
    for home in (story.japan, story.malaysia):
        assert home.status_of(story.mission_url) == 404
        home.open("/missions/").does_not_read(TITLE)
        home.open("/").does_not_read(TITLE)


# Steps 4 and 5: the letters and their answers


def prepare_letters(story: Story) -> None:
    for country, name in (("Japan", LEADER), ("Malaysia", SECOND)):
        rocb = story.rocb.take_up(f"Prepare the letter to {country} about {name}")
        rocb.fill(extra="The host receives the experts at the airport.").press("Hand it to the Secretariat")
        rocb.reads("The letter waits for the Secretariat")


def send_letters(story: Story) -> None:
    for country, name in (("Malaysia", SECOND), ("Japan", LEADER)):
        secretariat = story.secretariat.take_up(f"Send the letter to {country} about {name}").follow("Check and send")
        secretariat.reads(
            f"Release of {name} for a mission of the WCO", "Draft: not sent", "Conditions sheet", story.away
        )
        secretariat.fill(signatory="Mireille Castelmore\nDirector, Capacity Building").press("Send the letter")
        secretariat.reads("The letter has its number and date.")
    story.letter_url = secretariat.page.url
    story.letter_number = secretariat.page.locator(".identity-number").inner_text()
    assert re.fullmatch(r"\d{4}-\d{2}/\d{4}", story.letter_number)


def letter_arrives(story: Story) -> None:
    mail = story.mail(story.japan, f"{story.number}: letter {story.letter_number} about {LEADER}")
    enclosed = [part for part in mail.iter_attachments() if part.get_content_type() == "application/pdf"]
    assert [part.get_filename() for part in enclosed] == [f"Letter {story.letter_number.replace('/', '-')}.pdf"]
    pdf = enclosed[0].get_content()
    assert_says(
        pdf,
        FICTIONAL,
        f"Reference {story.letter_number}",
        f"Mission {story.number}",
        f"Release of {LEADER} for a mission of the WCO",
        f"Release period {story.away}, travel included",
        "Cost borne by the WCO",
        "Conditions sheet",
        f"Annex to letter {story.letter_number} of",
        "As for staff of the WCO",
        "The host receives the experts at the airport.",
        "Director, Capacity Building",
    )
    days = re.search(r"(\d+) used or reserved before, (\d+) of 84 after this mission", text_of_pdf(pdf))
    assert int(days[2]) == int(days[1]) + 7
    kept = story.japan.open(story.letter_url).reads("No answer yet.").download(re.compile(r"Letter .*\.pdf"))
    assert kept == pdf


def answer_letter_by_link(story: Story) -> None:
    link = LINK.search(text_of(story.mail(story.japan, f"letter {story.letter_number}"))).group()
    japan = story.outside().open(link).reads(f"Answer letter {story.letter_number}", LEADER)
    story.rocb.open(story.letter_url).reads("No answer yet.")
    japan.choose("Your answer", "Approved, with conditions").press("Send the answer").reads("Please answer this.")
    japan.fill(conditions="Back in the office by Friday evening.").press("Send the answer")
    japan.reads("Thank you, your answer is recorded")
    story.outside().open(link).reads("Thank you, your answer is recorded").does_not_read("Your answer is recorded when")


def answer_letter_by_login(story: Story) -> None:
    malaysia = story.malaysia.take_up(f"Answer the letter about {SECOND}").reads(f"Your answer about {SECOND}", "of 84")
    malaysia.choose("Your answer", "Approved").press("Send the answer").reads("Thank you.")


def accept_conditions(story: Story) -> None:
    rocb = story.rocb.take_up(f"Decide on the conditions of Japan about {LEADER}")
    rocb.reads("Back in the office by Friday evening.").follow("Accept the conditions")
    rocb.fill(note="Agreed.").press("Accept the conditions")
    story.mail(story.japan, "your conditions for Chinatsu Hoshimura are accepted")
    story.mail(story.leader, "you are approved for")


# Steps 6 and 7: team, preparation, mission


def decide_on_team(story: Story) -> None:
    rocb = story.rocb.take_up("All approved: decide on the team")
    rocb.choose("Is a facilitator team needed?", "Yes").choose("Who leads", LEADER)
    rocb.fill(team_note="Two halves of the agenda.").press("Decide on the team")
    rocb.take_up("Write to the team of").fill(contact_message="Please share out the agenda.")
    rocb.press("Write formally to the experts")
    mail = story.mail(story.second, f"{story.number}: to the experts of")
    assert {story.leader.email, story.second.email} == set(addresses(mail["To"]))
    assert {story.japan.email, story.malaysia.email} <= set(addresses(mail["Cc"]))
    assert "Please share out the agenda." in text_of(mail)


def acknowledge_neutrality(story: Story) -> None:
    story.leader.open(story.mission_url).reads("Next:")
    for expert in (story.leader, story.second):
        expert.take_up("Acknowledge that you act for the WCO")
        expert.reads("While serving on this mission I speak for the WCO.")
        expert.press("Read and acknowledge")


def write_terms_and_agenda(story: Story) -> None:
    leader = story.leader.take_up("Write the terms of reference and the agenda")
    leader.fill(tor_background="A new law of 2025.", tor_input="Case studies from the region.")
    leader.fill(tor_result="A valuation guide for officers.", agenda="Day 1: the transaction value\nDay 2: cases")
    leader.press("Save").reads("The preparation is saved.", "A valuation guide for officers.")


def share_material(story: Story) -> None:
    slides = blank_pdf()
    leader = story.leader.open(f"{story.mission_url}preparation/").follow("Add a file")
    leader.choose("What is it?", "presentation").fill(title="Introduction")
    leader.page.locator("[name=upload]").set_input_files(
        {"name": "introduction.pdf", "mimeType": "application/pdf", "buffer": slides}
    )
    leader.press("Keep the file").reads("“Introduction” is kept with the mission.")
    assert story.fiji.open(f"{story.mission_url}preparation/").download("Introduction") == slides


def begin_and_end(story: Story) -> None:
    """The mission was planned for five days and ended on the first."""
    leader = story.leader.take_up("Record its first day").fill(actual_first_day=story.first_day.isoformat())
    leader.press("Record that the mission has begun")
    leader.open(story.mission_url).follow("Record that the mission has ended")
    leader.fill(actual_last_day=today().isoformat()).press("Record that the mission has ended")
    leader.reads("The mission is recorded as carried out.")


def days_are_used(story: Story) -> None:
    """Three days away count instead of the seven that were reserved."""
    away = span(story.first_day - dt.timedelta(days=1), today() + dt.timedelta(days=1))
    assert away.endswith("(3 days)")
    line = story.leader.open("/").follow("days left under the cap").page.locator("tr", has_text=story.number)
    expect(line.get_by_role("rowheader")).to_have_text(away)
    expect(line).to_contain_text("used")
    expect(line.locator("[data-label=Counts]")).to_have_text("3")


# The report


def write_report(story: Story) -> None:
    leader = story.leader.take_up("Write the report on")
    leader.fill(purpose="To apply the new law.", participants="Twenty officers.")
    expect(leader.page.locator("[data-autosave-status]")).to_have_text(re.compile(r"Saved \d\d:\d\d"))
    leader.page.reload()
    expect(leader.page.locator("[name=purpose]")).to_have_value("To apply the new law.")

    leader.fill(activities="Lectures and cases.", feedback="Officers asked for a second round.")
    leader.pick("needs-0-area", "Post Clearance Audit").pick("needs-0-urgency", "within a year")
    leader.page.locator("[name=needs-0-what]").fill("An audit of declared values")
    leader.press("Save and go on to submit").press("Submit the report").reads("submitted")


def return_report(story: Story) -> None:
    assert story.fiji.status_of(f"{story.mission_url}report/") == 404
    rocb = story.rocb.take_up("Read the report on").reads("Officers asked for a second round.")
    rocb.follow("Return it for completion").fill(returned_note="Which cases were used?")
    rocb.press("Return it for completion")


def complete_report(story: Story) -> None:
    story.mail(story.leader, f"{story.number}: please complete the mission report")
    leader = story.leader.take_up("Write the report on").reads("Which cases were used?")
    leader.fill(activities="Lectures, and eight cases on royalties.")
    leader.press("Save and go on to submit").press("Submit the report").reads("submitted")


def accept_report(story: Story) -> None:
    rocb = story.rocb.take_up("Read the report on").reads("Lectures, and eight cases on royalties.")
    rocb.follow("Accept the report").press("Accept the report")


def read_report(story: Story) -> None:
    story.mail(story.fiji, f"{story.number}: the mission report")
    fiji = story.fiji.open(f"{story.mission_url}report/").waits_for("Download the PDF")
    assert_says(
        fiji.download("Download the PDF"),
        FICTIONAL,
        "Mission report",
        TITLE,
        story.number,
        "Twenty officers.",
        "Lectures, and eight cases on royalties.",
        "Officers asked for a second round.",
        "Post Clearance Audit An audit of declared values within a year",
        f"{LEADER} (team leader) Japan",
        f"{SECOND} Malaysia",
    )


def close_mission(story: Story) -> None:
    story.rocb.take_up("Everything is in: close").follow("Close the mission").press("Close the mission")


def every_step_is_told(story: Story) -> None:
    rocb = story.rocb.open(f"{story.mission_url}history/").reads("closed")
    done = [f"{n}. {title} Done {written(today())}" for n, title in enumerate(STEPS, 1)]
    assert [" ".join(words.split()) for words in rocb.page.locator(".step").all_inner_texts()] == done
    told = rocb.page.locator(".timeline-title").all_inner_texts()
    assert in_one_order(reversed(told)) == in_one_order(HISTORY)
    rocb.reads(f"Japan, by the link sent to {story.japan.email}", f"{LEADER}, by the link of the e-mail")

    home = story.japan.open(f"{story.mission_url}history/").reads(f"Approved with conditions: {LEADER}")
    home.does_not_read("shortlist", "informally", "Available", SECOND)
    host = story.fiji.open(f"{story.mission_url}history/").reads("Entered in the annual plan", f"Took part: {SECOND}")
    host.does_not_read("shortlist", "informally", "Available", "conditions")


def in_one_order(titles: Iterable[str]) -> list[str]:
    """The team takes part in one moment; who is named first is left to the keys."""
    return [f"Took part: {LEADER}/{SECOND}" if title.startswith("Took part") else title for title in titles]


# What is read outside the browser


def text_of(mail: EmailMessage) -> str:
    return mail.get_body(("plain",)).get_content()


def addresses(header: Any) -> list[str]:
    return [address.addr_spec for address in header.addresses]


def assert_says(pdf: bytes, *sentences: str) -> None:
    """The text of the PDF holds every sentence, wherever its lines break."""
    text = text_of_pdf(pdf)
    missing = [sentence for sentence in sentences if "".join(sentence.split()) not in "".join(text.split())]
    assert missing == [], text


def text_of_pdf(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def blank_pdf() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(width=595, height=842)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()
