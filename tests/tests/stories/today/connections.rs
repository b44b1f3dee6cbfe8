//! The Zoom connections that somebody's upcoming interviews depend on, a colleague's too.

use greenroom_protocol::today::{NeedAction, NeedKind};
use greenroom_protocol::zoom::ConnectionState;
use greenroom_tests::harness::{DANA, connect_zoom};

use crate::today::fixture::{ANA, BEN, Fixture, HELEN, RITA, SAM, by_zoom, of_kind, today};

/// Within a day of when the broken grant is found out.
const SOON: &str = "2026-12-02T08:00:00Z";

/// Case U3: Dana's Zoom hosts Rita's interviews; it ends, and Rita hears of it.
#[tokio::test]
async fn a_colleagues_broken_zoom_needs_everyone_whose_interviews_it_hosts() {
    let office = Fixture::open().await;
    let rita = office.client(RITA).await;
    for (candidate, start) in [(ANA, SOON), (BEN, "2026-12-09T10:00:00Z")] {
        let booked = rita.interview_new(by_zoom(candidate, start)).await.unwrap();
        office.settled(&booked.interview).await;
    }
    assert!(today(&rita).await.connections.is_empty());
    office.daemon.zoom.end_grants(DANA).unwrap();
    office.daemon.seconds_pass(24 * 60 * 60);
    office.daemon.tend().await.unwrap();

    let ritas = today(&rita).await;
    let [connection] = &ritas.connections[..] else {
        panic!("{ritas:?}")
    };
    assert_eq!(connection.member.name, "Dana Reyes");
    assert_eq!(
        connection.standing.state,
        ConnectionState::ReconnectRequired
    );
    assert_eq!(connection.interviews, 2);
    assert_eq!(connection.first.to_string(), SOON);
    let needs = of_kind(ritas, NeedKind::Reconnect);
    let said = format!("{} {}", needs[0].who, needs[0].message);
    assert_eq!(
        said,
        "Dana Reyes Zoom must be reconnected: 2 interviews depend on it"
    );
    assert_eq!(needs[0].action, NeedAction::Remind);
    assert!(needs[0].urgent, "the first of them is within a day");

    // The owner connects; an interviewer of it sees it and cannot remind; others hear nothing.
    let danas = office.needs(NeedKind::Reconnect).await;
    assert_eq!(danas[0].action, NeedAction::Connect);
    let sams = of_kind(today(&office.client(SAM).await).await, NeedKind::Reconnect);
    assert_eq!(sams[0].action, NeedAction::Open);
    let helens = today(&office.client(HELEN).await).await;
    assert!(helens.connections.is_empty());

    connect_zoom(&office.dana, DANA).await.unwrap();
    let ritas = today(&rita).await;
    assert!(ritas.connections.is_empty());
    assert!(of_kind(ritas, NeedKind::Reconnect).is_empty());
}
