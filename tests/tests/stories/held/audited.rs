//! Every change there is, made with words that are found again: the audit holds an entry of each,
//! and none of the words.

use std::collections::BTreeSet;

use greenroom::client::Client;
use greenroom_protocol::account::{AccountApprovalAsk, AccountProvider};
use greenroom_protocol::availability::{DayOff, DaysOffAction, DaysOffEdit, MemberHoursSet};
use greenroom_protocol::drift::{CheckQuery, DriftReport, InterviewRepair, OrphanDelete, Repair};
use greenroom_protocol::id::InterviewId;
use greenroom_protocol::insight::InsightNote;
use greenroom_protocol::interview::{
    Interview, InterviewEdit, InterviewNoShow, InterviewRemind, InterviewReplace,
    InterviewReschedule, InterviewUndo, MeetingType, Side,
};
use greenroom_protocol::mail::MailUndo;
use greenroom_protocol::mail::{Mail, MailKind, MailQuery};
use greenroom_protocol::mail_settings::{MailConfigure, MailTestQuery, MailTransport};
use greenroom_protocol::outreach::{OutreachAnswer, OutreachPropose, OutreachStop};
use greenroom_protocol::pipeline::{
    CandidateAdd, CandidateEdit, CandidateEmailMany, CandidateMoveMany, CandidateNote,
    CandidateNoteRemove, CandidateQuery, CandidateState, CandidateStateMany, CandidateView,
    ImportPage, ImportRow, JobEdit, StageAdd, StageConfigure, StateAction, ViewDelete,
};
use greenroom_protocol::received::{ReceivedAccept, ReceivedQuery};
use greenroom_protocol::secret::Opaque;
use greenroom_protocol::setting_up::{SetupSkip, SetupStep};
use greenroom_protocol::template::{TemplateEdit, TemplateName, TemplateQuery};
use greenroom_protocol::workspace::{
    MemberAdd, MemberEdit, MemberLink, Reference, Role, WorkspaceEdit,
};
use greenroom_protocol::zoom::{ApprovalAsk, ConnectStart};
use greenroom_protocol::zoom_test::ZoomTestQuery;
use greenroom_tests::harness::{DANA, add_member, settled, when};
use greenroom_tests::wait::Deadline;

use crate::held::fixture::{EMAIL, Fixture, by_phone, by_zoom, words_in};

/// Calls that change nothing that is stored of a workspace, or nothing for longer than a browser is
/// open.
const READS: &[&str] = &[
    "hello",
    "status",
    "doctor",
    "shutdown",
    "changes",
    "workspace_list",
    "workspace_use",
    "member_list",
    "member_hours",
    "days_off",
    "outreach_list",
    "outreach_get",
    "zoom_status",
    "zoom_list",
    "zoom_test_show",
    "zoom_connect_start",
    "zoom_connect_cancel",
    "account_get",
    "account_list",
    "account_connect_start",
    "account_connect_cancel",
    "job_list",
    "candidate_list",
    "candidate_get",
    "candidate_view_list",
    "interview_list",
    "interview_get",
    "interview_check",
    "interview_invite",
    "drift_list",
    "insight_list",
    "mail_list",
    "mail_settings",
    "mail_discover",
    "mail_get",
    "mail_received",
    "mail_received_get",
    "mail_received_read",
    "busy",
    "reply_report",
    "scheduling_report",
    "audit_list",
    "backup_take",
    "backup_read",
    "backup_forget",
    "restore_begin",
    "restore_part",
    "candidate_export_all",
    "candidate_export",
    "retention_list",
    "slots",
    "explain",
    "time_read",
    "outreach_read",
    "assistant_eval",
    // What comes of a conversation is audited as what it does.
    "conversation_say",
    "conversation_list",
    "calendar_read",
    "feed_list",
    "feed_refresh",
    "company_calendars",
    // A part of a calendar that is read later; nothing is stored.
    "calendar_upload",
    "today",
    "insight_seen",
    "template_list",
    "template_show",
    "template_preview",
    "candidate_view_list",
    "setup_progress",
    // Where email leaves it is audited: `setting_up`.
    "app_guide",
];

