from django.apps import AppConfig


class MissionsConfig(AppConfig):
    name = "missions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import inbox
        from core import policies as rights
        from core.workflow import Binding, bind
        from missions import jobs, models, policies, services, workflow

        rights.register("missions", policies.may)
        jobs.register()
        inbox.register(jobs.outbox_needs_eyes)
        bind(
            Binding(
                workflow.REQUEST,
                models.CapacityRequest,
                policies.request_parties,
                "missions:request-do",
                lambda user: models.CapacityRequest.objects.visible_to(user).select_related("beneficiary", "area"),
            )
        )
        bind(
            Binding(
                workflow.MISSION,
                models.Mission,
                policies.mission_parties,
                "missions:mission-do",
                lambda user: models.Mission.objects.visible_to(user).with_people(),
                services.MISSION_ACTIONS,
            )
        )
        bind(
            Binding(
                workflow.INVITATION,
                models.Invitation,
                policies.invitation_parties,
                "missions:invitation-do",
                lambda user: models.Invitation.objects.visible_to(user).with_standing(),
                services.INVITATION_ACTIONS,
            )
        )
        bind(
            Binding(
                workflow.REPORT,
                models.Report,
                policies.report_parties,
                "missions:report-do",
                lambda user: models.Report.objects.visible_to(user).with_team(),
                services.REPORT_ACTIONS,
            )
        )
