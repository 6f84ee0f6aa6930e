from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "support"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import policies as rights
        from core.workflow import Binding, bind
        from support import enums, models, policies, workflow

        rights.register("support", policies.may)
        bind(
            Binding(
                machine=workflow.OPPORTUNITY,
                model=models.Opportunity,
                parties=policies.opportunity_parties,
                url_name="support:opportunity-do",
                prepare=lambda user: models.Opportunity.objects.visible_to(user),
                hats=policies.HATS,
                words=dict(enums.Party.choices),
            )
        )
