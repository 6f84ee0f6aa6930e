from django import forms
from django.template.loader import render_to_string
from django.test import RequestFactory

from core.forms import PortalForm


class Questions(PortalForm, forms.Form):
    day = forms.DateField(label="Which day?")
    kind = forms.ChoiceField(label="Which kind?", choices=[("a", "One"), ("b", "Two")], widget=forms.RadioSelect)
    note = forms.CharField(label="Anything else?", help_text="We read it.", required=False)
    email = forms.EmailField()


def page(form: forms.Form) -> str:
    return render_to_string("components/form.html", {"form": form, "submit": "Save"}, RequestFactory().get("/"))


def test_days_use_the_calendar_of_the_browser_and_keep_their_value():
    drawn = page(Questions(initial={"day": "2027-03-14"}))
    assert '<input type="date" name="day" value="2027-03-14"' in drawn


def test_only_what_may_be_left_out_is_marked():
    drawn = page(Questions())
    assert drawn.count("(optional)") == 1
    assert "*</span>" not in drawn


def test_the_reason_of_a_question_stands_before_its_control_and_belongs_to_it():
    drawn = page(Questions())
    assert drawn.index("We read it.") < drawn.index('name="note"')
    assert 'aria-describedby="id_note_helptext"' in drawn


def test_the_error_summary_comes_first_and_leads_to_the_questions():
    form = Questions({"email": "a@b.example"})
    form.add_error(None, "Both cannot be.")
    drawn = page(form)
    assert drawn.index('role="alert"') < drawn.index("Which day?</label>")
    assert 'href="#id_day"' in drawn
    assert 'href="#div_id_kind"' in drawn
    assert 'id="div_id_kind"' in drawn
    assert "Both cannot be." in drawn
    assert 'value="a@b.example"' in drawn


def test_a_form_stands_inside_one_form_element_with_its_token():
    drawn = page(Questions())
    assert drawn.count("<form") == 1
    assert drawn.count('name="csrfmiddlewaretoken"') == 1
    assert drawn.count('name="_key"') == 1


def test_known_questions_tell_the_browser_what_they_are_about():
    assert 'autocomplete="email"' in page(Questions())
