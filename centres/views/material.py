"""What centres give experts: files and links, for whom they are meant (§2.3, IV)."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centres import services
from centres.filters import ResourceFilter
from centres.forms import PlainForm, ResourceForm
from centres.models import Centre, Resource
from core.clock import day_of, today
from core.exports import Export
from core.models import StoredFile
from core.views import Download, FormPage, ListPage
from experts.models import Area


class ResourcesPage(ListPage):
    """The material of all centres that is meant for the reader."""

    action = "centres.list"
    model = Resource
    template_name = "centres/resources.html"
    results_template = "centres/_resources.html"
    filterset_class = ResourceFilter
    sorts = {
        "added": ("created_at", "pk"),
        "title": ("title", "pk"),
        "area": ("area__order", "title", "pk"),
        "centre": ("centre__administration__name", "title", "pk"),
    }
    first_sort = "-added"

    def rows(self) -> Any:
        return super().rows().present().select_related("centre__administration", "area", "file")


class ResourcesExport(Export, ResourcesPage):
    def table(self) -> Any:
        head = [
            _("Title"),
            _("Centre"),
            _("Area"),
            _("For whom"),
            _("File or link"),
            _("What it is good for"),
            _("Added"),
        ]
        rows = (
            (
                row.title, row.centre, row.area, row.get_audience_display(), row.file.name if row.file else row.url,
                row.note, day_of(row.created_at),
            )
            for row in self.found()
        )  # fmt: skip
        return f"centre-material-{today().isoformat()}", head, rows


class ResourceAdd(FormPage):
    """`?area=` names the area that the inbox asked about."""

    action = "centres.add_resource"
    model = Centre
    form_class = ResourceForm
    template_name = "centres/resource_add.html"
    success_message = gettext_lazy("The material is kept; those it is meant for find it from now on.")

    def initial(self) -> dict[str, Any]:
        return {"area": Area.objects.active().filter(code=self.request.GET.get("area", "")).first()}

    def save(self, form: Any) -> str:
        services.add_resource(self.object, by=self.request.user, **form.cleaned_data)
        return self.object.get_absolute_url()


class ResourceFile(Download):
    action = "centres.see"
    model = Resource

    def stored(self) -> StoredFile | None:
        return self.object.file


class ResourceRemove(FormPage):
    action = "centres.remove_resource"
    model = Resource
    form_class = PlainForm
    template_name = "centres/resource_remove.html"
    success_message = gettext_lazy("The material is taken away; the records of the centre keep its name.")

    def rows(self) -> Any:
        return super().rows().select_related("centre__administration")

    def save(self, form: Any) -> str:
        services.remove_resource(self.object, by=self.request.user)
        return reverse("centres:centre", args=[self.object.centre_id])
