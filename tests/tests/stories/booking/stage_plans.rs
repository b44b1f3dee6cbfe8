//! A stage's plan is changed setting by setting, and whole as protocol 1 did it.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::edit::Edit;
use greenroom_protocol::pipeline::{Night, StageConfigure, StageInterview, StageInterviewChange};
use greenroom_tests::sandbox::Config;

use crate::booking::fixture::Fixture;

#[tokio::test]
async fn what_a_change_does_not_say_stays_and_null_clears() {
    let desk = Fixture::unconnected(Config::default()).await;
    let stage = desk.dana.job_list().await.unwrap().items[0].stages[0].clone();
    let ask = |interview, change| StageConfigure {
        stage: stage.id.to_string(),
        interview,
        change,
        ..StageConfigure::default()
    };
    let whole = StageInterview {
        duration_minutes: 60,
        daily_cap: 3,
        guidance: "Be kind.".into(),
        // What protocol 1 does not have is said of a plan, and stays when it does not say it.
        zoom_notes: Some(false),
        step_minutes: Some(15),
        weekly_cap: Some(0),
        night: Some(Night::default()),
        approval_chosen: Some(true),
        ..StageInterview::default()
    };
    let saved = desk
        .dana
        .stage_configure(ask(Some(whole.clone()), None))
        .await;
    assert_eq!(saved.unwrap().interview, whole);

    let change = StageInterviewChange {
        duration_minutes: Edit::Set(30),
        guidance: Edit::Clear,
        ..StageInterviewChange::default()
    };
    let saved = desk
        .dana
        .stage_configure(ask(None, Some(change.clone())))
        .await;
    let saved = saved.unwrap();
    let expected = StageInterview {
        duration_minutes: 30,
        guidance: String::new(),
        ..whole.clone()
    };
    assert_eq!(saved.interview, expected);
    // The same again is no change.
    let again = desk
        .dana
        .stage_configure(ask(None, Some(change.clone())))
        .await;
    assert_eq!(again.unwrap().revision, saved.revision);

    let both = ask(Some(whole), Some(change));
    let refusal = desk.dana.stage_configure(both).await.unwrap_err();
    assert_eq!(refusal.kind, ErrorKind::Usage);
    assert_eq!(refusal.field.as_deref(), Some("change"));
    let too_long = StageInterviewChange {
        duration_minutes: Edit::Set(481),
        ..StageInterviewChange::default()
    };
    let refusal = desk.dana.stage_configure(ask(None, Some(too_long))).await;
    assert_eq!(
        refusal.unwrap_err().field.as_deref(),
        Some("duration_minutes")
    );
}
