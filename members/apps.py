from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import outbox
        from core import policies as rights
        from members import jobs, policies

        rights.register("members", policies.may)
        outbox.register("join", jobs.send_join)
        outbox.register("address_changed", jobs.send_address_changed)
