from django.apps import AppConfig


class CentresConfig(AppConfig):
    name = "centres"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from centres import policies, queries
        from core import inbox
        from core import policies as rights

        rights.register("centres", policies.may)
        inbox.register(queries.material_missing)
