"""The form of a draft without a window: what is shown, what is saved, and what is said when it cannot be."""

from __future__ import annotations

import pytest

from dsadesk.domain.ids import QuestionId
from dsadesk.errors import DiskFullError
from dsadesk.ports import PinnedCard
from dsadesk.services import drafting, reviewing, sealing
from dsadesk.services.changes import Changes
from dsadesk.ui.presenters.editor import EditorPresenter
from dsadesk.ui.presenters.form import CHECK, SAMPLES
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.vocabulary import Kind, SectionState, Tone
from tests.support.desks import ANSWERS, ROOT, SUPPLIER, received_request, sealed_request, two_desks
from tests.unit.ui.frames import Recorder, held_frame, inline_frame


class Writing:
    """A draft that is open in the form."""

    def __init__(self, *, part="", title="Bathing water", full=False, held=False):
        self.pair = two_desks()
        self.session = self.pair.asks
        draft = drafting.start(self.session, title=title, supplier=SUPPLIER.id)
        self.request = draft.request
        if full:
            drafting.load_answers(self.session, self.request, ANSWERS.read_bytes())
        self.view = Recorder()
        self.lane = None
        if held:
            self.frame, self.seen, self.lane = held_frame(self.pair.requester)
        else:
            self.frame, self.seen = inline_frame(self.pair.requester)
        self.form = EditorPresenter(self.view, self.frame)
        self.form.open(self.request, part)
        if self.lane:
            self.lane.run()

    @property
    def answers(self):
        return self.session.vault.drafts.answers(self.request)

    @property
    def shown(self):
        """The ids of the questions on the page."""
        entries = self.view.shown.get("show_entries")
        return [entry.spec.id for entry in entries if entries]

    def entry(self, question):
        found = self.view.shown.get("show_entries") or self.view.shown["show_section"][0].entries
        return next(entry for entry in found if entry.spec.id == question)


class FullDisk:
    """Drafts on a disk that is full until there is room again."""

    def __init__(self, drafts):
        self._drafts = drafts
        self.is_full = True

    def save_answer(self, *arguments):
        if self.is_full:
            raise DiskFullError("disk-full")
        self._drafts.save_answer(*arguments)

    def __getattr__(self, name):
        return getattr(self._drafts, name)


def test_a_draft_opens_with_its_head_and_where_its_writer_should_go_on():
    writing = Writing()
    header = writing.view.shown["show_header"]
    assert (header.title, header.status, header.marking) == ("Bathing water", "Draft", "OFFICIAL")
    assert header.parties == "Public Health Wales to Environment Agency"
    form, focus = writing.view.shown["show_section"]
    assert (form.id, form.is_first, focus) == ("about", True, "")
    sentence, tone = writing.view.shown["show_saved"]
    assert sentence.startswith("Saved and encrypted on this computer at ")
    assert tone is Tone.NEUTRAL


def test_a_place_may_name_a_section_or_a_question():
    writing = Writing(part="purpose")
    assert writing.view.shown["show_section"][0].id == "purpose"
    way = writing.view.shown["show_way"]
    assert writing.view.shown["show_section"][0].place == f"Section 3 of {way.total}"
    writing.form.open(writing.request, "outputs.audience")
    form, focus = writing.view.shown["show_section"]
    assert (form.id, focus) == ("outputs", "outputs.audience")
    writing.form.open(writing.request, SAMPLES)
    assert writing.view.calls[-1] == "show_samples"
    writing.form.open(writing.request, CHECK)
    assert writing.view.calls[-1] == "show_check"


def test_a_place_that_is_no_part_of_the_form_opens_its_beginning():
    assert Writing(part="nowhere").view.shown["show_section"][0].id == "about"


def test_an_answer_is_handed_over_as_it_is_made():
    writing = Writing(part="purpose")
    writing.form.changed("purpose.aim", "We want safer swimming.")
    assert writing.view.calls[-1] == "save_soon"
    assert writing.answers["purpose.aim"] == "We want safer swimming."


def test_words_in_a_table_are_handed_over_at_once_and_followed_at_a_pause():
    writing = Writing(part="data")
    rows = [{"name": "Site", "meaning": "Where"}, {"name": "Class", "meaning": ""}]
    writing.form.changed("data.items", rows)
    before = writing.view.calls.count("show_entries")
    for meaning in ("H", "Ho", "How"):
        writing.form.changed("data.items", [rows[0], {"name": "Class", "meaning": meaning}])
        assert writing.answers["data.items"][1]["meaning"] == meaning
    assert writing.view.calls.count("show_entries") == before
    writing.form.flush()
    assert writing.view.calls.count("show_entries") == before + 1


