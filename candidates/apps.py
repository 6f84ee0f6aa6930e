from django.apps import AppConfig


class CandidatesConfig(AppConfig):
    name = "candidates"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from candidates import policies
        from core import policies as rights

        rights.register("candidates", policies.may)
