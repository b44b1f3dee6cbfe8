//! The assistant books like a person: the same use cases with the same checks, and every record says
//! that it was the assistant.

use greenroom_protocol::audit::{AuditEntry, AuditQuery};
use greenroom_protocol::id::JobId;
use greenroom_protocol::interview::{Interview, InterviewNew, InterviewReschedule, Side};
use greenroom_protocol::pipeline::{CandidateAdd, JobAdd};
use greenroom_protocol::workspace::{MemberAdd, Reference, Role};
use greenroom_protocol::{Error, ErrorKind};
use greenroom_tests::harness::DANA;
use greenroomd::access::RequestContext;
use greenroomd::interviews;
use greenroomd::records::interview::InterviewRecord;
use greenroomd::store::Actor;
use serde_json::json;

use crate::booking::fixture::{ANA, BEN, Fixture, TEN, assert_refused, with};

const THREAD: &str = "otr_of_a_story";

/// An hour after [`TEN`].
const ELEVEN: &str = "2026-12-01T11:00:00Z";

/// Dana's desk, where the stages of the job name her Zoom.
struct Assisted {
    desk: Fixture,
    job: JobId,
}

impl Assisted {
    async fn open() -> Self {
        let desk = Fixture::open().await;
        let jobs = desk.dana.job_list().await.unwrap();
        let job = &jobs.items[0];
        let dana = desk.dana.member_list().await.unwrap().items[0].id;
        for stage in &job.stages {
            let mut plan = serde_json::to_value(&stage.interview).unwrap();
            plan["zoom_user"] = json!(dana);
            let configure = json!({ "stage": stage.id, "interview": plan });
            let configure = serde_json::from_value(configure).unwrap();
            desk.dana.stage_configure(configure).await.unwrap();
        }
        Self { job: job.id, desk }
    }

    fn context(&self, call: &'static str) -> RequestContext {
        let workspace = self.desk.daemon.services().index.workspaces()[0].id;
        RequestContext::assistant(workspace, self.job, THREAD.to_owned(), call)
    }

    async fn books(&self, interview: InterviewNew) -> Result<Interview, Error> {
        let context = self.context("interview_new");
        let services = self.desk.daemon.services();
        let outcome = interviews::book(services, &context, interview).await?;
        Ok(outcome.interview)
    }

    fn actor(&self) -> Actor {
        Actor::Assistant {
            job: self.job,
            thread: THREAD.to_owned(),
        }
    }

    async fn stored(&self, interview: &Interview) -> InterviewRecord {
        let (services, context) = (self.desk.daemon.services(), self.context("read"));
        let key = interview.id.to_string();
        let stored = services.store.get(&context.space(), &key).await.unwrap();
        stored.unwrap().record
    }

    /// What the audit says of the interview, newest first.
    async fn audit(&self, interview: &Interview) -> Vec<AuditEntry> {
        let query = AuditQuery {
            record: Some(interview.id.to_string()),
            ..AuditQuery::default()
        };
        self.desk.dana.audit_list(query).await.unwrap().items
    }
}

/// What the assistant asks for: a person names themselves by calling, it names everybody.
fn named(candidate: &str, start: &str) -> InterviewNew {
    InterviewNew {
        organizer: Some(DANA.to_owned()),
        with: vec![DANA.to_owned()],
        ..with(candidate, start)
    }
}

#[tokio::test]
async fn what_it_books_stands_like_a_persons_and_says_that_it_was_the_assistant() {
    let assisted = Assisted::open().await;
    let booked = assisted.books(named(ANA, TEN)).await.unwrap();
    let ready = assisted.desk.settled(&booked).await;
    assert!(ready.meeting.join_url.is_some(), "{ready:?}");
    assert_eq!(assisted.stored(&booked).await.created_by, assisted.actor());

    let entries = assisted.audit(&booked).await;
    let entry = entries.iter().find(|it| it.call == "interview_new");
    let entry = entry.expect("the booking is audited");
    assert_eq!(
        (entry.actor.as_str(), entry.source.as_str()),
        ("assistant", "worker")
    );
    assert_eq!(entry.acting_as, None);
    assert_eq!(entry.values["job"], assisted.job.to_string());
    assert_eq!(entry.values["thread"], THREAD);
    assert!(entry.fields.iter().any(|field| field == "start"));
}

