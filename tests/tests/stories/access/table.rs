//! The access table, row by row, as callers meet it.
//!
//! A cell says what becomes of the call: `+` may make it (what else may be wrong with the arguments
//! is not asked here), `-` is denied, `?` hears that there is no such record, so that not even
//! its existence is given away.

use greenroom::client::Client;
use greenroom_protocol::service::GreenroomRequest;
use greenroom_protocol::zoom::ConnectStart;
use greenroom_protocol::{Error, ErrorKind};
use serde_json::{Value, json};

use crate::access::fixture::{ADA, ANA, BEN, Fixture, IRIS, Who};

/// A call's name, its arguments, and a cell for everyone in the order of [`Who::ALL`]: admin,
/// recruiter, manager of the job, manager of another, interviewer, unlinked, operator.
type Row = (&'static str, Value, &'static str);

async fn rows(office: &Fixture) -> Vec<Row> {
    let reference = |to: &str| json!({ "reference": to });
    let dry_run = |to: &str| json!({ "reference": to, "dry_run": true });
    let unknown = "att_00000000000000000000000000";
    let of_iris = ConnectStart {
        member: Some(IRIS.into()),
        redirect_uri: "http://127.0.0.1:1/callback".into(),
    };
    let of_iris = office
        .dana
        .zoom_connect_start(of_iris)
        .await
        .unwrap()
        .attempt;
    let designers = office.designers.id.to_string();
    let to_ana = office.letter_to(ANA).await;
    let from_ana = office.email_from(ANA).await;
    let proposed = &office.outreach_to(ANA).await;
    let (from, to) = ("2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z");
    vec![
        (
            "hello",
            json!({"client": {"protocol": 1, "build": "test"}}),
            "+++++++",
        ),
        ("status", json!({}), "+++++++"),
        ("doctor", json!({}), "+-----+"),
        (
            "setup",
            json!({"setup": {"workspace": "Other", "name": "X", "email": "x@acme.example", "zone": "UTC"}}),
            "------+",
        ),
        (
            "changes",
            json!({"query": {"after": 0, "wait_seconds": 0}}),
            "+++++-+",
        ),
        ("workspace_list", json!({}), "+++++-+"),
        (
            "workspace_add",
            json!({"workspace": {"name": "Other"}}),
            "-------",
        ),
        ("workspace_edit", json!({"workspace": {}}), "+-----+"),
        (
            "workspace_use",
            json!({"workspace": reference("Acme")}),
            "+++++-+",
        ),
        ("member_list", json!({}), "+++++-+"),
        (
            "member_add",
            json!({"member": {"name": "", "email": ""}}),
            "+-----+",
        ),
        // Of Ada, by herself and by everyone else.
        (
            "member_edit",
            json!({"member": {"member": ADA, "zone": "UTC"}}),
            "+-----+",
        ),
        // Of Iris, who may change her own zone.
        (
            "member_edit",
            json!({"member": {"member": IRIS, "zone": "UTC"}}),
            "+---+-+",
        ),
        // But not her own roles.
        (
            "member_edit",
            json!({"member": {"member": IRIS, "roles": ["interviewer"]}}),
            "+-----+",
        ),
        ("member_remove", json!({"member": dry_run(IRIS)}), "+-----+"),
        (
            "member_link",
            json!({"link": {"member": "nobody", "uid": 1}}),
            "------?",
        ),
        (
            "member_unlink",
            json!({"link": {"member": "nobody", "uid": 1}}),
            "------?",
        ),
        ("zoom_status", json!({"query": {"member": IRIS}}), "+++++-+"),
        ("zoom_list", json!({}), "+++++-+"),
        // Of an attempt for Iris, whose state they do not know.
        (
            "zoom_connect_finish",
            json!({"finish": {"attempt": of_iris, "state": "x"}}),
            "+---+-+",
        ),
        (
            "zoom_connect_start",
            json!({"start": {"member": IRIS, "redirect_uri": "http://127.0.0.1:1/callback"}}),
            "+---+-+",
        ),
        (
            "zoom_connect_cancel",
            json!({"cancel": {"attempt": unknown}}),
            "?????-?",
        ),
        (
            "zoom_disconnect",
            json!({"member": dry_run(IRIS)}),
            "+---+-+",
        ),
        ("job_list", json!({}), "+++++--"),
        ("job_add", json!({"job": {"title": ""}}), "++-----"),
        ("job_edit", json!({"job": {"job": "Designer"}}), "++-----"),
        (
            "stage_add",
            json!({"stage": {"job": "Designer", "name": ""}}),
            "++-----",
        ),
        (
            "stage_configure",
            json!({"stage": {"job": "Designer", "stage": "Applied"}}),
            "+++----",
        ),
        ("candidate_list", json!({"query": {}}), "+++++--"),
        (
            "candidate_get",
            json!({"candidate": reference(ANA)}),
            "+++?+--",
        ),
        (
            "candidate_get",
            json!({"candidate": reference(BEN)}),
            "++?+?--",
        ),
        (
            "candidate_add",
            json!({"candidate": {"name": "Ana Lima", "email": ANA, "job": "Designer"}}),
            "+++----",
        ),
        (
            "candidate_edit",
            json!({"candidate": {"candidate": ANA, "phone": "1"}}),
            "+++?---",
        ),
        (
            "candidate_move",
            json!({"to": {"candidate": ANA, "stage": "Applied"}}),
            "+++?---",
        ),
        (
            "candidate_import",
            json!({"page": {"rows": [], "dry_run": true}}),
            "++-----",
        ),
        ("interview_list", json!({"query": {}}), "+++++--"),
        (
            "interview_get",
            json!({"interview": reference(&designers)}),
            "+++?+--",
        ),
        (
            "interview_new",
            json!({"interview": {"candidate": ANA, "start": "2026-12-03T10:00:00Z", "type": "phone", "details": "1", "dry_run": true}}),
            "+++?---",
        ),
        (
            "interview_confirm",
            json!({"interview": dry_run(&designers)}),
            "+++?---",
        ),
        (
            "interview_cancel",
            json!({"interview": dry_run(&designers)}),
            "+++?---",
        ),
        (
            "busy",
            json!({"query": {"members": [IRIS], "from": from, "to": to}}),
            "++++---",
        ),
        ("audit_list", json!({"query": {}}), "+-----+"),
        (
            "zoom_request_approval",
            json!({"ask": {"member": IRIS, "admin": "it@acme.example"}}),
            "+---+-+",
        ),
        ("backup_take", json!({}), "------+"),
        (
            "backup_read",
            json!({"part": {"id": "unknown", "offset": 0}}),
            "------?",
        ),
        (
            "backup_forget",
            json!({"backup": {"id": "unknown"}}),
            "------?",
        ),
        ("restore_begin", json!({"restore": {"bytes": 0}}), "------+"),
        (
            "restore_part",
            json!({"part": {"id": "unknown", "offset": 0, "data": ""}}),
            "------?",
        ),
        (
            "restore_finish",
            json!({"restore": {"id": "unknown"}}),
            "------?",
        ),
        ("candidate_export_all", json!({"query": {}}), "+------"),
        (
            "candidate_export",
            json!({"query": {"candidate": ANA}}),
            "++-----",
        ),
        (
            "candidate_erase",
            json!({"candidate": dry_run(ANA)}),
            "+------",
        ),
        (
            "interview_reschedule",
            json!({"interview": {"reference": designers, "start": "2026-12-03T11:00:00Z", "dry_run": true}}),
            "+++?---",
        ),
        (
            "interview_edit",
            json!({"interview": {"reference": designers, "with": [IRIS], "dry_run": true}}),
            "+++?---",
        ),
        (
            "interview_remind",
            json!({"remind": {"reference": designers, "to": IRIS, "dry_run": true}}),
            "+++?---",
        ),
        (
            "interview_replace",
            json!({"replace": {"reference": designers, "from": IRIS, "to": ADA, "dry_run": true}}),
            "+++?---",
        ),
        ("reply_report", json!({"query": {}}), "++++---"),
        ("scheduling_report", json!({"query": {}}), "++++---"),
        (
            "interview_complete",
            json!({"interview": dry_run(&designers)}),
            "+++?---",
        ),
        (
            "interview_no_show",
            json!({"interview": dry_run(&designers)}),
            "+++?---",
        ),
        (
            "interview_undo",
            json!({"interview": {"reference": designers, "change": 0, "dry_run": true}}),
            "+++?---",
        ),
        ("interview_check", json!({"query": {}}), "++-----"),
        ("drift_list", json!({}), "++-----"),
        (
            "interview_repair",
            json!({"interview": {"reference": designers, "repair": "accept", "dry_run": true}}),
            "+++?---",
        ),
        (
            "orphan_delete",
            json!({"orphan": {"orphan": "none", "dry_run": true}}),
            "??-----",
        ),
        (
            "insight_list",
            json!({"application": reference(ANA)}),
            "+++?+--",
        ),
        (
            "insight_note",
            json!({"insight": {"reference": designers, "notes": "", "expected_revision": 1}}),
            "+++?+--",
        ),
        (
            "interview_invite",
            json!({"query": {"interview": designers}}),
            "+++?+--",
        ),
        ("mail_settings", json!({}), "+++++-+"),
        (
            "mail_configure",
            json!({"configure": {"transport": "maildir", "dry_run": true}}),
            "+-----+",
        ),
        (
            "mail_discover",
            json!({"address": {"address": "jobs@acme.example", "system": "fastmail"}}),
            "+-----+",
        ),
        ("mail_test", json!({"query": {}}), "+-----+"),
        (
            "calendar_read",
            json!({"read": {
                "text": "BEGIN:VCALENDAR\nEND:VCALENDAR",
                "from": "2026-12-01T00:00:00Z",
                "to": "2026-12-02T00:00:00Z",
            }}),
            "+++++--",
        ),
        (
            "feed_add",
            json!({"feed": {
                "name": "Work",
                "text": "BEGIN:VCALENDAR\nEND:VCALENDAR",
                "dry_run": true,
            }}),
            "+++++--",
        ),
        ("feed_list", json!({"query": {}}), "+++++--"),
        ("feed_list", json!({"query": {"member": IRIS}}), "+---+-+"),
        ("feed_refresh", json!({"feed": {}}), "+++++--"),
        ("feed_refresh", json!({"feed": {"member": IRIS}}), "+---+-+"),
        (
            "feed_remove",
            json!({"feed": {"member": IRIS, "feed": "Work", "dry_run": true}}),
            "?---?-?",
        ),
        ("company_calendars", json!({"query": {}}), "+++++-+"),
        (
            "company_calendars_set",
            json!({"set": {"provider": "google", "on": false, "dry_run": true}}),
            "??-----",
        ),
        (
            "company_calendars_leave_out",
            json!({"leave_out": {
                "provider": "google",
                "member": IRIS,
                "leave_out": true,
                "dry_run": true,
            }}),
            "?---?-?",
        ),
        ("company_calendars_refresh", json!({"query": {}}), "++-----"),
        (
            "calendar_upload",
            json!({"part": {"text": "BEGIN:VCALENDAR"}}),
            "+++++--",
        ),
        // One's own hours, and those of others for who schedules.
        (
            "member_hours",
            json!({"query": {"member": IRIS}}),
            "+++++-+",
        ),
        ("member_hours", json!({"query": {"member": ADA}}), "++++--+"),
        (
            "member_hours_set",
            json!({"set": {"member": IRIS, "dry_run": true}}),
            "+---+-+",
        ),
        ("days_off", json!({}), "+++++-+"),
        (
            "days_off_edit",
            json!({"edit": {
                "days_off": "Break",
                "action": "add",
                "days": [{"date": "2026-12-24"}],
                "dry_run": true,
            }}),
            "+-----+",
        ),
        (
            "outreach_propose",
            json!({"outreach": {
                "candidate": ANA,
                "type": "phone",
                "details": "+49 30 5550 1234",
                "slots": ["2026-12-04T10:00:00Z"],
                "dry_run": true,
            }}),
            "+++?---",
        ),
        ("outreach_list", json!({"query": {}}), "++++---"),
        (
            "outreach_get",
            json!({"outreach": reference(proposed)}),
            "+++?---",
        ),
        (
            "outreach_answer",
            json!({"answer": {"outreach": dry_run(proposed), "n": 1}}),
            "+++?---",
        ),
        (
            "outreach_stop",
            json!({"stop": {"outreach": dry_run(proposed), "tell": false}}),
            "+++?---",
        ),
        // Their stage has no AI scheduling, and a person proposed the times: nothing is done, but that
        // is said to those alone who hire for the job.
        (
            "outreach_start",
            json!({"start": {"candidate": ANA, "dry_run": true}}),
            "+++?---",
        ),
        (
            "outreach_approve",
            json!({"approve": {"outreach": dry_run(proposed)}}),
            "+++?---",
        ),
        (
            "outreach_edit",
            json!({"edit": {"outreach": dry_run(proposed), "edit": {}}}),
            "+++?---",
        ),
        (
            "outreach_discard",
            json!({"outreach": dry_run(proposed)}),
            "+++?---",
        ),
        (
            "outreach_take_over",
            json!({"outreach": dry_run(proposed)}),
            "+++?---",
        ),
        (
            "outreach_move_up",
            json!({"outreach": dry_run(proposed)}),
            "+++?---",
        ),
        (
            "outreach_hand_back",
            json!({"outreach": dry_run(proposed)}),
            "+++?---",
        ),
        // Hiring managers of a job, whatever else somebody is.
        (
            "conversation_say",
            json!({"say": {"text": "help", "dry_run": true}}),
            "--++---",
        ),
        ("conversation_list", json!({"query": {}}), "--++---"),
        ("mail_list", json!({"query": {}}), "+++++--"),
        ("mail_get", json!({"mail": reference(&to_ana)}), "+++?+--"),
        ("mail_retry", json!({"mail": dry_run(&to_ana)}), "+++?---"),
        // Of Iris, whose Zoom need not be connected again.
        ("zoom_tell", json!({"member": dry_run(IRIS)}), "++++---"),
        // On its way, so there is nothing to let be.
        ("mail_drop", json!({"mail": dry_run(&to_ana)}), "+++?---"),
        (
            "zoom_test",
            json!({"query": {"member": IRIS, "dry_run": true}}),
            "+---+-+",
        ),
        (
            "zoom_test_show",
            json!({"query": {"member": IRIS}}),
            "+---+-+",
        ),
        ("mail_received", json!({"query": {}}), "+++++--"),
        (
            "mail_received_get",
            json!({"mail": reference(&from_ana)}),
            "+++?+--",
        ),
        (
            "mail_received_read",
            json!({"mail": dry_run(&from_ana)}),
            "+++?+--",
        ),
        // From her own address, so there is nothing to accept.
        (
            "mail_received_accept",
            json!({"accept": {"mail": dry_run(&from_ana)}}),
            "+++?---",
        ),
        (
            "candidate_state",
            json!({"change": {"candidate": ANA, "action": "reject", "dry_run": true}}),
            "+++?---",
        ),
        (
            "candidate_move_many",
            json!({"moves": {"candidates": [], "stage": "Applied"}}),
            "++++---",
        ),
        (
            "candidate_state_many",
            json!({"changes": {"candidates": [], "action": "hold"}}),
            "++++---",
        ),
        (
            "time_read",
            json!({"read": {"text": "thu 10:30"}}),
            "+++++--",
        ),
        (
            "outreach_read",
            json!({"read": {"mail": "Option 2 please"}}),
            "+++++--",
        ),
        ("assistant_eval", json!({"eval": {"set": ""}}), "+++++--"),
        ("template_list", json!({"query": {}}), "++++---"),
        (
            "template_show",
            json!({"template": {"name": "invitation"}}),
            "++++---",
        ),
        (
            "template_edit",
            json!({"edit": {"template": {"name": "invitation"}, "text": "Hi", "dry_run": true}}),
            "++-----",
        ),
        (
            "template_preview",
            json!({"preview": {"template": {"name": "invitation"}}}),
            "++++---",
        ),
        ("today", json!({"query": {}}), "+++++--"),
        (
            "insight_seen",
            json!({"interview": dry_run(&designers)}),
            "+++?+--",
        ),
        (
            "candidate_email_many",
            json!({"email": {"candidates": [], "subject": "x", "text": "x"}}),
            "++++---",
        ),
        (
            "candidate_note",
            json!({"note": {"candidate": ANA}}),
            "+++?---",
        ),
        (
            "candidate_note_remove",
            json!({"note": {"candidate": ANA, "note": "x"}}),
            "????---",
        ),
        (
            "slots",
            json!({"query": {"candidate": ANA, "type": "phone", "limit": 1}}),
            "+++?---",
        ),
        (
            "explain",
            json!({"query": {"candidate": ANA, "type": "phone", "start": "2026-12-03T10:00:00Z"}}),
            "+++?---",
        ),
        ("retention_list", json!({"query": {}}), "+------"),
        ("candidate_view_list", json!({}), "+++++--"),
        (
            "candidate_view_save",
            json!({"view": {"name": "", "query": {}}}),
            "+++++--",
        ),
        (
            "candidate_view_delete",
            json!({"view": {"name": "Nowhere"}}),
            "?????--",
        ),
        ("setup_progress", json!({}), "+-----+"),
        ("setup_skip", json!({"skip": {"step": "email"}}), "+-----+"),
        (
            "app_guide",
            json!({"query": {"app": "google", "dry_run": true}}),
            "+-----+",
        ),
        // Who it is not for hears of no such email, one by one.
        (
            "mail_undo",
            json!({"undo": {"mails": [to_ana], "dry_run": true}}),
            "+++++--",
        ),
        (
            "account_get",
            json!({"query": {"provider": "google", "for_workspace": true}}),
            "+++++-+",
        ),
        ("account_list", json!({"query": {}}), "+++++-+"),
        (
            "account_connect_start",
            json!({"start": {
                "provider": "google",
                "member": IRIS,
                "redirect_uri": "http://127.0.0.1:1/callback",
            }}),
            "+---+-+",
        ),
        (
            "account_connect_start",
            json!({"start": {
                "provider": "microsoft",
                "for_workspace": true,
                "redirect_uri": "http://localhost:1/callback",
            }}),
            "+-----+",
        ),
        (
            "account_connect_finish",
            json!({"finish": {"provider": "google", "attempt": unknown, "state": "x"}}),
            "?????-?",
        ),
        // An attempt to connect Zoom is none to connect an account.
        (
            "account_connect_cancel",
            json!({"cancel": {"provider": "google", "attempt": of_iris}}),
            "?????-?",
        ),
        (
            "account_disconnect",
            json!({"disconnect": {"provider": "google", "member": IRIS, "dry_run": true}}),
            "+---+-+",
        ),
        (
            "account_disconnect",
            json!({"disconnect": {"provider": "microsoft", "for_workspace": true, "dry_run": true}}),
            "+-----+",
        ),
        (
            "account_request_approval",
            json!({"ask": {"provider": "microsoft", "for_workspace": true, "dry_run": true}}),
            "+-----+",
        ),
        // Last, for it ends everything.
        ("shutdown", json!({}), "------+"),
    ]
}