/// Calls whose entries other stories look at: `connections::accounts::connecting`,
/// `booking::elsewhere`, `connections::accounts::company`, `outreach::arranging`,
/// `outreach::lines`.
const ELSEWHERE: [&str; 14] = [
    "outreach_move_up",
    "outreach_start",
    "outreach_approve",
    "outreach_edit",
    "outreach_discard",
    "outreach_take_over",
    "outreach_hand_back",
    "account_connect_finish",
    "account_disconnect",
    "feed_add",
    "feed_remove",
    "company_calendars_set",
    "company_calendars_leave_out",
    "company_calendars_refresh",
];

/// Calls whose entry has another name.
fn written_as(method: &str) -> &str {
    match method {
        "restore_finish" => "restore",
        other => other,
    }
}

#[tokio::test]
async fn no_entry_of_any_call_holds_anything_personal() {
    let mut office = Fixture::open().await;
    // A member whose every word is the candidate's: members are people too.
    let member = "xanthippe@quorlhaven.example";
    let dana = office.dana.clone();
    let add = MemberAdd {
        name: "Xanthippe Quorl".into(),
        email: member.into(),
        zoom_email: Some("quorl@acme.example".into()),
        zone: None,
        roles: vec![Role::Recruiter],
        hiring_jobs: Vec::new(),
    };
    dana.member_add(add).await.unwrap();
    let edit = MemberEdit {
        member: member.into(),
        name: Some("Quorl, Xanthippe".into()),
        zoom_email: Some("xanthippe@zoom.example".into()),
        ..MemberEdit::default()
    };
    dana.member_edit(edit).await.unwrap();
    is_away(&dana, member).await;
    let link = MemberLink {
        member: member.into(),
        uid: Some(4711),
        user: None,
    };
    dana.member_link(link.clone()).await.unwrap();
    dana.member_unlink(link).await.unwrap();
    let start = ConnectStart {
        member: Some(member.into()),
        redirect_uri: "http://127.0.0.1:1/callback".into(),
    };
    dana.zoom_connect_start(start).await.unwrap();
    let ask = ApprovalAsk {
        member: Some(member.into()),
        admin: Some("quorl@quorlhaven.example".into()),
        dry_run: false,
    };
    dana.zoom_request_approval(ask).await.unwrap();
    let app = WorkspaceEdit {
        google_client_id: Some("quorl-app".into()),
        google_client_secret: Some(Opaque::new("xanthippe")),
        ..WorkspaceEdit::default()
    };
    dana.workspace_edit(app).await.unwrap();
    let ask = AccountApprovalAsk {
        provider: AccountProvider::Google,
        member: Some(member.into()),
        for_workspace: false,
        admin: Some("quorl@quorlhaven.example".into()),
        dry_run: false,
    };
    dana.account_request_approval(ask).await.unwrap();
    dana.zoom_disconnect(Reference::to(member)).await.unwrap();
    dana.member_remove(Reference::to(member)).await.unwrap();

    let workspace = WorkspaceEdit {
        name: Some("Quorl & Xanthippe".into()),
        zoom_client_secret: Some(Opaque::new("quorl")),
        zoom_client_id: Some("quorl".into()),
        ..WorkspaceEdit::default()
    };
    dana.workspace_add(workspace.clone()).await.unwrap();
    let back = WorkspaceEdit {
        name: Some("Quorl Xanthippe".into()),
        zoom_client_secret: None,
        zoom_client_id: None,
        ..workspace
    };
    dana.workspace_edit(back).await.unwrap();

    let job = JobEdit {
        job: "Designer".into(),
        title: Some("Designer of Quorl".into()),
        ..JobEdit::default()
    };
    dana.job_edit(job).await.unwrap();
    let stage = StageAdd {
        job: "Designer of Quorl".into(),
        name: "Juggler".into(),
        position: None,
    };
    dana.stage_add(stage).await.unwrap();
    let configure = StageConfigure {
        job: Some("Designer of Quorl".into()),
        stage: "Juggler".into(),
        name: Some("Jugglers".into()),
        ..StageConfigure::default()
    };
    dana.stage_configure(configure).await.unwrap();
    office.moves("Jugglers").await;
    let edit = CandidateEdit {
        candidate: EMAIL.into(),
        name: Some("Xanthippe von Quorl".into()),
        email: Some("x@quorlhaven.example".into()),
        phone: Some("+49 171 5550123 ext 1".into()),
        source: Some("another juggler".into()),
        zone: Some("Europe/Berlin".into()),
        apply: Some("Welder".into()),
        ..CandidateEdit::default()
    };
    dana.candidate_edit(edit).await.unwrap();
    let row = CandidateAdd {
        name: "Quorl the Younger".into(),
        email: "younger@quorlhaven.example".into(),
        phone: Some("5550123".into()),
        job: Some("Welder".into()),
        ..CandidateAdd::default()
    };
    let page = ImportPage {
        rows: vec![ImportRow {
            line: 1,
            candidate: row,
        }],
        dry_run: false,
    };
    assert_eq!(dana.candidate_import(page).await.unwrap().added, 1);

    let who = office.quorl.id.to_string();
    let booking = |interview| greenroom_protocol::interview::InterviewNew {
        candidate: who.clone(),
        job: Some("Designer of Quorl".into()),
        ..interview
    };
    let planned = office
        .books(greenroom_protocol::interview::InterviewNew {
            confirm: false,
            ..booking(by_zoom(10))
        })
        .await;
    let id = planned.id.to_string();
    dana.interview_confirm(Reference::to(&id)).await.unwrap();
    settled(&dana, &id).await.unwrap();
    change(&office, &planned).await;
    let called = office.books(booking(by_phone(12))).await;
    let letters = dana.mail_list(MailQuery::default()).await.unwrap().items;
    // What was asked for before may be leaving by now.
    let fresh = letters.iter().find(|it| it.interview == Some(called.id));
    let letter = fresh.unwrap().id.to_string();
    dana.mail_retry(Reference::to(letter)).await.unwrap();
    accept(&office, &letters, called.id).await;
    dana.interview_cancel(Reference::to(&id).into())
        .await
        .unwrap();
    settled(&dana, &id).await.unwrap();
    let backup = office.daemon.take_backup(&dana).await.unwrap();
    // A backup knows nothing of this one: its meeting is a stray.
    let forgotten = office.books(booking(by_zoom(14))).await;
    settled(&dana, &forgotten.id.to_string()).await.unwrap();
    office.daemon.restore(&dana, &backup).await.unwrap();
    let dana = office
        .daemon
        .client(greenroom_tests::test_daemon::OWNER)
        .await
        .unwrap();
    // What waited in the backup is held now.
    let held = dana.mail_list(MailQuery::default()).await.unwrap().items;
    let held = Reference::to(held[0].id.to_string());
    dana.mail_drop(held).await.unwrap();
    let strays = checked(&dana).await.orphans;
    let delete = OrphanDelete {
        orphan: strays[0].id.clone(),
        dry_run: false,
    };
    dana.orphan_delete(delete).await.unwrap();
    office.daemon.seconds_pass(30 * 3600);
    mark(&dana, &called).await;
    tell_again(&office, &dana).await;
    dana.zoom_test(ZoomTestQuery::default()).await.unwrap();
    let files = MailConfigure {
        transport: Some(MailTransport::Maildir),
        ..MailConfigure::default()
    };
    dana.mail_configure(files).await.unwrap();
    let test = MailTestQuery {
        start: true,
        dry_run: false,
    };
    dana.mail_test(test).await.unwrap();
    writes_and_turns_down(&dana, &who).await;
    dana.zoom_disconnect(Reference::to(DANA)).await.unwrap();
    dana.candidate_erase(Reference::to(&who)).await.unwrap();

    let mut calls = BTreeSet::new();
    for (key, body) in office.daemon.rows().await.unwrap() {
        if !key.contains("/audit/") {
            continue;
        }
        assert_eq!(
            words_in(&body),
            Vec::<&str>::new(),
            "{}",
            String::from_utf8_lossy(&body)
        );
        // A schema number stands before the JSON.
        let entry: serde_json::Value = serde_json::from_slice(&body[4..]).unwrap();
        calls.insert(entry["call"].as_str().unwrap().to_owned());
    }
    let missing: Vec<_> = greenroomd::rpc::TABLE
        .iter()
        .map(|(method, _)| method.function())
        .filter(|method| !READS.contains(method) && !ELSEWHERE.contains(method))
        .filter(|method| !calls.contains(written_as(method)))
        .collect();
    assert!(
        missing.is_empty(),
        "calls that change something belong into this story, others into READS: {missing:?}"
    );
}

