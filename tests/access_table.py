"""Who may enter where: one line for each address of the house. `test_access_matrix.py` tries every line for every role.

A line names, for each method that the address knows, who gets which answer: `GET 200 readers | POST 302 office`; `GET,POST` names two at
once, `ANY` all four. Everybody else gets what the house gives by rule:

    anonymous        sent to the sign-in page (`login`); so is a closed account
    stranger         404: signed in, without a role in the edition
    other insiders   403
    other methods    405 for whoever is signed in

Audiences are roles and the groups below. Later words of a line win: `GET 200 signed-in 403 system`. A page without a door says
`all`, and then lists who gets something else.
"""

from __future__ import annotations

ROLES = (
    "organiser",
    "screener",
    "unit",
    "candidate",
    "employer",
    "expert",
    "department",
    "member",
    "discipline",
    "system",
    "security",
    "audit",
)
OUTSIDE = ("anonymous", "closed")
GROUPS: dict[str, tuple[str, ...]] = {
    "all": (*OUTSIDE, "stranger", *ROLES),
    "outside": OUTSIDE,
    "signed-in": ("stranger", *ROLES),
    "insiders": ROLES,
    "office": ("organiser",),
    "readers": ("organiser", "screener", "discipline"),
    "screeners": ("organiser", "screener"),
    "administrators": ("system", "security", "audit"),
}