fn request(method: &str, arguments: &Value) -> GreenroomRequest {
    let camel: String = method
        .split('_')
        .map(|word| word[..1].to_uppercase() + &word[1..])
        .collect();
    serde_json::from_value(json!({ camel: arguments })).unwrap()
}

/// What became of a call, as a cell.
async fn cell(client: &Client, method: &str, arguments: &Value) -> char {
    let answer = client.call(request(method, arguments)).await.unwrap();
    let answer = serde_json::to_value(answer).unwrap();
    let (_, outcome) = answer.as_object().unwrap().iter().next().unwrap();
    let Some(refusal) = outcome.get("Err") else {
        return '+';
    };
    let error: Error = serde_json::from_value(refusal.clone()).unwrap();
    match error.kind {
        ErrorKind::Denied => '-',
        ErrorKind::NotFound => '?',
        _ => '+',
    }
}

#[tokio::test]
async fn everyone_may_do_what_the_table_says_and_nothing_else() {
    let office = Fixture::open().await;
    let mut clients = Vec::new();
    for who in Who::ALL {
        clients.push((who, office.client(who).await));
    }
    for (method, arguments, expected) in rows(&office).await {
        let mut found = String::new();
        for (_, client) in &clients {
            found.push(cell(client, method, &arguments).await);
        }
        assert_eq!(found, expected, "{method} {arguments} of {:?}", Who::ALL);
    }
}