/// Somebody's hours, and why they are away.
async fn is_away(dana: &Client, member: &str) {
    let hours = MemberHoursSet {
        member: Some(member.into()),
        cap_day: Some(3),
        ..MemberHoursSet::default()
    };
    dana.member_hours_set(hours).await.unwrap();
    let break_ = DaysOffEdit {
        days_off: "Quorl juggles in Xanthippe's name".into(),
        action: DaysOffAction::Add,
        days: vec![DayOff {
            date: "2026-12-24".parse().unwrap(),
            label: Some("Quorl's day".into()),
        }],
        members: Some(vec![member.into()]),
        expected_revision: None,
        dry_run: false,
    };
    dana.days_off_edit(break_).await.unwrap();
}

/// Notes, emails and every change of state, alone and with others.
async fn writes_and_turns_down(dana: &Client, who: &str) {
    let note = CandidateNote {
        candidate: who.into(),
        text: Some("Quorl juggles".into()),
        link: Some("https://quorlhaven.example/xanthippe".into()),
        ..CandidateNote::default()
    };
    let note = dana.candidate_note(note).await.unwrap();
    let removal = CandidateNoteRemove {
        candidate: who.into(),
        note: note.id.to_string(),
        expected_edition: None,
    };
    dana.candidate_note_remove(removal).await.unwrap();
    let view = CandidateView {
        name: "Jugglers like Quorl".into(),
        query: CandidateQuery {
            text: "xanthippe".into(),
            ..CandidateQuery::default()
        },
    };
    let name = dana.candidate_view_save(view).await.unwrap().name;
    dana.candidate_view_delete(ViewDelete { name })
        .await
        .unwrap();
    let skip = SetupSkip {
        step: SetupStep::Email,
        undo: false,
    };
    dana.setup_skip(skip).await.unwrap();
    let welder = || Some("Welder".to_owned());
    let email = CandidateEmailMany {
        candidates: vec![who.into()],
        job: welder(),
        subject: Some("Quorl".into()),
        text: Some("Dear Xanthippe".into()),
        ..CandidateEmailMany::default()
    };
    let sent = dana.candidate_email_many(email).await.unwrap();
    let mail = sent.items[0].done.as_ref().unwrap().email.unwrap();
    let undo = MailUndo {
        mails: vec![mail.to_string()],
        dry_run: false,
    };
    assert_eq!(dana.mail_undo(undo).await.unwrap().undone, 1);
    let moves = CandidateMoveMany {
        candidates: vec![who.into()],
        job: welder(),
        stage: "Onsite".into(),
        undo: false,
        dry_run: false,
    };
    assert_eq!(dana.candidate_move_many(moves).await.unwrap().changed, 1);
    proposes(dana, who).await;
    let reject = CandidateState {
        job: welder(),
        reason: Some("Quorl is a juggler".into()),
        email: true,
        ..CandidateState::new(who, StateAction::Reject)
    };
    dana.candidate_state(reject).await.unwrap();
    let reopen = CandidateStateMany {
        candidates: vec![who.into()],
        job: welder(),
        action: StateAction::Reopen,
        reason: Some("Quorl again".into()),
        email: false,
        cancel_interviews: false,
        dry_run: false,
    };
    assert_eq!(dana.candidate_state_many(reopen).await.unwrap().changed, 1);
    let words = TemplateEdit {
        template: TemplateQuery {
            name: TemplateName::Rejected,
            stage: None,
            job: None,
        },
        subject: Some("Quorl".into()),
        text: Some("Dear Quorl Xanthippe".into()),
        ..TemplateEdit::default()
    };
    dana.template_edit(words).await.unwrap();
}

