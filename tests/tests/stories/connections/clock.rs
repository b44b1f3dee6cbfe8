//! A machine whose clock is set by a day, or that slept for an hour, as its callers see it.

use greenroom_protocol::interview::MeetingState;
use greenroom_protocol::zoom::ConnectionState as S;
use greenroom_tests::harness::{DANA, add_candidate, add_job, settled, zoom_interview};
use greenroom_tests::sandbox::Config;

use crate::connections::fixture::Fixture;

const ANA: &str = "ana@mail.example";
const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;

async fn open() -> Fixture {
    let office = Fixture::open(Config::default()).await;
    office.daemon.tend().await.unwrap();
    office.connect(DANA).await.connected();
    add_job(&office.dana, "Engineer").await.unwrap();
    add_candidate(&office.dana, "Ana Ruiz", ANA, "Engineer")
        .await
        .unwrap();
    office
}

/// Books a week from now, and says how often keys were renewed for it.
async fn books(office: &Fixture, hour: i64) -> u64 {
    let before = office.daemon.zoom.counters().refreshes;
    let mut interview = zoom_interview(ANA, 0);
    let start = office.daemon.now().plus_seconds(7 * DAY + hour * HOUR);
    interview.start = start.to_string();
    let booked = office.dana.interview_new(interview).await.unwrap();
    let id = booked.interview.id.to_string();
    let booked = settled(&office.dana, &id).await.unwrap();
    assert_eq!(booked.meeting.state, MeetingState::Ready, "{booked:?}");
    office.daemon.zoom.counters().refreshes - before
}

#[tokio::test]
async fn a_clock_set_by_a_day_breaks_nothing_and_renews_nothing() {
    for jump in [-DAY, DAY] {
        let office = open().await;
        office.daemon.clock_is_set_by(jump);
        office.daemon.tend().await.unwrap();
        assert_eq!(office.status(DANA).await.state, S::Connected, "{jump}");
        assert_eq!(books(&office, 0).await, 0, "{jump}");
        // Set right again an hour later: keys that have ended are not believed for another day.
        office.daemon.seconds_pass(HOUR);
        office.daemon.clock_is_set_by(-jump);
        assert_eq!(books(&office, 1).await, 1, "{jump}");
        assert_eq!(office.status(DANA).await.state, S::Connected, "{jump}");
    }
}

#[tokio::test]
async fn an_hour_of_sleep_is_an_hour() {
    let office = open().await;
    assert_eq!(books(&office, 0).await, 0);
    office.daemon.seconds_pass(HOUR);
    office.daemon.tend().await.unwrap();
    assert_eq!(office.daemon.zoom.counters().refreshes, 0);
    assert_eq!(books(&office, 1).await, 1);
}
