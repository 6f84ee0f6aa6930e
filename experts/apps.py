from django.apps import AppConfig


class ExpertsConfig(AppConfig):
    name = "experts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import imports
        from experts.services import ace, past_service_sheet

        from core import policies as rights
        from experts import policies

        rights.register("experts", policies.may)
        imports.register(ace.IMPORTER)
        imports.register(past_service_sheet.IMPORTER)
