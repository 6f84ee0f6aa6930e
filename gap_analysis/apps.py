from django.apps import AppConfig


class GapAnalysisConfig(AppConfig):
    name = "gap_analysis"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Gap analysis"
