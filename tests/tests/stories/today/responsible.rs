//! Whose what is: the organizer's; where nobody is responsible any more, those who look after the
//! job. And nobody hears of what they may not see.

use greenroom_protocol::interview::InterviewNew;
use greenroom_protocol::today::NeedKind;
use greenroom_protocol::workspace::{MemberEdit, Role};

use crate::today::fixture::{
    ANA, BEN, Fixture, HELEN, HUGO, RITA, SAM, TEN, by_phone, email, of_kind, to, today,
};

/// Unconfirmed, tomorrow at ten.
fn planned(candidate: &str) -> InterviewNew {
    InterviewNew {
        confirm: false,
        ..by_phone(candidate, TEN)
    }
}

#[tokio::test]
async fn what_is_open_is_the_organizers_and_an_interviewer_sees_only_their_own_day() {
    let office = Fixture::open().await;
    let rita = office.client(RITA).await;
    let interview = rita.interview_new(planned(ANA)).await.unwrap().interview;
    let ritas = today(&rita).await;
    assert_eq!(ritas.needs_me[0].interview, Some(interview.id));
    assert_eq!(ritas.next_total, 1);
    for email in [HUGO, HELEN] {
        let theirs = today(&office.client(email).await).await;
        assert_eq!(
            (theirs.needs_me_total, theirs.next_total),
            (0, 0),
            "{email}"
        );
    }
    let danas = office.today().await;
    assert_eq!((danas.needs_me_total, danas.next_total), (0, 0));
    // Sam takes part: it is next for him, and not for him to confirm.
    let sams = today(&office.client(SAM).await).await;
    assert_eq!((sams.needs_me_total, sams.next_total), (0, 1));
    assert!(sams.waiting.is_empty());
}

/// Who lost the role cannot see to it: then the others do, each for their own jobs.
#[tokio::test]
async fn what_nobody_is_responsible_for_is_for_those_who_look_after_the_job() {
    let office = Fixture::open().await;
    let rita = office.client(RITA).await;
    rita.interview_new(planned(ANA)).await.unwrap();
    let interviewer = MemberEdit {
        member: RITA.into(),
        roles: Some(vec![Role::Interviewer]),
        ..MemberEdit::default()
    };
    office.dana.member_edit(interviewer).await.unwrap();
    let open = |today| of_kind(today, NeedKind::Unconfirmed).len();
    assert_eq!(open(office.today().await), 1, "an admin");
    assert_eq!(
        open(today(&office.client(HUGO).await).await),
        1,
        "of the job"
    );
    assert_eq!(
        open(today(&office.client(HELEN).await).await),
        0,
        "of another"
    );
    let rita = today(&office.client(RITA).await).await;
    assert_eq!((open(rita.clone()), rita.next_total), (0, 1));
    // It is not theirs in the sense that they would be there.
    assert_eq!(office.today().await.next_total, 0);
}

/// Case R4: an email is for those who work with its candidate, and names nobody to others.
#[tokio::test]
async fn an_email_is_for_who_is_responsible_and_shown_to_nobody_else() {
    let office = Fixture::open().await;
    office
        .gets("1", &email(ANA, "Question", "May I ask something?"))
        .await;
    for (who, expected) in [(RITA, 1), (HUGO, 1), (HELEN, 0), (SAM, 0)] {
        let day = today(&office.client(who).await).await;
        assert_eq!(
            of_kind(day.clone(), NeedKind::WroteEmail).len(),
            expected,
            "{who}"
        );
        let shown = serde_json::to_string(&day).unwrap();
        assert_eq!(shown.contains("Ana"), expected > 0, "{who}");
    }
    // With an interview to come, it is the organizer's.
    let rita = office.client(RITA).await;
    rita.interview_new(by_phone(ANA, TEN)).await.unwrap();
    let open = |today| of_kind(today, NeedKind::WroteEmail).len();
    assert_eq!(open(today(&rita).await), 1);
    assert_eq!(open(office.today().await), 0);
}

/// Case R4: whatever a manager of one job asks, nothing of the other job is in the answer.
#[tokio::test]
async fn a_manager_hears_nothing_of_another_job() {
    let office = Fixture::open().await;
    office.books(planned(BEN)).await;
    office.gets("1", &email(BEN, "Question", "Zwetschge")).await;
    office.daemon.seconds_pass(6 * 24 * 60 * 60);
    let hugos = today(&office.client(HUGO).await).await;
    let shown = serde_json::to_string(&hugos).unwrap();
    for secret in ["Ben", "Welder", "Zwetschge"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
    let helens = today(&office.client(HELEN).await).await;
    assert!(
        serde_json::to_string(&helens)
            .unwrap()
            .contains("Zwetschge")
    );
}

#[tokio::test]
async fn a_change_by_somebody_else_ends_what_was_open() {
    let office = Fixture::open().await;
    let rita = office.client(RITA).await;
    let interview = rita.interview_new(planned(ANA)).await.unwrap().interview;
    office
        .dana
        .interview_confirm(to(interview.id))
        .await
        .unwrap();
    assert_eq!(today(&rita).await.badges.today, 0);
}
