//! What depends on a connection says how it stands: the stage that uses it, the interview it hosts.

use greenroom_protocol::pipeline::{StageConfigure, StageInterview};
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::zoom::ConnectionState as S;
use greenroom_tests::harness::{DANA, add_candidate, add_job, settled, zoom_interview};
use greenroom_tests::sandbox::Config;

use crate::connections::fixture::Fixture;

#[tokio::test]
async fn a_stage_and_an_interview_say_that_their_zoom_is_broken() {
    let office = Fixture::open(Config::default()).await;
    office.connect(DANA).await.connected();
    let job = add_job(&office.dana, "Engineer").await.unwrap();
    add_candidate(&office.dana, "Ana Ruiz", "ana@mail.example", "Engineer")
        .await
        .unwrap();
    let dana = office.status(DANA).await.member.id;
    let plan = StageConfigure {
        stage: job.stages[0].id.to_string(),
        interview: Some(StageInterview {
            zoom_user: Some(dana),
            ..StageInterview::default()
        }),
        ..StageConfigure::default()
    };
    let stage = office.dana.stage_configure(plan).await.unwrap();
    let host = stage.host.unwrap();
    assert_eq!(
        (host.name.as_str(), host.zoom_email.as_str()),
        ("Dana Reyes", DANA)
    );
    assert_eq!(host.connection.unwrap().state, S::Connected);
    assert!(stage.warnings.is_empty(), "{:?}", stage.warnings);
    let mut interview = zoom_interview("ana@mail.example", 0);
    interview.start = office.daemon.now().plus_minutes(48 * 60).to_string();
    let booked = office.dana.interview_new(interview).await.unwrap();
    let id = booked.interview.id.to_string();
    settled(&office.dana, &id).await.unwrap();

    // Somebody removes the app in Zoom; the daily renewal finds out.
    office.daemon.zoom.end_grants(DANA).unwrap();
    office.daemon.seconds_pass(24 * 3600);
    office.daemon.tend().await.unwrap();

    let interview = office.dana.interview_get(Reference::to(&id)).await.unwrap();
    let standing = interview.host.unwrap().connection.unwrap();
    assert_eq!(standing.state, S::ReconnectRequired);
    assert_eq!(standing.reason_code.as_deref(), Some("replaced-elsewhere"));
    assert!(standing.hint.unwrap().contains("reconnect"));
    let stage = &office.dana.job_list().await.unwrap().items[0].stages[0];
    let standing = stage.host.as_ref().unwrap().connection.as_ref().unwrap();
    assert_eq!(standing.state, S::ReconnectRequired);
    assert!(stage.warnings[0].contains("Dana Reyes's Zoom, which must be reconnected"));

    office.connect(DANA).await.connected();
    let interview = office.dana.interview_get(Reference::to(&id)).await.unwrap();
    let standing = interview.host.unwrap().connection.unwrap();
    assert_eq!((standing.state, standing.reason), (S::Connected, None));
}
