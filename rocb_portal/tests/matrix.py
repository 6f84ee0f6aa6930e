"""Who gets which page: every URL × party × own and foreign object, written by hand from the design's table of rights.

    name | object of the world | may | may not (403) | reads, and may not post; everybody else: 404, it does not exist for them

Otherwise a rule holds for GET and POST alike: a refusal is the same, and whoever may gets no refusal (a wrong step is
a sentence). An anonymous visitor is sent to the sign-in page everywhere but on the pages listed in PUBLIC.

rocb, secretariat; home: focal point of the expert's administration (Japan); beneficiary: of Fiji; other: of New Zealand; centre:
of Malaysia; expert: the one on the mission; stranger: another accredited expert; nobody: an account of party expert without a record.
"""

OFFICES = "rocb secretariat"
MEMBERS = "home beneficiary other"
ALL = f"{OFFICES} {MEMBERS} centre expert stranger nobody"

MATRIX = f"""
rocb_portal:home                |                  | {ALL} |
rocb_portal:search              |                  | {ALL} |
members:account                 |                  | {ALL} |
members:absence-add             |                  | {ALL} |
members:absence-remove          | absence          | home |
members:act-as                  |                  | {ALL} |
members:administrations         |                  | {ALL} |
members:users                   |                  | rocb | secretariat {MEMBERS} centre expert stranger nobody
members:invite                  |                  | rocb | secretariat {MEMBERS} centre expert stranger nobody
members:user                    | user             | rocb | other
members:invite-again            | user             | rocb | other
members:set-active              | user             | rocb | other
members:membership-remove       | user membership  | rocb | other
experts:pool                    |                  | {OFFICES} {MEMBERS} centre | expert stranger nobody
experts:pool-export csv         |                  | {OFFICES} {MEMBERS} centre | expert stranger nobody
experts:areas                   |                  | {ALL} |
experts:experts                 |                  | {OFFICES} {MEMBERS} centre | expert stranger nobody
experts:experts-export csv      |                  | {OFFICES} {MEMBERS} centre | expert stranger nobody
experts:own                     |                  | expert stranger |
experts:expert                  | who.expert       | {OFFICES} {MEMBERS} centre expert |
experts:profile                 | who.expert       | {OFFICES} home expert | beneficiary other centre
experts:profile-edit            | who.expert       | rocb home expert | secretariat beneficiary other centre
experts:profile-confirm         | who.expert       | rocb home expert | secretariat beneficiary other centre
experts:cv                      | who.expert       | {OFFICES} home expert | beneficiary other centre
experts:correction-new          | who.expert       | rocb home expert | secretariat beneficiary other centre
experts:corrections             |                  | {OFFICES} {MEMBERS} | centre expert stranger nobody
experts:corrections-export xlsx |                  | {OFFICES} {MEMBERS} | centre expert stranger nobody
experts:correction              | correction       | {OFFICES} home expert |
experts:correction-do agree     | correction       | rocb home | secretariat expert
experts:correction-do withdraw  | correction       | rocb home expert | secretariat
experts:quality                 |                  | {OFFICES} {MEMBERS} | centre expert stranger nobody
experts:quality-export csv      |                  | {OFFICES} {MEMBERS} | centre expert stranger nobody
experts:duplicates              |                  | {OFFICES} | {MEMBERS} centre expert stranger nobody
experts:duplicates-export csv   |                  | {OFFICES} | {MEMBERS} centre expert stranger nobody
experts:duplicate-pick          | who.expert       | rocb | secretariat {MEMBERS} centre expert
experts:compare                 | who.expert twin  | rocb | secretariat {MEMBERS} centre expert
experts:two-people              | who.expert twin  | rocb | secretariat {MEMBERS} centre expert
experts:cap                     | who.expert       | {OFFICES} home expert | beneficiary other centre
experts:history-confirm         | who.expert       | {OFFICES} | {MEMBERS} centre expert
experts:service-add             | who.expert       | {OFFICES} | {MEMBERS} centre expert
experts:service-take-back       | service          | {OFFICES} | home expert
experts:availability-add        | who.expert       | rocb home expert | secretariat beneficiary other centre
experts:availability-remove     | unavailability   | rocb home expert | secretariat beneficiary other centre
candidates:listings             |                  | {OFFICES} {MEMBERS} centre | expert stranger nobody
candidates:listings-export xlsx |                  | {OFFICES} {MEMBERS} centre | expert stranger nobody
candidates:of-expert            | who.expert       | {OFFICES} {MEMBERS} centre expert |
candidates:listing              | listing          | {OFFICES} centre |
candidates:listing              | own_listing      | {OFFICES} home expert |
candidates:listing-add          |                  | rocb | secretariat {MEMBERS} centre expert stranger nobody
candidates:listing-leave        | listing          | rocb | secretariat centre
candidates:listing-leave        | own_listing      | rocb home expert | secretariat
candidates:listing-confirm      | listing          | rocb | secretariat centre
candidates:listing-confirm      | own_listing      | rocb home expert | secretariat
candidates:listing-contact      | own_listing      | rocb | secretariat home expert
candidates:confirm              |                  | {MEMBERS} expert stranger nobody | {OFFICES} centre
candidates:of-centre            | centre           | {OFFICES} {MEMBERS} centre | expert stranger nobody
candidates:calls                |                  | {OFFICES} {MEMBERS} centre | expert stranger nobody
candidates:calls-export xlsx    |                  | {OFFICES} {MEMBERS} centre | expert stranger nobody
candidates:call-new             |                  | rocb | secretariat {MEMBERS} centre expert stranger nobody
candidates:call                 | draft_call       | rocb |
candidates:call                 | sent_call        | {OFFICES} home centre |
candidates:call-edit            | draft_call       | rocb |
candidates:call-edit            | sent_call        | | {OFFICES} home centre
candidates:call-send            | draft_call       | rocb |
candidates:call-remind          | sent_call        | rocb | secretariat home centre
candidates:answers-export csv   | sent_call        | {OFFICES} | home centre
candidates:call-do close        | sent_call        | rocb | secretariat home centre
candidates:call-answer          | called           | rocb home | secretariat
candidates:nominations          |                  | {OFFICES} {MEMBERS} centre | expert stranger nobody
candidates:nominations-export xlsx |               | {OFFICES} {MEMBERS} centre | expert stranger nobody
candidates:nomination-new       |                  | rocb {MEMBERS} centre | secretariat expert stranger nobody
candidates:nomination           | nomination_draft | home |
candidates:nomination           | nomination       | {OFFICES} home centre expert |
candidates:nomination-edit      | nomination_draft | home |
candidates:nomination-edit      | nomination       | | {OFFICES} home centre expert
candidates:nomination-autosave  | nomination_draft | home |
candidates:nomination-submit    | nomination       | centre | {OFFICES} home expert
candidates:nomination-do agree  | nomination       | rocb home | secretariat centre expert
candidates:nomination-do return | nomination       | rocb | secretariat home centre expert
candidates:nominee-part         | nomination       | rocb expert | secretariat home centre
candidates:attachment-add       | nomination_draft | home |
candidates:attachment           | nomination_file  | {OFFICES} home centre |
candidates:attachment-remove    | nomination_file  | | {OFFICES} home centre
candidates:nomination-letter    | nomination_over  | {OFFICES} home | expert
candidates:nomination-review    | nomination       | {OFFICES} | home centre expert
candidates:nomination-reviewers | nomination       | rocb | secretariat home centre expert
candidates:nomination-list      | nomination       | rocb | secretariat home centre expert
rocb_portal:framework-live      |                  | {ALL} |
candidates:workshops            |                  | {ALL} |
candidates:workshops-export csv |                  | {ALL} |
candidates:workshop-new         |                  | {OFFICES} | {MEMBERS} centre expert stranger nobody
candidates:workshop             | workshop         | {ALL} |
candidates:workshop             | workshop_draft   | {OFFICES} |
candidates:nominees-export xlsx | workshop         | {OFFICES} {MEMBERS} | centre expert stranger nobody
candidates:workshop-edit        | workshop         | {OFFICES} | {MEMBERS} centre expert stranger nobody
candidates:workshop-announce    | workshop_draft   | {OFFICES} |
candidates:workshop-put-forward | workshop         | {OFFICES} {MEMBERS} | centre expert stranger nobody
candidates:workshop-nobody      | workshop         | {MEMBERS} | {OFFICES} centre expert stranger nobody
candidates:workshop-invite      | workshop         | {OFFICES} | {MEMBERS} centre expert stranger nobody
candidates:workshop-outcomes    | workshop         | {OFFICES} | {MEMBERS} centre expert stranger nobody
candidates:nominee-do withdraw  | nominee          | {OFFICES} home expert |
candidates:nominee-do not_invite | nominee         | {OFFICES} | home expert
candidates:path                 |                  | {OFFICES} {MEMBERS} | centre expert stranger nobody
candidates:path-export csv      |                  | {OFFICES} {MEMBERS} | centre expert stranger nobody
candidates:path-of              | who.expert       | {OFFICES} home expert | beneficiary other centre
candidates:field-mission-new    | first_step       | {OFFICES} | {MEMBERS} centre
candidates:field-mission-edit   | field_mission    | {OFFICES} | home
candidates:field-mission-remove | field_mission    | {OFFICES} | home
candidates:path-confirm         | first_step       | secretariat | rocb {MEMBERS} centre
centres:centres                 |                  | {ALL} |
centres:by-area                 |                  | {ALL} |
centres:centre                  | centre           | {ALL} |
centres:centres-export csv      |                  | {ALL} |
centres:coverage                |                  | {OFFICES} {MEMBERS} centre | expert stranger nobody
centres:coverage-export xlsx    |                  | {OFFICES} {MEMBERS} centre | expert stranger nobody
centres:focus-add               | own_centre       | rocb centre | secretariat {MEMBERS} expert stranger nobody
centres:focus-add               | centre           | rocb | secretariat {MEMBERS} centre expert stranger nobody
centres:focus-end               | focus            | rocb centre | secretariat {MEMBERS} expert stranger nobody
centres:resources               |                  | {ALL} |
centres:resources-export csv    |                  | {ALL} |
centres:resource-add            | own_centre       | rocb centre | secretariat {MEMBERS} expert stranger nobody
centres:resource-add            | centre           | rocb | secretariat {MEMBERS} centre expert stranger nobody
centres:resource                | resource         | {OFFICES} centre expert stranger nobody |
centres:resource-remove         | resource         | rocb centre | secretariat expert stranger nobody
centres:trainings               |                  | {ALL} |
centres:trainings-export xlsx   |                  | {ALL} |
centres:training-add            | own_centre       | rocb centre | secretariat {MEMBERS} expert stranger nobody
centres:training                | training         | {ALL} |
centres:training-edit           | training         | rocb centre | secretariat {MEMBERS} expert stranger nobody
centres:training-remove         | training         | rocb centre | secretariat {MEMBERS} expert stranger nobody
centres:training-person-add     | training         | rocb centre | secretariat {MEMBERS} expert stranger nobody
centres:training-person-remove  | training_line    | rocb centre | secretariat {MEMBERS} expert
centres:of-expert               | who.expert       | {OFFICES} {MEMBERS} centre expert |
missions:requests               |                  | {OFFICES} {MEMBERS} | centre expert stranger nobody
missions:request-new            |                  | {MEMBERS} | {OFFICES} centre expert stranger nobody
missions:request-new-autosave   |                  | {MEMBERS} | {OFFICES} centre expert stranger nobody
missions:request                | draft            | beneficiary |
missions:request                | filed            | {OFFICES} beneficiary |
missions:request-edit           | draft            | beneficiary |
missions:request-edit           | filed            | | {OFFICES} beneficiary
missions:request-autosave       | draft            | beneficiary |
missions:request-file           | draft            | beneficiary |
missions:request-letter         | filed            | {OFFICES} beneficiary |
missions:plan-entry             | checked          | secretariat | rocb beneficiary
missions:request-do check       | filed            | rocb | secretariat beneficiary
missions:request-do withdraw    | filed            | rocb beneficiary | secretariat
missions:plan                   |                  | {OFFICES} | {MEMBERS} centre expert stranger nobody
missions:missions               |                  | {ALL} |
missions:mission                | short            | {OFFICES} beneficiary |
missions:mission                | done             | {OFFICES} home beneficiary expert |
missions:mission-people         | short            | {OFFICES} beneficiary |
missions:mission-people         | done             | {OFFICES} home beneficiary expert |
missions:mission-letters        | done             | {OFFICES} home beneficiary expert |
missions:mission-history        | done             | {OFFICES} home beneficiary expert |
missions:mission-edit           | short            | {OFFICES} | beneficiary
missions:mission-do cancel      | short            | {OFFICES} | beneficiary
missions:seat-add               | short            | {OFFICES} | beneficiary
missions:seat-edit              | seat             | {OFFICES} | beneficiary
missions:seat-drop              | seat             | {OFFICES} | beneficiary
missions:search                 | short            | {OFFICES} | beneficiary
missions:shortlist              | short            | {OFFICES} | beneficiary
missions:of-expert              | who.expert       | {OFFICES} {MEMBERS} centre expert |
missions:carriers               | first_step       | {OFFICES} | {MEMBERS} centre
missions:invitation             | short_invitation | {OFFICES} |
missions:invitation             | sent_invitation  | {OFFICES} home |
missions:invitation             | done_invitation  | {OFFICES} home beneficiary expert |
missions:invitation-do withdraw | sent_invitation  | {OFFICES} | home
missions:invitation-do ask      | short_invitation | {OFFICES} |
missions:consultation           | done_invitation  | {OFFICES} expert | home beneficiary
missions:consultation           | short_invitation | {OFFICES} |
missions:agreements             | ready_invitation | {OFFICES} |
missions:counting               | ready_invitation | {OFFICES} |
missions:letter-for             | ready_invitation | {OFFICES} |
missions:letters                |                  | {OFFICES} {MEMBERS} | centre expert stranger nobody
missions:letter                 | ready            | {OFFICES} |
missions:letter                 | sent             | {OFFICES} home |
missions:letter                 | done_letter      | {OFFICES} home expert |
missions:letter-edit            | ready            | {OFFICES} |
missions:letter-send            | ready            | secretariat | rocb
missions:letter-discard         | ready            | {OFFICES} |
missions:letter-document        | sent             | {OFFICES} home |
missions:letter-preview         | ready            | {OFFICES} |
missions:answer                 | sent_invitation  | rocb home | secretariat
missions:preparation            | short            | {OFFICES} | | beneficiary
missions:preparation            | running          | {OFFICES} | | home beneficiary
missions:preparation-autosave   | running          | {OFFICES} | home beneficiary
missions:material-add           | done             | {OFFICES} expert | home beneficiary
missions:material               | material         | {OFFICES} home beneficiary expert |
missions:material-remove        | material         | {OFFICES} | home beneficiary expert
missions:record-end             | running          | {OFFICES} | home beneficiary
missions:reports                |                  | {ALL} |
missions:report                 | done             | {OFFICES} home beneficiary expert |
missions:report-edit            | done             | {OFFICES} expert | home beneficiary
missions:report-autosave        | done             | {OFFICES} expert | home beneficiary
missions:report-document        | report           | {OFFICES} home beneficiary expert |
missions:report-do accept       | report           | {OFFICES} | home beneficiary expert
gap_analysis:dashboard          |                  | {OFFICES} | {MEMBERS} centre expert stranger nobody
gap_analysis:dashboard-export csv |                | {OFFICES} | {MEMBERS} centre expert stranger nobody
gap_analysis:chart-export heat csv |               | {OFFICES} | {MEMBERS} centre expert stranger nobody
gap_analysis:demand             |                  | {OFFICES} | {MEMBERS} centre expert stranger nobody
gap_analysis:demand-export xlsx |                  | {OFFICES} | {MEMBERS} centre expert stranger nobody
gap_analysis:free               |                  | {OFFICES} | {MEMBERS} centre expert stranger nobody
gap_analysis:free-export csv    |                  | {OFFICES} | {MEMBERS} centre expert stranger nobody
gap_analysis:area               | gap_area         | {OFFICES} |
gap_analysis:priority-state     | gap_area         | rocb | secretariat
gap_analysis:priority-end       | gap_priority     | rocb | secretariat
gap_analysis:member             | gap_member       | {OFFICES} |
gap_analysis:snapshots          |                  | {OFFICES} | {MEMBERS} centre expert stranger nobody
gap_analysis:snapshots-export csv |                | {OFFICES} | {MEMBERS} centre expert stranger nobody
gap_analysis:snapshot-build     |                  | rocb | secretariat {MEMBERS} centre expert stranger nobody
gap_analysis:snapshot           | snapshot         | {OFFICES} |
gap_analysis:snapshot           | snapshot_unpublished | rocb |
gap_analysis:snapshot-wait      | snapshot         | {OFFICES} |
gap_analysis:snapshot-publish   | snapshot         | rocb | secretariat
gap_analysis:snapshot-publish   | snapshot_unpublished | rocb |
gap_analysis:snapshot-report    | snapshot         | {OFFICES} |
gap_analysis:snapshot-report    | snapshot_unpublished | rocb |
gap_analysis:compare            | snapshot snapshot_before | {OFFICES} |
gap_analysis:compare-export csv | snapshot snapshot_before | {OFFICES} |
gap_analysis:propose            | gap_area         | rocb | secretariat
gap_analysis:proposals          |                  | {OFFICES} | {MEMBERS} centre expert stranger nobody
gap_analysis:proposals-export csv |                | {OFFICES} | {MEMBERS} centre expert stranger nobody
gap_analysis:proposal           | draft_proposal   | rocb |
gap_analysis:proposal           | proposal         | {OFFICES} |
gap_analysis:proposal-edit      | draft_proposal   | rocb |
gap_analysis:proposal-edit      | proposal         | rocb | secretariat
gap_analysis:proposal-autosave  | proposal         | rocb | secretariat
gap_analysis:proposal-compose   | draft_proposal   | rocb |
gap_analysis:proposal-send      | draft_proposal   | rocb |
gap_analysis:proposal-send      | proposal         | rocb | secretariat
gap_analysis:proposal-do accept | proposal         | {OFFICES} |
gap_analysis:proposal-do withdraw | proposal       | rocb | secretariat
gap_analysis:proposal-document docx | proposal     | {OFFICES} |
gap_analysis:whatif             |                  | {OFFICES} | {MEMBERS} centre expert stranger nobody
gap_analysis:whatif-export csv  |                  | {OFFICES} | {MEMBERS} centre expert stranger nobody
gap_analysis:scenario-new       |                  | {OFFICES} | {MEMBERS} centre expert stranger nobody
gap_analysis:scenarios          |                  | {OFFICES} | {MEMBERS} centre expert stranger nobody
gap_analysis:scenarios-export xlsx |               | {OFFICES} | {MEMBERS} centre expert stranger nobody
gap_analysis:scenario           | scenario         | {OFFICES} |
gap_analysis:scenario-export csv | scenario        | {OFFICES} |
gap_analysis:scenario-rename    | scenario         | rocb | secretariat
gap_analysis:scenario-delete    | scenario         | rocb | secretariat
gap_analysis:surveys            |                  | {OFFICES} {MEMBERS} | centre expert stranger nobody
gap_analysis:surveys-export csv |                  | {OFFICES} {MEMBERS} | centre expert stranger nobody
gap_analysis:survey-new         |                  | rocb | secretariat {MEMBERS} centre expert stranger nobody
gap_analysis:survey             | draft_survey     | rocb |
gap_analysis:survey             | survey           | {OFFICES} {MEMBERS} |
gap_analysis:survey-edit        | draft_survey     | rocb |
gap_analysis:survey-edit        | survey           | rocb | secretariat {MEMBERS}
gap_analysis:survey-preview     | survey           | rocb | secretariat {MEMBERS}
gap_analysis:survey-remind      | survey           | rocb | secretariat {MEMBERS}
gap_analysis:survey-do close    | survey           | rocb | secretariat {MEMBERS}
gap_analysis:board-export csv   | survey           | {OFFICES} | {MEMBERS}
gap_analysis:answers-export xlsx | survey          | {OFFICES} | {MEMBERS}
gap_analysis:questions-export csv | survey         | {OFFICES} | {MEMBERS}
gap_analysis:survey-sums        | survey           | {OFFICES} | {MEMBERS}
gap_analysis:survey-sums        | closed_survey    | {OFFICES} {MEMBERS} |
gap_analysis:sums-export csv    | survey           | {OFFICES} | {MEMBERS}
gap_analysis:survey-summarise   | survey           | {OFFICES} | {MEMBERS}
gap_analysis:questions          | survey           | rocb | secretariat {MEMBERS}
gap_analysis:question-add       | survey           | rocb | secretariat {MEMBERS}
gap_analysis:question-edit      | question         | rocb | secretariat {MEMBERS}
gap_analysis:question-drop      | question         | rocb | secretariat {MEMBERS}
gap_analysis:question-move up   | question         | rocb | secretariat {MEMBERS}
gap_analysis:response           | response         | {OFFICES} home |
gap_analysis:response-edit      | response         | rocb home | secretariat
gap_analysis:response-field     | response         | rocb home | secretariat
gap_analysis:response-submit    | response         | rocb home | secretariat
gap_analysis:response-do give_grace | response     | rocb | secretariat home
gap_analysis:answer-request     | area_answer      | rocb home | secretariat
support:opportunities           |                  | {ALL} |
support:opportunities-export csv |                 | {ALL} |
support:opportunity-new         |                  | rocb | secretariat {MEMBERS} centre expert stranger nobody
support:opportunity             | draft_opportunity | rocb |
support:opportunity             | opportunity      | {OFFICES} home expert |
support:opportunity-edit        | draft_opportunity | rocb |
support:opportunity-edit        | opportunity      | | {OFFICES} home expert
support:opportunity-autosave    | draft_opportunity | rocb |
support:opportunity-discard     | draft_opportunity | rocb |
support:opportunity-tell        | draft_opportunity | rocb |
support:opportunity-tell-rest   | opportunity      | rocb | secretariat home expert
support:opportunity-remind      | opportunity      | rocb | secretariat home expert
support:opportunity-do close    | opportunity      | rocb | secretariat home expert
support:notices-export csv      | opportunity      | {OFFICES} | home expert
support:notice-answer           | notice           | rocb expert | secretariat home
support:notice-failed           | notice           | rocb | secretariat home expert
support:notice-deliverable      | notice           | rocb | secretariat home expert
core:outbox                     |                  | {OFFICES} | {MEMBERS} centre expert stranger nobody
core:message                    | message          | {OFFICES} |
core:attachment                 | message attachment | {OFFICES} |
core:settle                     | job              | {OFFICES} |
core:imports                    |                  | {OFFICES} | {MEMBERS} centre expert stranger nobody
core:import-new ace             |                  | {OFFICES} | {MEMBERS} centre expert stranger nobody
core:import-new past-service    |                  | {OFFICES} | {MEMBERS} centre expert stranger nobody
core:import                     | sheet            | {OFFICES} |
core:import-rows csv            | sheet            | {OFFICES} |
core:import-progress            | sheet            | {OFFICES} |
core:import-decide              | sheet            | {OFFICES} |
core:import-apply               | sheet            | {OFFICES} |
core:import-again               | sheet            | {OFFICES} |
core:import-drop                | sheet            | {OFFICES} |
core:import-file                | sheet            | {OFFICES} |
core:import                     | sheet_applied    | {OFFICES} |
core:import-undo                | sheet_applied    | {OFFICES} |
core:searches                   |                  | {ALL} |
core:search-save                |                  | {ALL} |
core:search-rename              | search           | home |
core:search-delete              | search           | home |
"""

PUBLIC = {
    "healthz": "asked by the load balancer",
    "account_login": "the sign-in page",
    "account_logout": "harmless without a session",
    "account_signup": "closed; says so",
    "account_inactive": "says that an account is closed",
    "account_reauthenticate": "allauth's own; asks a signed-in person's password again",
    "account_change_password": "allauth's own; the person's own password",
    "account_set_password": "allauth's own; the person's own password",
    "account_reset_password": "the same answer for every address",
    "account_reset_password_done": "the same answer for every address",
    "account_reset_password_from_key": "whoever holds the link",
    "account_reset_password_from_key_done": "says that it worked",
    "rocb_portal:demo-sign-in": "the fictional region only",
    "members:join": "whoever holds the link",
    "candidates:link-nominee": "whoever holds the link",
    "candidates:link-confirm": "whoever holds the link",
    "missions:link-consultation": "whoever holds the link",
    "missions:link-letter": "whoever holds the link",
    "experts:link-profile": "whoever holds the link",
    "support:link-answer": "whoever holds the link",
}