@pytest.mark.parametrize(
    "rows",
    [
        [{"name": "Site"}],
        [{"name": "Site"}, {"name": "Class"}, {"name": "Year"}],
        [{"name": "Site"}, {"name": "Class", "personal": "no"}],
    ],
)
def test_another_row_or_another_choice_in_a_table_is_followed_at_once(rows):
    writing = Writing(part="data")
    writing.form.changed("data.items", [{"name": "Site"}, {"name": "Class"}])
    before = writing.view.calls.count("show_entries")
    writing.form.changed("data.items", rows)
    assert writing.view.calls.count("show_entries") == before + 1


def test_the_page_never_says_saved_before_it_is_true():
    writing = Writing(part="purpose", held=True)
    assert writing.view.shown["show_saved"][0].startswith("Saved")
    writing.form.changed("purpose.aim", "One.")
    assert writing.view.shown["show_saved"] == ("Saving…", Tone.NEUTRAL)
    writing.form.changed("purpose.aim", "One. Two.")
    writing.form.flush()
    assert writing.view.shown["show_saved"] == ("Saving…", Tone.NEUTRAL)
    writing.lane.waiting.pop(0)()
    assert writing.view.shown["show_saved"] == ("Saving…", Tone.NEUTRAL)
    writing.lane.run()
    assert writing.answers["purpose.aim"] == "One. Two."
    assert writing.view.shown["show_saved"][0].startswith("Saved")


def test_lists_are_told_when_the_writing_rests_and_not_with_every_letter():
    writing = Writing(part="purpose")
    writing.form.changed("purpose.aim", "O")
    writing.form.tell_others()
    told = len(writing.seen.changes)
    for end in range(2, 20):
        writing.form.changed("purpose.aim", "One. Two. Three. Four."[:end])
    writing.form.flush()
    assert len(writing.seen.changes) == told
    writing.form.tell_others()
    assert len(writing.seen.changes) == told + 1


def test_another_title_is_told_at_once():
    writing = Writing(part="about")
    writing.form.tell_others()
    told = len(writing.seen.changes)
    writing.form.changed("about.title", "Another title")
    writing.form.flush()
    assert len(writing.seen.changes) == told + 1


def test_undo_and_redo_reach_the_whole_draft():
    writing = Writing(part="purpose")
    writing.form.changed("purpose.aim", "Aim.")
    writing.pair.clock.advance(10)
    writing.form.changed("purpose.aim", "Aim. More.")
    writing.form.choose_section("about")
    writing.form.changed("about.others", True)
    assert "about.other_orgs" in writing.shown
    writing.form.undo()
    assert "about.others" not in writing.answers
    assert "about.other_orgs" not in writing.shown
    assert writing.view.shown["put_answer"] == ("about.others", None)
    writing.form.undo()
    assert writing.form.section == "purpose"
    assert writing.answers["purpose.aim"] == "Aim."
    writing.form.undo()
    assert "purpose.aim" not in writing.answers
    assert writing.seen.said[-1].startswith("Undone: ")
    writing.form.undo()
    assert writing.seen.said[-1] == "There is nothing to undo."
    for _ in range(3):
        writing.form.redo()
    assert writing.answers["purpose.aim"] == "Aim. More."
    assert writing.answers["about.others"] is True
    writing.form.redo()
    assert writing.seen.said[-1] == "There is nothing to do again."


def test_a_new_change_ends_what_could_be_done_again():
    writing = Writing(part="purpose")
    writing.form.changed("purpose.aim", "Aim.")
    writing.form.undo()
    writing.form.changed("purpose.aim", "Other.")
    writing.form.redo()
    assert writing.answers["purpose.aim"] == "Other."


def test_a_run_of_typing_is_undone_as_one_and_a_long_one_in_lines():
    writing = Writing(part="purpose")
    text = "We help people. " * 10
    for end in range(1, len(text) + 1):
        writing.form.changed("purpose.aim", text[:end])
    steps = 0
    while "purpose.aim" in writing.answers:
        writing.form.undo()
        steps += 1
    assert 3 <= steps <= 6


