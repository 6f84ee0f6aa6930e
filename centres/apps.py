from django.apps import AppConfig


class CentresConfig(AppConfig):
    name = "centres"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from centres import policies
        from core import policies as rights

        rights.register("centres", policies.may)
