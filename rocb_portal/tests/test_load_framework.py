from io import StringIO

import pytest
from django.core.management import call_command

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_tables")]


def run():
    output = StringIO()
    call_command("load_framework", stdout=output)
    return output.getvalue()


def test_load_framework_prints_one_line_and_repeats_without_effect():
    first = run()
    assert first.startswith(
        "Framework data: 35 administrations, 6 categories, 29 areas, 10 workshops, 1 published tables, 6 priorities, "
    )
    assert first.endswith(" policy rows, 10 centres, 1 remarks added.\n")
    assert run() == "Framework data: nothing to add.\n"