def test_words_are_found_in_answers_tables_questions_and_chosen_options():
    writing = Writing(full=True)
    found = writing.form.find("water")
    assert {each.question for each in found} > {"purpose.aim", "data.items"}
    for each in found:
        if each.length:
            answer = writing.answers[each.question]
            text = answer if each.row < 0 else answer[each.row][each.column]
            assert text[each.start : each.start + each.length].casefold() == "water"
    assert [each.question for each in writing.form.find("SUM  it up for")] == ["purpose.summary"]
    assert not writing.form.find("  ")
    assert not writing.form.find("zzzz")
    writing.form.changed("purpose.aim", "A word not saved: zzzz")
    assert [each.snippet for each in writing.form.find("zzzz")] == ["A word not saved: zzzz"]


def test_leaving_a_question_a_section_or_the_draft_saves_at_once():
    writing = Writing(part="purpose")
    writing.form.changed("purpose.aim", "One.")
    writing.form.focused("purpose.help")
    assert writing.answers["purpose.aim"] == "One."
    writing.form.changed("purpose.aim", "Two.")
    writing.form.choose_section("outputs")
    assert writing.answers["purpose.aim"] == "Two."
    other = drafting.start(writing.session, title="Other")
    writing.form.changed("outputs.audience", "Three.")
    writing.form.open(other.request)
    assert writing.answers["outputs.audience"] == "Three."
    assert writing.form.request == other.request


def test_a_no_is_an_answer_and_a_box_that_is_not_ticked_is_none():
    writing = Writing()
    writing.form.changed("about.others", False)
    writing.form.changed("assurance.declaration", False)
    writing.form.flush()
    assert writing.answers["about.others"] is False
    assert "assurance.declaration" not in writing.answers
    writing.form.changed("assurance.declaration", True)
    writing.form.flush()
    assert writing.answers["assurance.declaration"] is True


def test_an_answer_that_is_emptied_is_taken_back():
    writing = Writing(part="purpose")
    writing.form.changed("purpose.aim", "Something.")
    writing.form.flush()
    writing.form.changed("purpose.aim", "")
    writing.form.flush()
    assert "purpose.aim" not in writing.answers


def test_a_question_appears_with_the_answer_that_calls_for_it_and_goes_with_it():
    writing = Writing()
    assert "about.other_orgs" not in [entry.spec.id for entry in writing.view.shown["show_section"][0].entries]
    writing.form.changed("about.others", True)
    assert writing.shown.index("about.other_orgs") == writing.shown.index("about.others") + 1
    writing.form.changed("about.others", False)
    assert "about.other_orgs" not in writing.shown


def test_a_question_that_waits_for_an_earlier_answer_is_not_asked_yet():
    writing = Writing()
    asked = [entry.spec.id for entry in writing.view.shown["show_section"][0].entries]
    assert "about.earlier" not in asked
    writing.form.changed("about.kind", writing.entry("about.kind").spec.options[1].value)
    assert "about.earlier" in writing.shown


def test_the_title_and_the_marking_follow_their_questions():
    writing = Writing()
    writing.form.changed("about.title", "Bathing water near the border")
    writing.form.changed("about.marking", "official_sensitive")
    writing.form.flush()
    header = writing.view.shown["show_header"]
    assert (header.title, header.marking) == ("Bathing water near the border", "OFFICIAL-SENSITIVE")


def test_choosing_the_supplier_addresses_the_draft():
    pair_writing = Writing()
    fresh = drafting.start(pair_writing.session, title="Nobody yet").request
    pair_writing.form.open(fresh)
    entry = pair_writing.entry("about.supplier")
    assert entry.is_supplier
    assert entry.spec.kind is Kind.CHOICE
    assert [option.label for option in entry.spec.options] == ["Environment Agency"]
    pair_writing.form.changed("about.supplier", "Environment Agency")
    pair_writing.form.flush()
    draft = pair_writing.session.vault.drafts.get(fresh)
    assert draft.supplier == SUPPLIER.id
    assert pair_writing.view.shown["show_header"].parties == "Public Health Wales to Environment Agency"


def test_a_partner_that_comes_later_can_be_chosen_and_what_is_typed_stays():
    writing = Writing()
    writing.form.changed("about.title", "Typed and not saved")
    other = two_desks().holds
    card = other.card_bytes
    writing.session.vault.cards.put(
        PinnedCard(
            org="sea-agency",
            name="Sea Agency",
            fingerprint="0" * 64,
            version=1,
            envelope=card,
            first_seen_at=writing.pair.clock.now(),
            updated_at=writing.pair.clock.now(),
        )
    )
    writing.form.refresh(Changes(cards=True))
    assert [option.label for option in writing.entry("about.supplier").spec.options] == [
        "Environment Agency",
        "Sea Agency",
    ]
    assert writing.entry("about.title").value == "Typed and not saved"