/// Times are proposed and stopped; and again, and one is booked.
async fn proposes(dana: &Client, who: &str) {
    let propose = OutreachPropose {
        candidate: who.into(),
        job: Some("Welder".into()),
        kind: MeetingType::Phone,
        details: Some("+49 171 5550123, ask for Quorl".into()),
        slots: vec!["2026-12-10T10:00:00Z".into(), "2026-12-11T10:00:00Z".into()],
        idempotency_key: Some("quorl".into()),
        ..OutreachPropose::default()
    };
    let proposed = dana.outreach_propose(propose.clone()).await.unwrap();
    let the = |id: greenroom_protocol::id::OutreachId| Reference::to(id.to_string());
    let stop = OutreachStop {
        outreach: the(proposed.outreach.id),
        tell: Some(true),
    };
    dana.outreach_stop(stop).await.unwrap();
    let again = OutreachPropose {
        idempotency_key: None,
        ..propose
    };
    let proposed = dana.outreach_propose(again).await.unwrap();
    let answer = OutreachAnswer {
        outreach: the(proposed.outreach.id),
        n: 2,
    };
    let booked = dana.outreach_answer(answer).await.unwrap().interview;
    let which = Reference::to(booked.id.to_string());
    dana.interview_cancel(which.into()).await.unwrap();
}

