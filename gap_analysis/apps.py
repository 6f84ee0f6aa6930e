from typing import Any

from django.apps import AppConfig


class GapAnalysisConfig(AppConfig):
    name = "gap_analysis"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Gap analysis"

    def ready(self) -> None:
        from core import imports, inbox
        from core import policies as rights
        from core.workflow import Binding, bind
        from gap_analysis import enums, jobs, models, policies, queries, services, workflow
        from gap_analysis.services import survey_sheet

        rights.register("gap_analysis", policies.may)
        jobs.register()
        imports.register(survey_sheet.IMPORTER)
        inbox.register(queries.rounds_running)
        common: dict[str, Any] = {"hats": policies.HATS, "words": dict(enums.Party.choices)}
        bind(
            Binding(
                machine=workflow.SURVEY,
                model=models.Survey,
                parties=policies.survey_parties,
                url_name="gap_analysis:survey-do",
                prepare=lambda user: models.Survey.objects.visible_to(user).prefetch_related("areas"),
                actions=services.SURVEY_ACTIONS,
                **common,
            )
        )
        bind(
            Binding(
                machine=workflow.RESPONSE,
                model=models.Response,
                parties=policies.response_parties,
                url_name="gap_analysis:response-do",
                # Of the offices nobody waits for each member by itself: the round does, with its numbers.
                prepare=lambda user: models.Response.objects.filter(
                    administration__in=user.administration_ids()
                ).select_related("survey", "administration"),
                actions=services.RESPONSE_ACTIONS,
                **common,
            )
        )
        bind(
            Binding(
                machine=workflow.PROPOSAL,
                model=models.Proposal,
                parties=policies.proposal_parties,
                url_name="gap_analysis:proposal-do",
                prepare=lambda user: models.Proposal.objects.visible_to(user).select_related("area"),
                actions=services.PROPOSAL_ACTIONS,
                **common,
            )
        )
