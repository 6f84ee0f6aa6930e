from typing import Any

from django.apps import AppConfig


class MissionsConfig(AppConfig):
    name = "missions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import inbox
        from core import policies as rights
        from core.workflow import Binding, bind
        from missions import enums, jobs, models, policies, services, workflow

        rights.register("missions", policies.may)
        jobs.register()
        inbox.register(jobs.outbox_needs_eyes)
        common: dict[str, Any] = {"hats": policies.HATS, "words": dict(enums.Party.choices)}
        requests, missions = models.CapacityRequest.objects, models.Mission.objects
        invitations, reports = models.Invitation.objects, models.Report.objects
        for binding in (
            Binding(
                machine=workflow.REQUEST,
                model=models.CapacityRequest,
                parties=policies.request_parties,
                url_name="missions:request-do",
                prepare=lambda user: requests.visible_to(user).select_related("beneficiary", "area"),
                **common,
            ),
            Binding(
                machine=workflow.MISSION,
                model=models.Mission,
                parties=policies.mission_parties,
                url_name="missions:mission-do",
                prepare=lambda user: missions.visible_to(user).with_people(),
                actions=services.MISSION_ACTIONS,
                **common,
            ),
            Binding(
                machine=workflow.INVITATION,
                model=models.Invitation,
                parties=policies.invitation_parties,
                url_name="missions:invitation-do",
                prepare=lambda user: invitations.visible_to(user).with_standing(),
                actions=services.INVITATION_ACTIONS,
                **common,
            ),
            Binding(
                machine=workflow.REPORT,
                model=models.Report,
                parties=policies.report_parties,
                url_name="missions:report-do",
                prepare=lambda user: reports.visible_to(user).with_team(),
                actions=services.REPORT_ACTIONS,
                **common,
            ),
        ):
            bind(binding)