/// A reply comes from another address, and is accepted.
async fn accept(office: &Fixture, letters: &[Mail], interview: InterviewId) {
    let about = |it: &&Mail| it.interview == Some(interview);
    let letter = letters.iter().find(about).unwrap();
    let text = format!(
        "From: Quorl <xanthippe@elsewhere.example>\nIn-Reply-To: <{}>\nSubject: Quorl\n\nQuorl\n",
        letter.message_id
    );
    office.daemon.mail().answer("quorl", &text).unwrap();
    office.daemon.hears_answers().await.unwrap();
    let received = office.dana.mail_received(ReceivedQuery::default()).await;
    let reply = received.unwrap().items[0].id.to_string();
    let accept = ReceivedAccept {
        mail: Reference::to(reply),
        attendee: None,
        remember: true,
    };
    office.dana.mail_received_accept(accept).await.unwrap();
}

/// An interview is changed in every way there is before it is held.
async fn change(office: &Fixture, interview: &Interview) {
    let dana = &office.dana;
    let which = || Reference::to(interview.id.to_string());
    let reschedule = InterviewReschedule {
        start_shown: None,
        locale: None,
        interview: which(),
        start: "2026-12-01T15:00:00Z".into(),
        zone: None,
        duration_minutes: None,
        by: Side::Candidate,
        reason: Some("Quorl has another juggler at ten".into()),
        refuse_advice: false,
    };
    dana.interview_reschedule(reschedule).await.unwrap();
    let edit = InterviewEdit {
        kind: Some(MeetingType::Phone),
        details: Some("+49 171 5550123, ask for Xanthippe".into()),
        ..InterviewEdit::from(which())
    };
    let change = dana.interview_edit(edit).await.unwrap().interview.change;
    let undo = InterviewUndo {
        interview: which(),
        change,
        unsent: false,
    };
    dana.interview_undo(undo).await.unwrap();
    // The former meeting may still be there, to be deleted.
    let again = settled(dana, &interview.id.to_string()).await.unwrap();
    let meeting = again.meeting.meeting_id.unwrap().parse().unwrap();
    let moved = "2026-12-01T16:00:00Z".parse().unwrap();
    office.daemon.zoom.move_meeting(meeting, moved).unwrap();
    assert_eq!(checked(dana).await.interviews.len(), 1);
    let repair = InterviewRepair {
        interview: which(),
        repair: Repair::Adopt,
    };
    dana.interview_repair(repair).await.unwrap();
    settled(dana, &interview.id.to_string()).await.unwrap();
    replace(office, which).await;
}