/// The cell of somebody in a row.
fn of(row: &str, who: Who) -> char {
    let place = Who::ALL.iter().position(|it| *it == who).unwrap();
    row.chars().nth(place).unwrap()
}

#[tokio::test]
async fn an_admin_who_acts_for_somebody_may_do_what_they_may_and_no_more() {
    let office = Fixture::open().await;
    for (method, arguments, row) in rows(&office).await {
        for (whom, email) in Who::MEMBERS {
            // A client for each, because a second `hello` binds the connection anew.
            let ada = office.daemon.client_as(Who::Admin.guest(), email).await;
            let found = cell(&ada.unwrap(), method, &arguments).await;
            assert_eq!(found, of(row, whom), "{method} {arguments} for {whom:?}");
        }
    }
}

#[tokio::test]
async fn the_operator_who_acts_for_somebody_still_looks_after_the_daemon() {
    let office = Fixture::open().await;
    let root = |email| office.daemon.client_as(Who::Operator.guest(), email);
    for (method, arguments, row) in rows(&office).await {
        // The one ends everything; the other works for somebody only, and is asked at the end.
        if ["shutdown", "workspace_add"].contains(&method) {
            continue;
        }
        for (whom, email) in Who::MEMBERS {
            let found = cell(&root(email).await.unwrap(), method, &arguments).await;
            let expected = match of(row, Who::Operator) {
                '-' => of(row, whom),
                own => own,
            };
            assert_eq!(found, expected, "{method} {arguments} for {whom:?}");
        }
    }
    let other = json!({"workspace": {"name": "Other"}});
    let root = root(ADA).await.unwrap();
    assert_eq!(cell(&root, "workspace_add", &other).await, '+');
}

#[tokio::test]
async fn every_method_is_in_these_rows() {
    let office = Fixture::open().await;
    let mut asked: Vec<_> = rows(&office)
        .await
        .iter()
        .map(|(method, ..)| *method)
        .collect();
    asked.sort_unstable();
    asked.dedup();
    let mut methods: Vec<_> = greenroomd::rpc::TABLE
        .iter()
        .map(|(method, _)| method.function())
        .collect();
    methods.sort_unstable();
    assert_eq!(asked, methods);
}
