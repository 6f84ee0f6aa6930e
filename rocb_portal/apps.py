from django.apps import AppConfig


class RocbPortalConfig(AppConfig):
    name = "rocb_portal"

    def ready(self) -> None:
        from core.context import register_navigation
        from rocb_portal.navigation import navigation

        register_navigation(navigation)