/// A colleague takes Dana's place, is reminded, and gives it back.
async fn replace(office: &Fixture, which: impl Fn() -> Reference) {
    const JOY: &str = "joy.quorl@acme.example";
    let dana = &office.dana;
    add_member(dana, "Joy Quorl", JOY, &[Role::Interviewer])
        .await
        .unwrap();
    let replaces = |from: &str, to: &str| InterviewReplace {
        interview: which(),
        from: from.into(),
        to: Some(to.into()),
    };
    let replaced = dana.interview_replace(replaces(DANA, JOY)).await.unwrap();
    office.daemon.seconds_pass(10);
    let id = replaced.interview.id.to_string();
    let invited = |it: &Interview| {
        let mut all = it.attendees.iter();
        all.any(|it| it.email == JOY && it.silent_since.is_some())
    };
    when(dana, &id, invited).await.unwrap();
    let remind = InterviewRemind {
        interview: which(),
        to: JOY.into(),
    };
    dana.interview_remind(remind).await.unwrap();
    dana.interview_replace(replaces(JOY, DANA)).await.unwrap();
    settled(dana, &id).await.unwrap();
}

/// What is said of an interview afterwards.
async fn mark(dana: &Client, interview: &Interview) {
    let which = || Reference::to(interview.id.to_string());
    dana.interview_complete(which()).await.unwrap();
    let absent = InterviewNoShow {
        interview: which(),
        absent: Vec::new(),
    };
    dana.interview_no_show(absent).await.unwrap();
    let note = InsightNote {
        interview: which(),
        notes: "Xanthippe Quorl juggles.".into(),
    };
    dana.insight_note(note).await.unwrap();
}

async fn checked(dana: &Client) -> DriftReport {
    let mut report = dana.interview_check(CheckQuery::default()).await.unwrap();
    let deadline = Deadline::here();
    while report.hosts.iter().any(|host| host.running) {
        deadline.check();
        tokio::task::yield_now().await;
        report = dana.drift_list().await.unwrap();
    }
    report
}

/// Zoom ends Dana's grant; she is emailed, and again an hour later.
async fn tell_again(office: &Fixture, dana: &Client) {
    let daemon = &office.daemon;
    daemon.zoom.end_grants(DANA).unwrap();
    daemon.seconds_pass(2 * 24 * 3600);
    daemon.tend().await.unwrap();
    let noticed = MailQuery {
        past: true,
        ..MailQuery::default()
    };
    let notice = |mail: &Mail| mail.kind == MailKind::ConnectionNotice;
    // Anyone else who wants her keys meanwhile may be the one who finds out.
    while !dana
        .mail_list(noticed.clone())
        .await
        .unwrap()
        .items
        .iter()
        .any(notice)
    {
        daemon.tend().await.unwrap();
        daemon.seconds_pass(60);
    }
    daemon.seconds_pass(60 * 60);
    dana.zoom_tell(Reference::to(DANA)).await.unwrap();
}
