//! Who is emailed when nobody sees to a candidate: the organizer after a working day, everybody who
//! recruits after three.

use greenroom_protocol::outreach::OutreachWhy;
use greenroom_protocol::workspace::{MemberAdd, Role};
use greenroom_tests::harness::DANA;

use crate::outreach::ana::sent;
use crate::outreach::fixture::{ANA, at, the};

const RAE: &str = "rae.kim@acme.example";

/// 17:00 in New York, where the workspace is: of the Monday on which it begins, and of Wednesday.
const MONDAY: &str = "2026-11-30T22:00:00Z";
const WEDNESDAY: &str = "2026-12-02T22:00:00Z";

#[tokio::test]
async fn a_candidate_whom_nobody_sees_to_is_made_known_to_the_organizer_and_then_to_everybody() {
    let (mut office, outreach) = sent().await;
    let rae = MemberAdd {
        name: "Rae Kim".into(),
        email: RAE.into(),
        zoom_email: None,
        zone: Some("UTC".into()),
        roles: vec![Role::Recruiter],
        hiring_jobs: Vec::new(),
    };
    office.dana.member_add(rae).await.unwrap();
    let waiting = |office: &crate::outreach::ana::Ana, who: &str| {
        let emails = office.mail().to(who).unwrap();
        let subject = "Ana Lima is waiting for an answer: interview for Designer";
        let found: Vec<_> = emails
            .into_iter()
            .filter(|it| it.subject == subject)
            .collect();
        found
    };
    let question = "Which floor is it on, and may I bring my dog?";
    office.says("one", question).await;
    office.needs_person(&outreach, OutreachWhy::Answered).await;
    let before = at(MONDAY).plus_seconds(-1);
    office.daemon.time_passes_until(before).await.unwrap();
    office.daemon.rests().await.unwrap();
    assert_eq!(waiting(&office, DANA).len(), 0);
    office
        .daemon
        .time_passes_until(at(MONDAY).plus_minutes(1))
        .await
        .unwrap();
    office.daemon.rests().await.unwrap();
    let told = waiting(&office, DANA);
    assert_eq!((told.len(), waiting(&office, RAE).len()), (1, 0));
    let text = &told[0].text;
    assert!(
        text.contains("Ana Lima has been waiting for a person since"),
        "{text}"
    );
    assert!(text.contains("greenroom outreach show"), "{text}");
    // What she wrote is not in it.
    assert!(!text.contains("dog"), "{text}");
    office
        .daemon
        .time_passes_until(at(WEDNESDAY).plus_minutes(1))
        .await
        .unwrap();
    // The times ended meanwhile, and what came in until then is read first.
    office.daemon.hears_answers().await.unwrap();
    office.daemon.seconds_pass(120);
    office.daemon.rests().await.unwrap();
    assert_eq!(waiting(&office, DANA).len(), 1);
    assert_eq!(waiting(&office, RAE).len(), 1);
    // Everybody knows, and the candidate was never emailed about it.
    let later = at(WEDNESDAY).plus_minutes(5 * 24 * 60);
    office.daemon.time_passes_until(later).await.unwrap();
    office.daemon.rests().await.unwrap();
    assert_eq!(
        (waiting(&office, DANA).len(), waiting(&office, RAE).len()),
        (1, 1)
    );
    office.was_emailed(ANA, 1).await;
}

#[tokio::test]
async fn who_is_seen_to_in_time_is_nobody_elses() {
    let (mut office, outreach) = sent().await;
    office.says("one", "Could you call me?").await;
    office.needs_person(&outreach, OutreachWhy::Answered).await;
    office.answers(&outreach, 2).await.unwrap();
    office
        .daemon
        .time_passes_until(at(WEDNESDAY))
        .await
        .unwrap();
    office.daemon.rests().await.unwrap();
    let emails = office.mail().to(DANA).unwrap();
    assert!(
        emails
            .iter()
            .all(|it| !it.subject.contains("waiting for an answer"))
    );

    // Taken over and left lying, it is known too.
    let (office, outreach) = sent().await;
    office
        .dana
        .outreach_take_over(the(&outreach))
        .await
        .unwrap();
    office
        .daemon
        .time_passes_until(at(MONDAY).plus_minutes(1))
        .await
        .unwrap();
    office.daemon.rests().await.unwrap();
    let emails = office.mail().to(DANA).unwrap();
    let told: Vec<_> = emails
        .iter()
        .filter(|it| it.subject.contains("waiting for an answer"))
        .collect();
    assert_eq!(told.len(), 1);
    assert!(
        told[0].text.contains("A colleague took over"),
        "{}",
        told[0].text
    );
}
