//! Interviewers who do not reply, or decline: reminded, told to the organizer, replaced.

use greenroom_protocol::edit::Edit;
use greenroom_protocol::id::MemberId;
use greenroom_protocol::interview::{
    Attendee, AttendeeState, Interview, InterviewRemind, InterviewReplace, InterviewUndo,
    ReplyFigures, ReplyQuery,
};
use greenroom_protocol::pipeline::{PanelGroup, PanelRule, StageConfigure, StageInterviewChange};
use greenroom_protocol::workspace::{Reference, Role, WorkspaceEdit};
use greenroom_protocol::{Error, ErrorKind};
use greenroom_tests::harness::DANA;
use greenroom_tests::post::Found;
use greenroom_tests::test_daemon::{Story, TestDaemon};
use greenroom_tests::wait::Deadline;

use super::fixture::{ANA, SAM, TEN, UNDO, by_phone};

const MINA: &str = "mina.okafor@acme.example";
const LENA: &str = "lena.bauer@acme.example";
const KOFI: &str = "kofi.mensah@acme.example";
const OMAR: &str = "omar.haddad@acme.example";

const PEOPLE: [(&str, &str); 5] = [
    ("Sam Ito", SAM),
    ("Mina Okafor", MINA),
    ("Lena Bauer", LENA),
    ("Kofi Mensah", KOFI),
    ("Omar Haddad", OMAR),
];

/// Thursday of the week after.
const FAR: &str = "2026-12-10T10:00:00Z";

const DAY: i64 = 24 * 60 * 60;

struct Office {
    story: Story,
    people: Vec<(String, MemberId)>,
}

impl Office {
    /// Sam and four others are each "one of" whom interviews of the first stage are with.
    async fn open() -> Self {
        let mut builder = TestDaemon::builder();
        for (name, email) in PEOPLE {
            builder = builder.member(name, email, &[Role::Interviewer]);
        }
        let builder = builder.job("Designer");
        let builder = builder.candidate("Ana Lima", ANA, "Designer");
        let story = builder.open().await.unwrap();
        let members = story.dana.member_list().await.unwrap().items;
        let people = members.into_iter().map(|it| (it.email, it.id)).collect();
        let office = Self { story, people };
        let everyone: Vec<_> = PEOPLE.iter().map(|it| it.1).collect();
        office.one_of(&everyone).await;
        office
    }

    fn id(&self, email: &str) -> MemberId {
        self.people.iter().find(|it| it.0 == email).unwrap().1
    }

    async fn one_of(&self, members: &[&str]) {
        let group = PanelGroup {
            rule: PanelRule::AnyOf,
            members: members.iter().map(|email| self.id(email)).collect(),
        };
        let stage = StageConfigure {
            job: Some("Designer".into()),
            stage: "Applied".into(),
            change: Some(StageInterviewChange {
                panel: Edit::Set(vec![group]),
                ..StageInterviewChange::default()
            }),
            ..StageConfigure::default()
        };
        self.story.dana.stage_configure(stage).await.unwrap();
    }

    /// Booked by phone with Sam, and everybody has their invitation.
    async fn invited(&self, start: &str) -> Interview {
        let mut interview = by_phone();
        interview.start = start.into();
        let booked = self.story.books(interview).await;
        self.time_passes(UNDO);
        self.is(&booked, SAM, AttendeeState::Invited).await
    }

    fn time_passes(&self, seconds: i64) {
        self.story.daemon.seconds_pass(seconds);
    }

    async fn is(&self, interview: &Interview, email: &str, state: AttendeeState) -> Interview {
        let so = |it: &Interview| of(it, email).is_some_and(|it| it.state == state);
        self.story.when(interview, so).await
    }

    /// The emails to somebody whose subject has this, once there are so many.
    async fn emails(&self, to: &str, subject: &str, count: usize) -> Vec<Found> {
        let deadline = Deadline::new("the emails have left");
        loop {
            deadline.check();
            let mut found = self.story.mail().to(to).unwrap();
            found.retain(|it| it.subject.contains(subject));
            if found.len() >= count {
                assert_eq!(found.len(), count, "{subject} to {to}");
                return found;
            }
            tokio::task::yield_now().await;
        }
    }