def test_changes_of_other_requests_leave_the_form_alone():
    writing = Writing()
    before = len(writing.view.calls)
    writing.form.refresh(Changes(requests=frozenset({"other"})))
    writing.form.refresh(Changes(catalogue=True))
    assert len(writing.view.calls) == before


def test_a_full_disk_keeps_what_was_typed_says_so_and_tries_again():
    writing = Writing(part="purpose")
    disk = FullDisk(writing.session.vault.drafts)
    writing.session.vault.drafts = disk
    writing.form.changed("purpose.aim", "Not lost.")
    writing.form.flush()
    sentence, tone = writing.view.shown["show_saved"]
    assert (sentence, tone) == ("One answer is not saved", Tone.BAD)
    explanation = writing.view.shown["show_error"]
    assert "disk" in explanation.what.lower()
    assert "What you typed stays on this page" in explanation.todo
    assert writing.entry("purpose.aim").value == "Not lost."
    disk.is_full = False
    writing.form.changed("purpose.help", "Room again.")
    writing.form.flush()
    assert writing.answers["purpose.aim"] == "Not lost."
    assert writing.answers["purpose.help"] == "Room again."
    assert writing.view.shown["show_error"] is None
    assert writing.view.shown["show_saved"][1] is Tone.NEUTRAL


def test_one_answer_that_is_refused_holds_up_no_other():
    writing = Writing()
    writing.form.changed("about.nations", "england")  # a list is wanted
    writing.form.changed("about.urgent", False)
    writing.form.flush()
    assert writing.answers["about.urgent"] is False
    assert "about.nations" not in writing.answers
    assert writing.view.shown["show_saved"] == ("One answer is not saved", Tone.BAD)
    writing.form.changed("about.nations", ["england"])
    writing.form.flush()
    assert writing.answers["about.nations"] == ["england"]
    assert writing.view.shown["show_error"] is None


def test_a_marking_above_official_is_kept_and_stops_the_request_with_the_reason():
    writing = Writing()
    writing.form.changed("about.marking", "above")
    writing.form.flush()
    assert writing.answers["about.marking"] == "above"
    assert "may not carry anything above OFFICIAL" in writing.entry("about.marking").stops[0]
    assert writing.view.shown["show_error"] is None


def test_settling_waits_for_what_is_on_its_way_and_tells_the_truth():
    writing = Writing(part="purpose", held=True)
    told = []
    writing.form.changed("purpose.aim", "On its way.")
    writing.form.settle(told.append)
    assert told == []
    writing.lane.run()
    assert told == [True]
    writing.session.vault.drafts = FullDisk(writing.session.vault.drafts)
    writing.form.changed("purpose.aim", "Stuck.")
    writing.form.settle(told.append)
    writing.lane.run()
    assert told == [True, False]


def test_what_is_typed_while_a_save_is_on_its_way_is_saved_after_it():
    writing = Writing(part="purpose", held=True)
    writing.form.changed("purpose.aim", "First")
    writing.form.flush()
    writing.form.changed("purpose.aim", "First and second")
    writing.form.flush()
    writing.lane.run()
    assert writing.answers["purpose.aim"] == "First and second"


def test_save_and_continue_names_what_is_missing_and_goes_on_when_asked_again():
    writing = Writing(part="purpose")
    writing.form.carry_on()
    missing = writing.view.shown["show_problems"]
    assert [problem.question for problem in missing][:2] == ["purpose.aim", "purpose.help"]
    assert all(problem.section == "purpose" for problem in missing)
    assert "missing" in writing.seen.said[-1]
    before = len(missing)
    writing.form.changed("purpose.aim", "We want safer swimming.")
    assert len(writing.view.shown["show_problems"]) == before - 1
    writing.form.carry_on()
    assert writing.view.shown["show_section"][0].id == "data"


def test_a_section_without_gaps_goes_on_at_once():
    writing = Writing(part="purpose", full=True)
    writing.form.carry_on()
    assert writing.view.shown["show_section"][0].id == "data"


def test_the_samples_and_the_last_page_come_after_the_sections():
    writing = Writing(full=True)
    way = writing.view.shown["show_way"]
    assert [section.id for section in way.sections[-2:]] == [SAMPLES, CHECK]
    assert way.done == way.total
    assert all(section.state is SectionState.DONE for section in way.sections[:-2])
    writing.form.choose_section(SAMPLES)
    writing.form.carry_on()
    assert writing.form.section == CHECK
    writing.form.step(1)
    assert writing.form.section == CHECK
    writing.form.step(-1)
    assert writing.form.section == SAMPLES


