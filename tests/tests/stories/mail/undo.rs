//! Until an email leaves, what led to it can be undone: which method leads to emails, how each is
//! undone, and that nobody is emailed then.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::id::MailId;
use greenroom_protocol::interview::{
    AttendeeState, EMAILS_HAVE_GONE_OUT, Interview, InterviewRemind, InterviewReschedule,
    InterviewUndo, Side,
};
use greenroom_protocol::mail::{MailQuery, MailUndo, MailUndone};
use greenroom_protocol::pipeline::{CandidateEdit, CandidateEmailMany};
use greenroom_protocol::workspace::{Reference, Role};
use greenroom_protocol::zoom::{ApprovalAsk, ConnectStart, ConnectionQuery, ConnectionState};
use greenroom_tests::harness::{DANA, add_member};
use greenroom_tests::sandbox::Config;
use greenroom_tests::test_daemon::{OWNER, TestDaemon};

use crate::mail::fixture::{ANA, Fixture, SAM, UNDO, everybody};

/// What undoes the emails of a method.
enum By {
    /// The change they are about is undone: `interview_undo`, until the first email has left for a
    /// booking or a confirmation, and later only with a yes to emailing everyone again.
    InterviewUndo,
    /// The change of state is undone, until the candidate is emailed.
    StateUndo,
    /// They were asked for alone: `mail_undo`.
    MailUndo,
    /// One or the other of these, by what it did.
    Either(&'static [By]),
    /// Nothing, and why not.
    Nothing(&'static str),
}

/// Every method that leads to emails, and what undoes it until they leave. What the daemon sends on
/// its own, such as reminders when they are due, is nobody's change.
const EMAILS: &[(&str, By)] = &[
    ("interview_new", By::InterviewUndo),
    // Confirmed once more, those whom no email reached are invited again.
    (
        "interview_confirm",
        By::Either(&[By::InterviewUndo, By::MailUndo]),
    ),
    ("interview_cancel", By::InterviewUndo),
    ("interview_reschedule", By::InterviewUndo),
    ("interview_edit", By::InterviewUndo),
    ("interview_replace", By::InterviewUndo),
    // Zoom's time taken over is a change; a meeting made anew has nothing to go back to.
    (
        "interview_repair",
        By::Either(&[
            By::InterviewUndo,
            By::Nothing("the meeting before it is gone at Zoom"),
        ]),
    ),
    ("interview_undo", By::InterviewUndo),
    ("interview_remind", By::MailUndo),
    // A decline that counts now may have somebody replaced, which is a change of the daemon's.
    ("mail_received_accept", By::InterviewUndo),
    ("candidate_state", By::StateUndo),
    ("candidate_state_many", By::StateUndo),
    ("candidate_email_many", By::MailUndo),
    // What bounced is a new email; what was refused is the one of an earlier change.
    (
        "mail_retry",
        By::Either(&[
            By::MailUndo,
            By::Nothing("it was asked for before, and is tried at once"),
        ]),
    ),
    ("outreach_propose", By::MailUndo),
    ("outreach_stop", By::MailUndo),
    ("outreach_answer", By::InterviewUndo),
    ("conversation_say", By::InterviewUndo),
    ("outreach_approve", By::MailUndo),
    (
        "outreach_start",
        By::Nothing("what the assistant sends on its own is stopped with the outreach"),
    ),
    (
        "outreach_move_up",
        By::Nothing("what the assistant sends on its own is stopped with the outreach"),
    ),
    (
        "outreach_hand_back",
        By::Nothing("what the assistant sends on its own is stopped with the outreach"),
    ),
    ("zoom_tell", By::MailUndo),
    ("app_guide", By::MailUndo),
    ("zoom_request_approval", By::MailUndo),
    ("account_request_approval", By::MailUndo),
    (
        "account_connect_finish",
        By::Nothing("those who wait are notified that the app is approved, which stays so"),
    ),
    (
        "zoom_connect_finish",
        By::Nothing("those who wait are notified that the app is approved, which stays so"),
    ),
];

/// Every other method.
const NONE: &str = "
    audit_list backup_forget backup_read backup_take busy candidate_add candidate_edit \
    candidate_erase candidate_export candidate_export_all candidate_get candidate_import \
    candidate_list candidate_move candidate_move_many candidate_note \
    candidate_note_remove candidate_view_delete candidate_view_list candidate_view_save \
    changes conversation_list doctor drift_list explain hello insight_list insight_note insight_seen \
    interview_check interview_complete interview_get interview_invite interview_list \
    interview_no_show job_add job_edit job_list mail_drop mail_get mail_list \
    mail_received mail_received_get mail_received_read mail_undo member_add member_edit \
    member_link member_list member_remove member_unlink orphan_delete reply_report \
    restore_begin restore_finish restore_part retention_list setup shutdown slots \
    stage_add stage_configure status template_edit template_list template_preview \
    template_show time_read today workspace_add workspace_edit workspace_list \
    workspace_use zoom_connect_cancel zoom_connect_start zoom_disconnect zoom_list \
    zoom_status zoom_test zoom_test_show setup_progress setup_skip account_get account_list \
    account_connect_start account_connect_cancel account_disconnect mail_settings \
    mail_configure mail_discover mail_test calendar_read calendar_upload \
    member_hours member_hours_set days_off days_off_edit \
    feed_add feed_list feed_refresh feed_remove company_calendars company_calendars_set \
    company_calendars_leave_out company_calendars_refresh outreach_list outreach_get \
     outreach_read assistant_eval outreach_discard outreach_take_over scheduling_report outreach_edit
";

#[test]
fn every_method_that_leads_to_emails_says_how_it_is_undone() {
    let emails = EMAILS.iter().map(|(method, _)| *method);
    let mut listed: Vec<_> = emails.chain(NONE.split_whitespace()).collect();
    listed.sort_unstable();
    let mut methods: Vec<_> = greenroomd::rpc::TABLE
        .iter()
        .map(|(method, _)| method.function())
        .collect();
    methods.sort_unstable();
    assert_eq!(
        listed, methods,
        "a new method belongs into one of the lists"
    );
    let undoing = |by: &By| match by {
        By::InterviewUndo => vec!["interview_undo"],
        By::StateUndo => vec!["candidate_state"],
        By::MailUndo => vec!["mail_undo"],
        By::Either(_) => Vec::new(),
        By::Nothing(why) => {
            assert!(!why.is_empty());
            Vec::new()
        }
    };
    for (method, by) in EMAILS {
        let all = match by {
            By::Either(all) => all.iter().flat_map(undoing).collect(),
            one => undoing(one),
        };
        assert!(
            all.iter().all(|it| methods.contains(it)),
            "{method}: {all:?}"
        );
    }
}

impl Fixture {
    async fn undoes(&self, mails: &[MailId]) -> MailUndone {
        let mails = mails.iter().map(ToString::to_string).collect();
        let undo = MailUndo {
            mails,
            dry_run: false,
        };
        self.dana.mail_undo(undo).await.unwrap()
    }

    /// How many emails have left, once everything that is due has.
    async fn have_left(&self) -> usize {
        self.daemon.seconds_pass(UNDO);
        self.daemon.rests().await.unwrap();
        self.mail().letters().unwrap().len()
    }

    /// What waits only to be undone, as the countdown counts it.
    async fn leaving(&self) -> Vec<MailId> {
        let query = MailQuery {
            leaving: true,
            ..MailQuery::default()
        };
        let page = self.dana.mail_list(query).await.unwrap();
        page.items.into_iter().map(|it| it.id).collect()
    }
}

fn writes() -> CandidateEmailMany {
    CandidateEmailMany {
        candidates: vec![ANA.into()],
        subject: Some("A question".into()),
        text: Some("When could you start?".into()),
        ..CandidateEmailMany::default()
    }
}

#[tokio::test]
async fn emails_to_several_are_undone_until_they_leave_and_then_said_to_be_gone() {
    let room = Fixture::open().await;
    let sent = room.dana.candidate_email_many(writes()).await.unwrap();
    let mail = sent.items[0].done.as_ref().unwrap().email.unwrap();
    assert_eq!(room.leaving().await, [mail]);
    let dry = MailUndo {
        mails: vec![mail.to_string()],
        dry_run: true,
    };
    assert_eq!(room.dana.mail_undo(dry).await.unwrap().undone, 1);
    assert_eq!(room.leaving().await, [mail], "a dry run undoes nothing");
    assert_eq!(room.undoes(&[mail]).await.undone, 1);
    // Once more, as after a lost answer.
    assert_eq!(room.undoes(&[mail]).await.undone, 1);
    assert_eq!(room.have_left().await, 0);

    // Undone, the same can be sent again; and one that has left keeps none of the others.
    let first = room.dana.candidate_email_many(writes()).await.unwrap();
    assert_eq!(first.changed, 1);
    let first = first.items[0].done.as_ref().unwrap().email.unwrap();
    assert_eq!(room.have_left().await, 1);
    let other = CandidateEmailMany {
        subject: Some("Another question".into()),
        ..writes()
    };
    let second = room.dana.candidate_email_many(other).await.unwrap();
    let second = second.items[0].done.as_ref().unwrap().email.unwrap();
    let done = room.undoes(&[first, second]).await;
    assert_eq!(done.undone, 1);
    let gone = done.items[0].error.as_ref().unwrap();
    assert_eq!(gone.kind, ErrorKind::Conflict);
    assert_eq!(gone.message, EMAILS_HAVE_GONE_OUT);
    assert_eq!(room.have_left().await, 1);
}

#[tokio::test]
async fn an_email_is_undone_by_who_asked_for_it_and_no_email_of_a_change_is_undone_alone() {
    const KIM: &str = "kim.park@acme.example";
    let room = Fixture::open().await;
    let interview = room.calls().await;
    let invitation = interview.attendees[0].mail;
    let refused = room.undoes(&[invitation]).await;
    let error = refused.items[0].error.as_ref().unwrap();
    assert_eq!((refused.undone, error.kind), (0, ErrorKind::NotFound));
    assert_eq!(room.have_left().await, 2);

    add_member(&room.dana, "Kim Park", KIM, &[Role::Interviewer])
        .await
        .unwrap();
    let kim = room.daemon.client_as(OWNER, KIM).await.unwrap();
    let sent = room.dana.candidate_email_many(writes()).await.unwrap();
    let mail = sent.items[0].done.as_ref().unwrap().email.unwrap();
    let undo = MailUndo {
        mails: vec![mail.to_string()],
        dry_run: false,
    };
    let refused = kim.mail_undo(undo).await.unwrap();
    let error = refused.items[0].error.as_ref().unwrap();
    assert_eq!((refused.undone, error.kind), (0, ErrorKind::NotFound));
    assert_eq!(room.have_left().await, 3);
}

#[tokio::test]
async fn a_reminder_is_undone_and_the_interviewer_counts_as_not_reminded() {
    let room = Fixture::open().await;
    let (interview, ..) = room.invited().await;
    let remind = || InterviewRemind {
        interview: Reference::to(interview.id.to_string()),
        to: SAM.into(),
    };
    let sam = |it: &Interview| {
        let sam = it.attendees.iter().find(|it| it.email == SAM).unwrap();
        (sam.reminded_at.is_some(), sam.reminder)
    };
    let reminded = room.dana.interview_remind(remind()).await.unwrap();
    let (was, mail) = sam(&reminded);
    let mail = mail.expect("the reminder");
    assert!(was);
    assert_eq!(room.leaving().await, [mail]);
    assert_eq!(room.undoes(&[mail]).await.undone, 1);
    assert_eq!(sam(&room.show(&interview).await), (false, None));
    assert_eq!(room.have_left().await, 2);
    // They can be reminded at once.
    room.dana.interview_remind(remind()).await.unwrap();
    assert_eq!(room.have_left().await, 3);
    let soon = room.dana.interview_remind(remind()).await.unwrap_err();
    assert!(soon.message.contains("less than an hour ago"), "{soon:?}");
}

/// Zoom ends Dana's grant, and the daemon's own email about it has left an hour ago.
async fn loses_her_grant() -> Fixture {
    let room = Fixture::open().await;
    greenroom_tests::harness::connect_zoom(&room.dana, DANA)
        .await
        .unwrap();
    room.daemon.zoom.end_grants(DANA).unwrap();
    room.daemon.seconds_pass(2 * 24 * 3600);
    room.daemon.tend().await.unwrap();
    let deadline = greenroom_tests::wait::Deadline::here();
    while room.mail().to(DANA).unwrap().is_empty() {
        deadline.check();
        room.daemon.seconds_pass(UNDO);
        room.daemon.rests().await.unwrap();
    }
    room.daemon.seconds_pass(60 * 60);
    room
}

#[tokio::test]
async fn telling_a_colleague_to_reconnect_is_undone_and_can_be_asked_for_again() {
    let room = loses_her_grant().await;
    let before = room.mail().letters().unwrap().len();
    let told = room.dana.zoom_tell(Reference::to(DANA)).await.unwrap();
    let mail = told.mail.unwrap();
    assert_eq!(room.leaving().await, [mail]);
    assert_eq!(room.undoes(&[mail]).await.undone, 1);
    assert_eq!(room.have_left().await, before);
    let again = room.dana.zoom_tell(Reference::to(DANA)).await.unwrap();
    assert!(!again.repeated && again.mail != Some(mail));
    assert_eq!(room.have_left().await, before + 1);
}

#[tokio::test]
async fn a_request_to_the_zoom_admin_is_undone_with_the_wait_for_it() {
    let config = Config::needing_approval();
    let daemon = TestDaemon::builder().zoom(config).transport("sandbox");
    let daemon = daemon.bare().await.unwrap();
    let (dana, _) = daemon.set_up().await.unwrap();
    let start = ConnectStart {
        member: None,
        redirect_uri: "http://127.0.0.1:1/callback".into(),
    };
    dana.zoom_connect_start(start).await.unwrap();
    let ask = || ApprovalAsk {
        member: None,
        admin: Some("it@acme.example".into()),
        dry_run: false,
    };
    let stands = async || {
        let query = ConnectionQuery { member: None };
        dana.zoom_status(query).await.unwrap().state
    };
    let waits = ConnectionState::PreApprovalRequested;
    let undoes = async |mail: MailId| {
        let undo = MailUndo {
            mails: vec![mail.to_string()],
            dry_run: false,
        };
        dana.mail_undo(undo).await.unwrap().undone
    };
    let asked = dana.zoom_request_approval(ask()).await.unwrap();
    assert_eq!(stands().await, waits);
    // Asked again at once it is the same email, which the first call undoes.
    let again = dana.zoom_request_approval(ask()).await.unwrap();
    assert_eq!(again.mail, None);
    assert_eq!(undoes(asked.mail.unwrap()).await, 1);
    assert_ne!(stands().await, waits, "nobody was asked");
    daemon.seconds_pass(UNDO);
    daemon.rests().await.unwrap();
    assert!(daemon.mail().letters().unwrap().is_empty());

    // A second request, undone: the first one is still waited for.
    dana.zoom_request_approval(ask()).await.unwrap();
    daemon.seconds_pass(UNDO);
    daemon.rests().await.unwrap();
    assert_eq!(daemon.mail().letters().unwrap().len(), 1);
    let second = dana.zoom_request_approval(ask()).await.unwrap();
    assert_eq!(undoes(second.mail.unwrap()).await, 1);
    assert_eq!(stands().await, waits);
}

#[tokio::test]
async fn an_invitation_once_more_is_undone_and_can_be_asked_for_again() {
    let room = Fixture::open().await;
    let (interview, ana, _) = room.invited().await;
    room.gets("bounce", &ana.bounce()).await;
    let lives_at = CandidateEdit {
        candidate: ANA.into(),
        email: Some("ana.lima@elsewhere.example".into()),
        ..CandidateEdit::default()
    };
    room.dana.candidate_edit(lives_at).await.unwrap();
    let confirm = || Reference::to(interview.id.to_string());
    let confirmed = room.dana.interview_confirm(confirm()).await.unwrap();
    assert_eq!(room.leaving().await, confirmed.emails);
    assert_eq!(room.undoes(&confirmed.emails).await.undone, 1);
    let shown = room.show(&interview).await;
    assert_eq!(shown.attendees[0].state, AttendeeState::Unreached);
    assert_eq!(room.have_left().await, 2);

    // Sent again from the list of emails, it is undone in the same way.
    let again = room
        .dana
        .mail_retry(Reference::to(ana_id(&room, &ana).await));
    let again = again.await.unwrap();
    assert!(again.alone, "{again:?}");
    assert_eq!(room.undoes(&[again.id]).await.undone, 1);
    room.dana.interview_confirm(confirm()).await.unwrap();
    assert_eq!(room.have_left().await, 3);
    room.when(&interview, everybody(AttendeeState::Invited))
        .await;
}

/// The first invitation of Ana, as the list of what has left names it.
async fn ana_id(room: &Fixture, ana: &greenroom_tests::post::Found) -> String {
    let query = MailQuery {
        past: true,
        ..MailQuery::default()
    };
    let page = room.dana.mail_list(query).await.unwrap();
    let mut items = page.items.into_iter();
    let found = items.find(|it| ana.message_id.contains(&it.message_id));
    found.unwrap().id.to_string()
}

#[tokio::test]
async fn a_move_that_people_know_of_is_undone_only_by_emailing_them_again() {
    let room = Fixture::open().await;
    let (interview, ..) = room.invited().await;
    let moves = async |start: &str| {
        let to = InterviewReschedule {
            interview: Reference::to(interview.id.to_string()),
            start: start.into(),
            start_shown: None,
            locale: None,
            zone: None,
            duration_minutes: None,
            by: Side::Us,
            reason: None,
            refuse_advice: false,
        };
        room.dana.interview_reschedule(to).await.unwrap().interview
    };
    let undo = |change: u32, unsent: bool| InterviewUndo {
        interview: Reference::to(interview.id.to_string()),
        change,
        unsent,
    };
    // In time nobody notices.
    let moved = moves("2026-12-01T11:00:00Z").await;
    let undone = room.dana.interview_undo(undo(moved.change, true)).await;
    let undone = undone.unwrap().interview;
    assert_eq!(undone.start, interview.start);
    assert_eq!(room.have_left().await, 2);

    let moved = moves("2026-12-01T12:00:00Z").await;
    assert_eq!(room.have_left().await, 4);
    let refused = room.dana.interview_undo(undo(moved.change, true)).await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.message, EMAILS_HAVE_GONE_OUT);
    assert_eq!(refused.field.as_deref(), Some("unsent"));
    assert_eq!(room.show(&interview).await.start, moved.start);
    assert_eq!(room.have_left().await, 4);
    // Without the field it is as it always was, which scripts rely on.
    let undone = room.dana.interview_undo(undo(moved.change, false)).await;
    assert_eq!(undone.unwrap().interview.start, interview.start);
    assert_eq!(room.have_left().await, 6);
}