    async fn none(&self, to: &str, subject: &str) {
        self.story.daemon.rests().await.unwrap();
        let found = self.story.mail().to(to).unwrap();
        let found = found.iter().filter(|it| it.subject.contains(subject));
        assert_eq!(found.count(), 0, "{subject} to {to}");
    }

    /// Their calendar answers the newest invitation.
    async fn answers(&self, email: &str, partstat: &str) {
        let mut found = self.story.mail().to(email).unwrap();
        found.retain(|it| it.method() == Some("REQUEST"));
        let reply = found.last().unwrap().reply(partstat, &stamp(&self.story));
        let name = format!("{email}.{partstat}.{}", self.story.daemon.now());
        self.story.mail().answer(&name, &reply).unwrap();
        self.story.daemon.hears_answers().await.unwrap();
    }

    async fn replaces(
        &self,
        interview: &Interview,
        from: &str,
        to: Option<&str>,
    ) -> Result<Interview, Error> {
        let request = InterviewReplace {
            interview: Reference::to(interview.id.to_string()),
            from: from.into(),
            to: to.map(str::to_owned),
        };
        let outcome = self.story.dana.interview_replace(request).await;
        outcome.map(|it| it.interview)
    }

    async fn reminds(&self, interview: &Interview, to: &str) -> Result<Interview, Error> {
        let request = InterviewRemind {
            interview: Reference::to(interview.id.to_string()),
            to: to.into(),
        };
        self.story.dana.interview_remind(request).await
    }

    async fn figures(&self, email: &str) -> Option<ReplyFigures> {
        let report = self
            .story
            .dana
            .reply_report(ReplyQuery::default())
            .await
            .unwrap();
        let mut found = report.interviewers.into_iter();
        found.find(|it| it.member.email == email)
    }
}

fn of<'a>(interview: &'a Interview, email: &str) -> Option<&'a Attendee> {
    interview.attendees.iter().find(|it| it.email == email)
}

fn with(interview: &Interview) -> Vec<&str> {
    interview
        .interviewers
        .iter()
        .map(|it| it.email.as_str())
        .collect()
}

