from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.urls import register_converter

        from core import imports, inbox
        from core.exports import SheetEnding

        register_converter(SheetEnding, "sheet")
        imports.register_jobs()
        inbox.register(imports.waiting)