#[tokio::test]
async fn a_change_of_its_names_the_assistant_and_a_persons_names_the_person() {
    let assisted = Assisted::open().await;
    let booked = assisted.books(named(ANA, TEN)).await.unwrap();
    let reschedule = |start: &str| InterviewReschedule {
        start_shown: None,
        locale: None,
        interview: Reference::to(booked.id.to_string()),
        start: start.into(),
        zone: None,
        duration_minutes: None,
        by: Side::Candidate,
        reason: None,
        refuse_advice: false,
    };
    let context = assisted.context("interview_reschedule");
    let services = assisted.desk.daemon.services();
    let moved = interviews::reschedule(services, &context, reschedule(ELEVEN)).await;
    moved.unwrap();
    let by_dana = assisted
        .desk
        .dana
        .interview_reschedule(reschedule(TEN))
        .await;
    let by_dana = by_dana.unwrap().interview;

    let dana = assisted.desk.dana.member_list().await.unwrap().items[0].id;
    let changes = assisted.stored(&booked).await.changes;
    let by: Vec<_> = changes.into_iter().map(|change| change.by).collect();
    assert_eq!(by, [assisted.actor(), Actor::Person(dana)]);
    let shown: Vec<_> = by_dana.changes.iter().map(|it| it.by.clone()).collect();
    assert_eq!(shown[0], None);
    assert_eq!(shown[1].as_ref().map(|it| it.id), Some(dana));
}

#[tokio::test]
async fn what_is_refused_to_a_person_is_refused_to_it_in_the_same_words() {
    let assisted = Assisted::open().await;
    assisted.books(named(ANA, TEN)).await.unwrap();
    let too_long = InterviewNew {
        duration_minutes: Some(10_000),
        ..named(BEN, ELEVEN)
    };
    for request in [
        named(BEN, TEN),
        named(BEN, "2026-11-29T10:00:00Z"),
        too_long,
        named("nobody@mail.example", ELEVEN),
    ] {
        let to_it = assisted.books(request.clone()).await.unwrap_err();
        let to_dana = assisted.desk.refused(request).await;
        assert_eq!(
            (to_it.kind, &to_it.message, &to_it.field),
            (to_dana.kind, &to_dana.message, &to_dana.field),
        );
    }
}

#[tokio::test]
async fn it_works_with_the_candidates_of_its_job_and_the_zoom_of_the_stage_alone() {
    let assisted = Assisted::open().await;
    let dana = &assisted.desk.dana;
    let job = JobAdd {
        title: "Pilot".to_owned(),
        stages: Vec::new(),
    };
    dana.job_add(job).await.unwrap();
    let eve = json!({ "name": "Eve Moss", "email": "eve.moss@mail.example", "job": "Pilot" });
    let eve: CandidateAdd = serde_json::from_value(eve).unwrap();
    dana.candidate_add(eve).await.unwrap();
    let sam = json!({
        "name": "Sam Ito", "email": "sam.ito@acme.example", "zone": "Europe/Berlin",
        "roles": [Role::Interviewer],
    });
    let sam: MemberAdd = serde_json::from_value(sam).unwrap();
    dana.member_add(sam).await.unwrap();

    let unseen = assisted.books(named("eve.moss@mail.example", TEN)).await;
    assert_eq!(unseen.unwrap_err().kind, ErrorKind::NotFound);

    let elsewhere = InterviewNew {
        zoom_user: Some("sam.ito@acme.example".to_owned()),
        ..named(ANA, TEN)
    };
    let denied = assisted.books(elsewhere).await.unwrap_err();
    assert_refused(&denied, ErrorKind::Denied, "zoom_user", &["not permitted"]);

    let unnamed = InterviewNew {
        organizer: None,
        ..named(ANA, TEN)
    };
    let denied = assisted.books(unnamed).await.unwrap_err();
    assert_refused(
        &denied,
        ErrorKind::Denied,
        "organizer",
        &["not the assistant"],
    );
}