fn stamp(story: &Story) -> String {
    let now = story.daemon.now().timestamp();
    now.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A day, a reminder, a day, the organizer: once each, and one action replaces them.
#[tokio::test]
async fn who_does_not_reply_is_reminded_then_the_organizer_reads_it_and_replaces_them() {
    let office = Office::open().await;
    office.one_of(&[SAM, MINA]).await;
    let interview = office.invited(FAR).await;
    let silent = of(&interview, SAM).unwrap();
    assert_eq!(silent.member, Some(office.id(SAM)));
    assert!(silent.silent_since.is_some() && silent.reminded_at.is_none());
    office.none(SAM, "Please reply").await;

    office.time_passes(DAY);
    let reminder = office.emails(SAM, "Please reply", 1).await.remove(0);
    assert!(
        reminder.text.contains("You have not replied"),
        "{}",
        reminder.text
    );
    assert!(reminder.in_reply_to.is_some() && reminder.calendar.is_none());
    let reminded = office.story.show(&interview).await;
    assert!(of(&reminded, SAM).unwrap().reminded_at.is_some());
    assert!(!of(&reminded, SAM).unwrap().to_organizer);
    office.none(DANA, "No reply from").await;

    office.time_passes(DAY);
    office
        .story
        .when(&interview, |it| of(it, SAM).unwrap().to_organizer)
        .await;
    office.time_passes(UNDO);
    let notice = office
        .emails(DANA, "No reply from Sam Ito", 1)
        .await
        .remove(0);
    for words in ["Ana Lima", "Mina Okafor is next", "interview replace"] {
        assert!(notice.text.contains(words), "{words}: {}", notice.text);
    }
    office.time_passes(2 * DAY);
    office.emails(SAM, "Please reply", 1).await;
    office.emails(DANA, "No reply from", 1).await;

    let replaced = office.replaces(&interview, SAM, None).await.unwrap();
    assert_eq!(with(&replaced), [MINA]);
    assert!(!replaced.changes[0].automatic);
    office.time_passes(UNDO);
    office.is(&interview, MINA, AttendeeState::Invited).await;
    let cancelled = office.emails(SAM, "Cancelled", 1).await;
    assert_eq!(cancelled[0].method(), Some("CANCEL"));
    // The candidate reads whom they meet.
    let update = office.emails(ANA, "Updated", 1).await;
    assert!(update[0].text.contains("Mina Okafor"), "{}", update[0].text);
    let sam = office.figures(SAM).await.unwrap();
    assert_eq!(
        (sam.invitations, sam.answered, sam.median_hours),
        (1, 0, None)
    );
    assert!((96.0..97.0).contains(&sam.unanswered_hours), "{sam:?}");
}

#[tokio::test]
async fn an_answer_of_any_kind_a_move_or_the_setting_ends_the_wait() {
    let office = Office::open().await;
    let interview = office.invited(FAR).await;
    office.answers(SAM, "TENTATIVE").await;
    office.time_passes(3 * DAY);
    office.none(SAM, "Please reply").await;
    let sam = office.figures(SAM).await.unwrap();
    assert_eq!((sam.answered, sam.within_a_day), (1, 1));

    // A new time asks anew, from then on. It is Thursday evening or so: the weekend is left out.
    let moved = office
        .story
        .moves(&interview, "2026-12-17T10:00:00Z", None)
        .await;
    office.time_passes(UNDO);
    office.is(&moved, SAM, AttendeeState::Invited).await;
    office.time_passes(DAY - 60);
    office.none(SAM, "Please reply").await;
    office.time_passes(60);
    office.emails(SAM, "Please reply", 1).await;
    assert_eq!(office.figures(SAM).await.unwrap().invitations, 2);

    let off = WorkspaceEdit {
        no_reply_reminder_hours: Some(0),
        ..WorkspaceEdit::default()
    };
    let workspace = office.story.dana.workspace_edit(off).await.unwrap();
    assert_eq!(workspace.no_reply_reminder_hours, 0);
    office.time_passes(5 * DAY);
    office.none(DANA, "No reply").await;
    // Turned on again, what was missed is done.
    let on = WorkspaceEdit {
        no_reply_reminder_hours: Some(24),
        ..WorkspaceEdit::default()
    };
    office.story.dana.workspace_edit(on).await.unwrap();
    office
        .story
        .when(&moved, |it| of(it, SAM).unwrap().to_organizer)
        .await;
    // They accept before the email leaves: nobody reads what is not so any more.
    office.answers(SAM, "ACCEPTED").await;
    office.time_passes(UNDO);
    office.none(DANA, "No reply").await;
    let wrong = WorkspaceEdit {
        no_reply_reminder_hours: Some(337),
        ..WorkspaceEdit::default()
    };
    let refused = office.story.dana.workspace_edit(wrong).await.unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("no_reply_reminder_hours"));
}

#[tokio::test]
async fn an_early_decline_is_replaced_automatically_and_can_be_undone() {
    let office = Office::open().await;
    office.one_of(&[SAM, MINA]).await;
    let interview = office.invited(FAR).await;
    office.answers(SAM, "DECLINED").await;
    let replaced = office.story.when(&interview, |it| with(it) == [MINA]).await;
    let change = &replaced.changes[0];
    assert!(change.automatic && change.by.is_none(), "{change:?}");
    assert_eq!(change.reason.as_deref(), Some("Sam Ito declined"));

    // Undone before anything left: nobody reads of it, and it is not done again.
    let undo = InterviewUndo {
        interview: Reference::to(interview.id.to_string()),
        change: replaced.change,
        unsent: false,
    };
    let undone = office
        .story
        .dana
        .interview_undo(undo)
        .await
        .unwrap()
        .interview;
    assert_eq!(with(&undone), [SAM]);
    office.time_passes(UNDO);
    office.none(MINA, "Interview").await;
    office.none(DANA, "takes Sam Ito's place").await;
    office.none(SAM, "Cancelled").await;
    let undone = office.story.show(&interview).await;
    assert_eq!(with(&undone), [SAM]);
    assert!(of(&undone, SAM).unwrap().to_organizer);
    // Who accepts after all is with nobody any more.
    office.answers(SAM, "ACCEPTED").await;
    let accepted = office.is(&interview, SAM, AttendeeState::Accepted).await;
    assert!(!of(&accepted, SAM).unwrap().to_organizer);

    // Declined again, and left alone this time.
    office.time_passes(60);
    office.answers(SAM, "DECLINED").await;
    office.story.when(&interview, |it| with(it) == [MINA]).await;
    office.time_passes(UNDO);
    office.is(&interview, MINA, AttendeeState::Invited).await;
    office.emails(SAM, "Cancelled", 1).await;
    let notice = office
        .emails(DANA, "Mina Okafor takes Sam Ito's place", 1)
        .await;
    assert!(
        notice[0].text.contains("is invited instead"),
        "{}",
        notice[0].text
    );
    // An answer to what they are not invited to any more changes nothing.
    office.answers(SAM, "ACCEPTED").await;
    assert_eq!(with(&office.story.show(&interview).await), [MINA]);
}

