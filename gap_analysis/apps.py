from django.apps import AppConfig


class GapAnalysisConfig(AppConfig):
    name = "gap_analysis"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Gap analysis"

    def ready(self) -> None:
        from gap_analysis import jobs

        jobs.register()
