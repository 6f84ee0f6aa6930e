from django.apps import AppConfig


class ExpertsConfig(AppConfig):
    name = "experts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import imports, inbox
        from core import policies as rights
        from core.workflow import Binding, bind
        from experts import enums, jobs, models, policies, workflow
        from experts.services import ace, past_service_sheet

        rights.register("experts", policies.may)
        imports.register(ace.IMPORTER)
        imports.register(past_service_sheet.IMPORTER)
        jobs.register()
        inbox.register(jobs.profile_to_confirm)
        corrections = models.CorrectionRequest.objects
        bind(
            Binding(
                machine=workflow.CORRECTION,
                model=models.CorrectionRequest,
                parties=policies.correction_parties,
                url_name="experts:correction-do",
                prepare=lambda user: corrections.visible_to(user).with_people(),
                hats=policies.HATS,
                words=dict(enums.Party.choices),
            )
        )