#[tokio::test]
async fn the_fourth_decline_is_the_organizers_and_each_of_a_group_is_asked_once() {
    let office = Office::open().await;
    let interview = office.invited(FAR).await;
    let mut who = SAM.to_owned();
    for number in 1..=3 {
        office.answers(&who, "DECLINED").await;
        let changed = office
            .story
            .when(&interview, |it| it.changes.len() == number)
            .await;
        let next = with(&changed)[0].to_owned();
        office.time_passes(UNDO);
        office.is(&interview, &next, AttendeeState::Invited).await;
        office.emails(DANA, "takes", number).await;
        who = next;
    }
    office.answers(&who, "DECLINED").await;
    let with_dana = office
        .story
        .when(&interview, |it| of(it, &who).unwrap().to_organizer)
        .await;
    assert_eq!(with(&with_dana), [who.as_str()]);
    office.time_passes(UNDO);
    let declined = office.emails(DANA, " declined: ", 1).await;
    // Four of the five have declined: the fifth is next.
    let declined_by: Vec<_> = with_dana
        .attendees
        .iter()
        .map(|it| it.email.as_str())
        .collect();
    let fifth = PEOPLE
        .iter()
        .find(|it| !declined_by.contains(&it.1))
        .unwrap();
    assert!(declined[0].text.contains(fifth.0), "{}", declined[0].text);
}

#[tokio::test]
async fn a_late_decline_or_one_of_nobodys_group_goes_to_the_organizer() {
    let office = Office::open().await;
    let late = office.invited(TEN).await;
    office.answers(SAM, "DECLINED").await;
    let late = office
        .story
        .when(&late, |it| of(it, SAM).unwrap().to_organizer)
        .await;
    assert_eq!((with(&late), late.change), (vec![SAM], 0));
    office.time_passes(UNDO);
    office.emails(DANA, "Sam Ito declined", 1).await;

    let office = Office::open().await;
    office.one_of(&[MINA, LENA]).await;
    let other = office.invited(FAR).await;
    office.answers(SAM, "DECLINED").await;
    office
        .story
        .when(&other, |it| of(it, SAM).unwrap().to_organizer)
        .await;
    office.time_passes(UNDO);
    let notice = office.emails(DANA, "Sam Ito declined", 1).await;
    assert!(notice[0].text.contains("Nobody else"), "{}", notice[0].text);
    let refused = office.replaces(&other, SAM, None).await.unwrap_err();
    assert_eq!(
        (refused.kind, refused.field.as_deref()),
        (ErrorKind::Conflict, Some("to"))
    );
    let named = office.replaces(&other, SAM, Some(KOFI)).await.unwrap();
    assert_eq!(with(&named), [KOFI]);
    let refused = office.replaces(&other, SAM, Some(MINA)).await.unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("from"));
    let refused = office.replaces(&other, KOFI, Some(KOFI)).await.unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("to"));
}

#[tokio::test]
async fn a_person_reminds_at_once_and_floods_nobody() {
    let office = Office::open().await;
    let interview = office.invited(TEN).await;
    let reminded = office.reminds(&interview, SAM).await.unwrap();
    assert!(of(&reminded, SAM).unwrap().reminded_at.is_some());
    office.time_passes(UNDO);
    office.emails(SAM, "Please reply", 1).await;
    let again = office.reminds(&interview, SAM).await.unwrap_err();
    assert_eq!(
        (again.kind, again.field.as_deref()),
        (ErrorKind::Conflict, Some("to"))
    );
    let other = office.reminds(&interview, MINA).await.unwrap_err();
    assert_eq!(other.kind, ErrorKind::Usage);
    office.answers(SAM, "ACCEPTED").await;
    office.time_passes(2 * 60 * 60);
    let needless = office.reminds(&interview, SAM).await.unwrap_err();
    assert!(needless.message.contains("no invitation"), "{needless:?}");
}