def test_a_complete_draft_opens_at_the_samples_it_may_still_have():
    assert Writing(full=True).form.section == SAMPLES


def test_the_guidance_follows_the_question_and_judges_long_answers():
    writing = Writing(part="purpose")
    guidance = writing.view.shown["show_guidance"]
    assert guidance.why
    assert guidance.example
    assert guidance.remarks == ()
    writing.form.changed("purpose.aim", "We utilise the data in order to facilitate stakeholder outcomes.")
    remarks = writing.view.shown["show_guidance"].remarks
    assert any("utilise" in remark.sentence for remark in remarks if not remark.is_good)
    writing.form.focused("purpose.decisions")
    assert writing.view.shown["show_guidance"].question != guidance.question


def test_the_guidance_says_what_the_supplier_will_look_at():
    writing = Writing()
    writing.form.focused("about.marking")
    writing.form.changed("about.marking", "official_sensitive")
    assert writing.view.shown["show_guidance"].flags == ("The data is OFFICIAL-SENSITIVE.",)


def test_the_preview_shows_answers_that_are_not_saved_yet():
    writing = Writing(part="purpose", held=True)
    writing.form.changed("purpose.aim", "Just typed.")
    writing.form.preview()
    lines, header = writing.view.shown["show_preview"]
    assert "Just typed." in [line.answer for line in lines]
    assert header.title == "Bathing water"


def test_deleting_a_draft_is_asked_with_its_size_and_then_done():
    writing = Writing(full=True)
    writing.form.ask_discard()
    title, answers, samples = writing.view.shown["ask_discard"]
    assert (title, samples) == ("Bathing water sampling points for the 2027 swim map", 0)
    assert answers == len(writing.answers)
    assert writing.session.vault.drafts.get(writing.request) is not None
    writing.form.discard()
    assert writing.session.vault.drafts.get(writing.request) is None
    assert writing.seen.places == [Place(Page.REQUESTS, part="list")]
    assert writing.form.request is None


def test_a_file_of_answers_is_taken_in_whole_or_not_at_all(tmp_path):
    writing = Writing()
    writing.form.load_answers(ROOT / "tests/data/answers/broken.json")
    refused = writing.view.shown["show_error"]
    assert refused.details
    assert set(writing.answers) <= {"about.title"}
    writing.form.load_answers(ANSWERS)
    assert writing.answers["purpose.aim"]
    assert writing.view.shown["show_error"] is None
    writing.form.load_answers(tmp_path / "gone.json")
    assert "gone.json" in writing.view.shown["show_error"].what


def test_a_sealed_request_does_not_open_in_the_form():
    pair = two_desks()
    request = sealed_request(pair)
    view = Recorder()
    frame, _ = inline_frame(pair.requester)
    EditorPresenter(view, frame).open(request)
    assert view.shown["show_error"].what
    assert "show_section" not in view.calls


def test_a_returned_request_says_why_and_is_a_new_version():
    pair = two_desks()
    request = received_request(pair)
    reviewing.start_assessment(pair.holds, request)
    reviewing.give_back(pair.holds, request, "Ask for less.", ("Drop the names",))
    pair.carry()
    drafting.revise(pair.asks, request)
    view = Recorder()
    frame, _ = inline_frame(pair.requester)
    form = EditorPresenter(view, frame)
    form.open(request)
    assert view.shown["show_returned"] == ("Ask for less.", ("Drop the names",))
    assert view.shown["show_header"].status == "New version"
    form.changed("purpose.aim", "Less.")
    form.settle(lambda _: None)
    sealing.seal_request(pair.asks, request)
    assert form.request == request


def test_an_old_answer_that_no_longer_fits_is_kept_and_shown_as_empty():
    writing = Writing()
    vault = writing.session.vault
    vault.drafts.save_answer(writing.request, QuestionId("about.urgent"), "perhaps", writing.pair.clock.now())
    again = EditorPresenter(writing.view, writing.frame)
    again.open(writing.request, "about")
    assert writing.entry("about.urgent").value is None
    assert writing.answers["about.urgent"] == "perhaps"


@pytest.mark.parametrize("value", ["", [], None])
def test_what_says_nothing_is_not_kept(value):
    writing = Writing(part="purpose")
    writing.form.changed("purpose.aim", value)
    writing.form.flush()
    assert "purpose.aim" not in writing.answers
