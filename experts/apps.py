from django.apps import AppConfig


class ExpertsConfig(AppConfig):
    name = "experts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import policies as rights
        from experts import policies

        rights.register("experts", policies.may)
