from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "support"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import inbox
        from core import policies as rights
        from core.workflow import Binding, bind
        from support import enums, jobs, models, policies, queries, services, workflow

        rights.register("support", policies.may)
        jobs.register()
        inbox.register(queries.told_of)
        bind(
            Binding(
                machine=workflow.OPPORTUNITY,
                model=models.Opportunity,
                parties=policies.opportunity_parties,
                url_name="support:opportunity-do",
                prepare=models.Opportunity.objects.visible_to,
                hats=policies.HATS,
                words=dict(enums.Party.choices),
                actions=services.OPPORTUNITY_ACTIONS,
            )
        )
