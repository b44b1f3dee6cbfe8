//! The assistant only watches: a person acts, and what it would have done is compared with that.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::outreach::{
    Outreach, OutreachApprove, OutreachState, OutreachWhy, SchedulingQuery, ShadowFigures, Would,
};
use greenroom_protocol::pipeline::Approval;
use greenroom_tests::post::Found;
use greenroom_tests::wait;

use crate::outreach::assisted::{Assisted, READ_AFTER, SCREEN};
use crate::outreach::fixture::{ANA, BEN, UNDO, the};

/// Somebody has the times that a person approved, and the email with them.
async fn approved(office: &Assisted, who: &str) -> (Outreach, Found) {
    let draft = office.enters(who).await;
    let draft = office.becomes(&draft, OutreachState::Draft).await;
    let approve = OutreachApprove {
        outreach: the(&draft),
        without: Vec::new(),
    };
    office.dana.outreach_approve(approve).await.unwrap();
    office.daemon.seconds_pass(UNDO);
    let outreach = office.becomes(&draft, OutreachState::Proposed).await;
    let email = office.mail().to(who).unwrap().pop().unwrap();
    (outreach, email)
}

/// What the assistant would have done about an answer that just came in.
async fn would(office: &Assisted, outreach: &Outreach) -> (Outreach, Would) {
    office.daemon.seconds_pass(READ_AFTER);
    wait::until(
        "it is noted what the assistant would have done",
        async || {
            let outreach = office.outreach(outreach).await;
            let would = outreach.would?;
            Some((outreach, would))
        },
    )
    .await
}

async fn compared(office: &Assisted) -> Option<ShadowFigures> {
    office.daemon.rests().await.unwrap();
    office.stage().await.shadow
}

#[tokio::test]
async fn what_it_would_have_done_is_compared_with_what_a_person_does() {
    let office = Assisted::open(Approval::Shadow).await;
    let (outreach, email) = approved(&office, ANA).await;
    office
        .gets("one", &email.words("Option 2 works for me, thank you!"))
        .await;
    // It is a person's at once, and stays so.
    let answered = office.needs_person(&outreach, OutreachWhy::Answered).await;
    assert_eq!(answered.would, None);
    let (answered, would_have) = would(&office, &outreach).await;
    assert_eq!(would_have, Would::Book { n: 2 });
    assert_eq!(answered.state, OutreachState::Person);
    assert!(office.thread(&outreach).await.received[0].mail.unread);
    assert_eq!(compared(&office).await, None);
    office.answers(&outreach, 2).await.unwrap();
    let same = ShadowFigures {
        same: 1,
        ..ShadowFigures::default()
    };
    assert_eq!(compared(&office).await, Some(same));

    // Ben means a time, and the person books another.
    let (outreach, email) = approved(&office, BEN).await;
    office.gets("two", &email.words("Option 1 please.")).await;
    let (_, would_have) = would(&office, &outreach).await;
    assert_eq!(would_have, Would::Book { n: 1 });
    office.answers(&outreach, 3).await.unwrap();
    let both = ShadowFigures { wrong: 1, ..same };
    assert_eq!(compared(&office).await, Some(both));

    let query = SchedulingQuery::default();
    let report = office.dana.scheduling_report(query).await.unwrap();
    assert_eq!(report.total.shadow, both);
    assert_eq!((report.total.started, report.total.booked), (2, 2));
}

#[tokio::test]
async fn what_a_person_does_at_once_is_compared_when_the_answer_is_read() {
    let office = Assisted::open(Approval::Shadow).await;
    let (outreach, email) = approved(&office, ANA).await;
    let words = email.words("Option 2 works for me, thank you!");
    office.gets("one", &words).await;
    office.needs_person(&outreach, OutreachWhy::Answered).await;
    // Before the assistant has read it.
    office.answers(&outreach, 2).await.unwrap();
    office.becomes(&outreach, OutreachState::Booked).await;
    assert_eq!(compared(&office).await, None);
    office.daemon.seconds_pass(READ_AFTER);
    let same = ShadowFigures {
        same: 1,
        ..ShadowFigures::default()
    };
    assert_eq!(compared(&office).await, Some(same));

    // Ben can do none of them, and the person has other times sent at once, which are a draft already
    // when what he wrote is read.
    let (outreach, email) = approved(&office, BEN).await;
    let words = email.words("None of these times work for me.");
    office.gets("two", &words).await;
    office.needs_person(&outreach, OutreachWhy::Answered).await;
    office
        .dana
        .outreach_hand_back(the(&outreach))
        .await
        .unwrap();
    office.becomes(&outreach, OutreachState::Draft).await;
    office.daemon.seconds_pass(READ_AFTER);
    let both = ShadowFigures { same: 2, ..same };
    assert_eq!(compared(&office).await, Some(both));
}

#[tokio::test]
async fn what_is_for_a_person_is_theirs_and_nobody_is_emailed() {
    let office = Assisted::open(Approval::Shadow).await;
    let (outreach, email) = approved(&office, ANA).await;
    let question = "Which floor is it on, and may I bring my dog?";
    office.gets("one", &email.words(question)).await;
    let (_, would_have) = would(&office, &outreach).await;
    assert!(!matches!(would_have, Would::Book { .. }), "{would_have:?}");
    office.was_emailed(ANA, 1).await;
    office.stops(&outreach, Some(false)).await;
    let figures = compared(&office).await.unwrap();
    assert_eq!((figures.total(), figures.same), (1, 0));
}

#[tokio::test]
async fn the_figures_of_scheduling_count_what_the_assistant_did_and_what_people_did() {
    let office = Assisted::open(Approval::Auto).await;
    let outreach = office.is_sent_times(ANA).await;
    let email = office.mail().to(ANA).unwrap().pop().unwrap();
    office.gets("one", &email.words("Option 2 please.")).await;
    office.daemon.seconds_pass(READ_AFTER);
    office.becomes(&outreach, OutreachState::Booked).await;
    let sent = office.is_sent_times(BEN).await;
    office.stops(&sent, Some(false)).await;
    office.daemon.rests().await.unwrap();

    let all = SchedulingQuery::default();
    let report = office.dana.scheduling_report(all.clone()).await.unwrap();
    let total = &report.total;
    assert_eq!((total.started, total.booked, total.ended), (2, 1, 1));
    assert_eq!((total.touched, total.touched_percent), (1, Some(50.0)));
    assert_eq!(total.emails_per_booking, Some(1.0));
    assert_eq!((total.waiting, total.needs_person, total.undone), (0, 0, 0));
    // Two minutes to undo the move, and the time until it was answered and read.
    let hours = total.median_hours.unwrap();
    assert!((0.03..0.2).contains(&hours), "{hours}");
    let stage = &report.stages[0];
    assert_eq!(
        (stage.stage_name.as_str(), report.stages.len()),
        (SCREEN, 1)
    );
    assert!(!report.cut);

    let later = SchedulingQuery {
        since: Some(office.daemon.now().plus_minutes(60)),
        ..all.clone()
    };
    let refused = office.dana.scheduling_report(later).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Usage);
    let unknown = SchedulingQuery {
        job: Some("Welder".into()),
        ..all
    };
    let refused = office.dana.scheduling_report(unknown).await.unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("job"));
}
