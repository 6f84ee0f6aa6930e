from typing import Any

from django.apps import AppConfig


class CandidatesConfig(AppConfig):
    name = "candidates"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from candidates import enums, jobs, jobs_nominations, jobs_path, models, policies, queries, services, workflow
        from candidates.queries.oddities import ODDITIES
        from candidates.services import listing_sheet
        from core import imports, inbox
        from core import policies as rights
        from core.workflow import Binding, bind
        from experts.queries import quality

        rights.register("candidates", policies.may)
        for check in ODDITIES:
            quality.register(check)
        imports.register(listing_sheet.IMPORTER)
        jobs.register()
        jobs_nominations.register()
        jobs_path.register()
        for provider in (
            queries.lines_to_confirm,
            queries.proposals_to_leave,
            queries.calls_to_answer,
            queries.reviews_waiting,
            queries.workshops_waiting,
            queries.accreditations_waiting,
            queries.unfinished_nominations,
        ):
            inbox.register(provider)
        common: dict[str, Any] = {"hats": policies.HATS, "words": dict(enums.Party.choices)}
        nominations = models.Nomination.objects
        bind(
            Binding(
                machine=workflow.NOMINATION,
                model=models.Nomination,
                parties=policies.nomination_parties,
                url_name="candidates:nomination-do",
                prepare=lambda user: nominations.visible_to(user).with_standing(),
                actions=services.NOMINATION_ACTIONS,
                **common,
            )
        )
        bind(
            Binding(
                machine=workflow.CALL,
                model=models.Call,
                parties=policies.call_parties,
                url_name="candidates:call-do",
                prepare=lambda user: models.Call.objects.visible_to(user).prefetch_related("areas", "members"),
                **common,
            )
        )
        nominees = models.WorkshopNominee.objects
        bind(
            Binding(
                machine=workflow.NOMINEE_OF_WORKSHOP,
                model=models.WorkshopNominee,
                parties=policies.nominee_parties,
                url_name="candidates:nominee-do",
                prepare=lambda user: nominees.visible_to(user).select_related("expert__administration", "workshop"),
                actions=services.NOMINEE_ACTIONS,
                **common,
            )
        )