# One address a line; put yours beside those of the same package.
TABLE: dict[str, str] = {
    # nomination
    "desk": "GET 302 insiders 200 readers",  # who has no desk is sent to his first room
    "mail_list": "GET 200 readers",
    "mail_detail": "GET 200 readers",
    "mail_assign": "POST 302 office",
    "mail_aside": "POST 302 office",
    "mail_original": "GET 200 office",
    "packet_list": "GET 200 readers",
    "packet_receive": "POST 302 office",
    "packet_intake": "GET 200 readers",
    "packet_intake_answer": "POST 302 office",
    "packet_detail": "GET 200 readers",
    "packet_receipt": "GET 200 readers",
    "packet_roster": "GET 200 office",
    "packet_original": "GET 200 office",
    "dossier_list": "GET 200 readers",
    "dossier_export": "GET 200 office",
    "packet_export": "GET 200 office",
    "unit_export": "GET 200 office",
    "desk_news": "GET 200 readers",
    "desk_figures": "GET 200 readers",
    "dossier_detail": "GET 200 readers",
    "dossier_reveal": "POST 200 readers",
    "dossier_photo": "GET 200 readers",
    "dossier_form": "GET 200 office",
    "dossier_original": "GET 200 office",
    "dossier_evidence": "GET 200 readers",
    "dossier_file": "GET 200 readers",
    "contact_list": "GET,POST 200 office",
    "contact_remove": "POST 302 office",
    "unit_roster": "GET 200 office",
    # screening
    "screening_queue": "GET 200 readers",
    "screening_duplicates": "GET 200 readers",
    "screening_compare": "POST 302 screeners",
    "screening_duplicate": "GET 200 readers",
    "screening_duplicate_decide": "POST 302 screeners",
    "screening_duplicate_undo": "POST 302 screeners",
    "screening_bulk": "POST 302 screeners",
    "screening_begin": "POST 302 office",
    "screening_assign": "POST 302 office",
    "screening_pictures": "GET 200 readers",
    "screening_picture": "GET 200 office",
    "screening_letters": "GET 200 readers",
    "screening_letter": "GET 200 readers | POST 200 office",
    "letter_paper": "GET 200 office",
    "letter_withdraw": "POST 302 office",
    "unit_letters": "GET 200 unit",
    "unit_letter_paper": "GET 200 unit",
    "screening_sheets": "GET 200 readers",
    "screening_unit_sheet": "GET 200 office",
    "screening_sheet": "GET 200 office",
    "screening_dossier": "GET 200 readers",
    "screening_lists": "GET 200 readers",
    "screening_list_bring": "POST 302 office",
    "screening_list": "GET 200 readers",
    "screening_list_rows": "GET 200 office",
    "screening_list_import": "POST 302 office",
    "screening_list_discard": "POST 302 office",
    "screening_list_withdraw": "POST 302 office",
    "screening_titles_none": "POST 302 office",
    "screening_matches": "GET 200 readers",
    "screening_match_decide": "POST 302 screeners",
    "screening_next": "GET 302 readers",
    "screening_rule": "POST 302 screeners",
    "screening_confirm": "POST 302 screeners",
    "screening_conclude": "POST 302 screeners",
    "screening_reopen": "POST 302 office",
    "screening_note": "POST 302 screeners",
    "screening_facts": "POST 302 screeners",
    # candidacy: the candidate, the unit that helps him, and the employer once the form lies there
    "candidacy_mine": "GET 302 candidate employer",
    "candidacy_form": "GET 200 candidate unit",
    "candidacy_save": "POST 302 candidate unit",
    "candidacy_standing": "GET 200 candidate unit",
    "candidacy_consent": "POST 302 candidate",
    "candidacy_photo": "GET 200 candidate unit employer | POST 302 candidate unit",
    "candidacy_file_add": "POST 302 candidate unit",
    "candidacy_file": "GET 200 candidate unit employer",
    "candidacy_file_remove": "POST 302 candidate unit",
    "candidacy_paper": "GET 200 candidate unit employer",
    "candidacy_docx": "GET 200 candidate unit employer",
    "candidacy_hand_over": "POST 302 candidate unit",
    "candidacy_confirm_scan": "POST 302 candidate unit",
    "candidacy_call_back": "POST 302 candidate",
    "candidacy_leave": "POST 302 candidate",
    "candidacy_employer": "GET,POST 200 employer",
    # recommendation
    "unit_desk": "GET 200 unit",
    "unit_order": "GET 200 unit | POST 302 unit",
    "unit_quota": "GET 200 unit | POST 302 unit",
    "unit_direct_claim": "POST 302 unit",
    "quota_ledger": "GET 200 readers",
    "direct_decide": "POST 302 office",
    "unit_opinions": "POST 302 unit",
    "unit_forms": "GET 200 unit",
    "unit_invite": "GET,POST 200 unit",
    "unit_invite_send": "POST 200 unit",
    "unit_enter": "GET,POST 200 unit",
    "unit_person": "GET 200 unit",
    "unit_invite_again": "POST 200 unit",
    "unit_attest": "POST 302 unit",
    "unit_withdraw": "POST 302 unit",
    "unit_give_back": "POST 302 unit",
    "unit_reopen": "POST 302 unit",
    "unit_opinion": "POST 302 unit",
    "unit_facts": "POST 302 unit",
    "unit_scan_bring": "POST 302 unit",
    "unit_scans": "GET 200 unit | POST 302 unit",
    "unit_scan_turn": "POST 302 unit",
    "unit_scan_original": "GET 200 unit",
    "unit_scan_page": "GET 200 unit",
    "unit_submit": "GET,POST 200 unit",
    "unit_packet_bring": "POST 302 unit",
    "unit_packet_arriving": "GET 200 unit",
    "unit_packet": "GET 200 unit",
    "unit_receipt": "GET 200 unit",
    "dossier_returns": "GET 200 office screener | POST 302 office screener",
    # review: the office leads, the discipline office watches, an expert has his own pages
    "review_desk": "GET 200 office discipline",
    "review_pool": "GET 200 office discipline",
    "review_pool_bring": "GET,POST 200 office",
    "review_pool_keep": "POST 200 office",
    "review_pool_template": "GET 200 office",
    "review_expert": "GET 200 office discipline | POST 200 office",
    "review_expert_invite": "POST 200 office",
    "review_expert_remove": "POST 302 office",
    "review_mine": "GET 200 expert",
    "review_profile": "GET,POST 200 expert",
    "review_agree": "POST 302 expert",
    "review_decline": "POST 302 expert",
    "review_seat": "POST 302 expert",
    "review_declare": "GET,POST 200 expert",
    "review_draw": "GET 200 office discipline",
    "review_draw_commit": "POST 302 office",
    "review_draw_give_up": "POST 302 office",
    "review_ceremony": "GET 200 office discipline | POST 200 office",
    "review_seat_answer": "POST 302 office",
    "review_minutes": "GET 200 office",
    "review_recusals": "GET 200 office discipline",
    "review_recusals_find": "POST 302 office",
    "review_recusal_decide": "POST 302 office",
    "review_assignment": "GET 200 office discipline",
    "review_assign": "POST 302 office",
    "review_clear": "POST 302 office",
    "review_release": "POST 302 office",
    "review_card_move": "POST 302 office",
    "review_progress": "GET 200 office discipline",
    "review_remind": "POST 302 office",
    "review_card_reopen": "POST 302 office",
    "review_cards": "GET 200 expert",
    "review_sign": "POST 302 expert",
    "review_sheet": "GET 200 expert",
    "review_sheet_paper": "GET 200 expert",
    "review_sheet_bring": "POST 302 expert",
    "review_card_keep": "POST 302 expert",
    "review_card_recuse": "POST 302 expert",
    "review_ranking": "GET 200 office discipline",
    "review_rank_compute": "POST 302 office",
    "review_rank_publish": "POST 302 office",
    "review_shortlist": "POST 302 office",
    "review_proof_file": "ANY 405 all | GET 200 all",
    "review_proof": "ANY 405 all | GET 200 all",
    "review_proof_draw": "ANY 405 all | GET 200 all",
    # decision: the office leads, the discipline office watches all but the votes, a member has his own pages
    "decision_desk": "GET 200 office discipline",
    "decision_members": "GET 200 office discipline",
    "decision_member_name": "POST 302 office",
    "decision_member_invite": "POST 200 office",
    "decision_member_remove": "POST 302 office",
    "decision_member_recuse": "POST 302 office",
    "decision_meeting": "GET 200 office discipline",
    "decision_call": "POST 302 office",
    "decision_meeting_change": "POST 302 office",
    "decision_present": "POST 302 office",
    "decision_absent": "POST 302 office",
    "decision_rounds": "GET 200 office",
    "decision_round_open": "POST 302 office",
    "decision_round_end": "POST 302 office",
    "decision_result": "GET 200 office",
    "decision_resolve": "POST 302 office",
    "decision_paper": "GET 200 office",
    "decision_hall": "GET 200 office member",
    "decision_mine": "GET 200 member",
    "decision_sign_in": "POST 302 member",
    "decision_candidates": "GET 200 member",
    "decision_candidate": "GET 200 member",
    "decision_recuse": "POST 302 member",
    "decision_ballot": "GET 200 member",
    "decision_slip": "POST 422 member",
    "decision_put": "POST 422 member",
    "decision_cast": "POST 302 member",
    "decision_check": "GET 200 member",
    # conferral
    "certificate_desk": "GET 200 office",
    "certificate_proof": "GET 200 office",
    "verify": "ANY 405 all | GET,POST 200 all",
    "certificate_revoke": "POST 302 office",
    "verify_revoked": "ANY 405 all | GET 200 all",
    "verify_keys": "ANY 405 all | GET 200 all",
    # notice: the office prepares and publishes, the discipline office watches, everybody reads what is published
    "notice_desk": "GET 200 office discipline",
    "notice_prepare": "POST 302 office",
    "notice_change": "POST 302 office",
    "notice_page": "ANY 405 all | GET 200 all",
    "notice_paper": "ANY 405 all | GET 200 all",
    # objections: the public without a door; the office sees cases, the two who have one what was said; the unit its questions
    "objection_form": "ANY 405 all | GET 200 all | POST 422 all",
    "objection_follow": "ANY 405 all | GET,POST 200 all",
    "objection_list": "GET 200 office discipline",
    "objection_enter": "GET,POST 200 office discipline",
    "objection_numbers": "GET 200 office discipline",
    "objection_case": "GET 200 office discipline",
    "objection_reveal": "POST 200 office discipline",
    "objection_step": "POST 302 office discipline",
    "objection_file": "GET 200 office discipline",
    "objection_paper": "GET 200 office discipline",
    "unit_inquiries": "GET 200 unit",
    "unit_inquiry_reply": "POST 302 unit",
    # web
    "register": "GET 200 office discipline audit",
    "register_verify": "POST 200 office discipline audit",
    "register_export": "GET 200 office discipline audit",
    "register_list": "GET 200 office discipline audit",
    "people_list": "GET 200 office discipline administrators",
    "outbox_list": "GET 200 office",
    "deadline": "GET 200 insiders | POST 200 office",
    "server_time": "GET 200 signed-in",
    "health_alive": "ANY 405 all | GET 200 all",
    "health_ready": "ANY 405 all | GET 200 all",
    "metrics": "ANY 405 all | GET 404 all",  # no token is set
    "gallery": "GET 200 office",
    "outbox": "GET 200 office",
    "outbox_resend_all": "POST 302 office",
    "outbox_message": "GET 200 office",
    "outbox_resend": "POST 302 office",
    "outbox_template_list": "GET 200 office",
    "outbox_template": "GET,POST 200 office",
    "outbox_template_preview": "POST 200 office",
    "outbox_template_sample": "POST 302 office",
    "job_list": "GET 200 office system",
    "job_retry": "POST 302 office system",
    "switch_edition": "POST 302 signed-in",  # which editions there are is no secret; what is in them is guarded
    "set_language": "ANY 302 all",
    "people": "GET 200 office discipline administrators",
    "person": "GET 200 office discipline administrators",
    "people_invite": "GET,POST 200 office system",
    "invitation_list": "GET 200 office discipline administrators",
    "invitation_revoke": "POST 302 office discipline administrators",  # whose invitation it is not, is told so
    "role_grant": "POST 302 office discipline administrators",  # whose role it is not to give, is told so
    "role_withdraw": "POST 302 office discipline administrators",
    "account_close": "POST 302 system security",
    "account_reopen": "POST 302 system security",
    "link_again": "ANY 405 all | GET,POST 200 all",
    "invitation": "ANY 405 all | GET 200 all | POST 302 all",
    # accounts
    "account_login": "ANY 405 all | GET,POST 200 outside 302 signed-in",
    "account_logout": "ANY 405 all | GET 200 signed-in 302 outside | POST 302 all",
    "account_signup": "ANY 405 all | GET,POST 200 outside 302 signed-in",  # closed, and says so
    "account_inactive": "ANY 405 all | GET 200 all",
    "account_reauthenticate": "ANY 405 all | GET,POST 200 signed-in",
    "account_change_password": "ANY 405 all | GET,POST 200 signed-in",
    "account_set_password": "ANY 405 all | GET,POST 302 signed-in",
    "openid_connect_login": "ANY 405 all | GET,POST 404 all",  # no provider is named
    "openid_connect_callback": "ANY 405 all | GET,POST 404 all",
    "socialaccount_connections": "GET,POST 302 signed-in",
    "account": "GET 200 signed-in",
    "factor_due": "GET 302 signed-in",  # nothing is due: to the account
    "account_rename": "POST 302 signed-in",
    "sessions_end": "POST 302 signed-in",
    "session_end": "POST 404 signed-in",  # somebody else's session
    "mfa_index": "GET,POST 302 signed-in",
    "mfa_authenticate": "ANY 405 all | GET,POST 302 signed-in",  # nobody is half-way in
    "mfa_reauthenticate": "ANY 405 all | GET,POST 302 signed-in",
    "mfa_activate_totp": "GET,POST 200 signed-in",
    "mfa_deactivate_totp": "GET,POST 404 signed-in",
    "mfa_view_recovery_codes": "GET 404 signed-in",
    "mfa_generate_recovery_codes": "GET,POST 200 signed-in",
    "mfa_list_webauthn": "GET,POST 302 signed-in",
    "mfa_login_webauthn": "ANY 405 all | GET,POST 302 signed-in",
    "mfa_add_webauthn": "GET,POST 200 signed-in",
    "mfa_edit_webauthn": "GET,POST 404 signed-in",
    "mfa_remove_webauthn": "GET,POST 404 signed-in",
    "mfa_reauthenticate_webauthn": "ANY 405 all | GET,POST 302 signed-in",
    "password_give": "POST 200 system security",
    "person_sessions_end": "POST 302 system security",
}

METHODS = ("GET", "POST", "PUT", "DELETE")


def expected(line: str) -> dict[tuple[str, str], str]:
    """A line as (method, role) → answer."""
    answers = {(method, role): "login" if role in OUTSIDE else "405" for method in METHODS for role in GROUPS["all"]}
    for clause in line.split("|"):
        named, *words = clause.split()
        methods = METHODS if named == "ANY" else named.split(",")
        for method in methods:
            answers |= {(method, role): answer for role, answer in _answers(words).items()}
    return answers


def _answers(words: list[str]) -> dict[str, str]:
    found = {role: "login" if role in OUTSIDE else "404" if role == "stranger" else "403" for role in GROUPS["all"]}
    answer = ""
    for word in words:
        if word.isdigit() or word == "login":
            answer = word
            continue
        found |= dict.fromkeys(GROUPS.get(word, (word,)), answer)
    if stray := set(found) - set(GROUPS["all"]):
        raise ValueError(f"no such role or group: {sorted(stray)}")
    return found
