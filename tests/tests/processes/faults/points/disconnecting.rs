//! Killed in a disconnect: it is connected or it is not, and what is not is revoked at Zoom.

use greenroom_protocol::workspace::Reference;
use greenroom_protocol::zoom::ConnectionState as S;
use greenroomd::failpoint::{ARMED, Point};

use super::At;
use super::fixture::{AN_HOUR, Fixture, OMAR, assert_lost};

/// What all of its commits write.
const TABLE: &str = "connection";

/// And whether the connection is wiped there already.
const DISCONNECTED: [(At, bool); 8] = {
    use Point as P;
    [
        ((P::DisconnectStarts, 1), false),
        ((P::CommitDurable, 1), true),
        ((P::Disconnected, 1), true),
        ((P::RevocationStarts, 1), true),
        ((P::AnswerBegins, 1), true),
        ((P::AnswerArrived, 1), true),
        ((P::RevocationAsked, 1), true),
        ((P::RevocationForgotten, 1), true),
    ]
};

pub fn points() -> Vec<Point> {
    DISCONNECTED.iter().map(|((point, _), _)| *point).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_wiped_is_revoked_and_what_was_not_goes_on_working() {
    if !ARMED {
        return eprintln!("skipped: this build has no failpoints");
    }
    let mut desk = Fixture::open().await;
    // Nothing is renewed meanwhile: a renewal's commits would come by the point too.
    desk.world.zoom.set_access_lifetime(AN_HOUR);
    for (at, wiped) in DISCONNECTED {
        desk.connect(OMAR).await;
        // What waited for this connection is done first: its commits would come by the point too.
        desk.is_idle().await;
        let client = desk.client_of_the_doomed(at, TABLE).await;
        assert_lost(client.zoom_disconnect(Reference::to(OMAR)).await);
        desk.dies_and_comes_back().await;
        if !wiped {
            desk.can_be_booked(OMAR).await;
            let client = desk.client().await;
            client.zoom_disconnect(Reference::to(OMAR)).await.unwrap();
        }
        let left = desk.connection(OMAR).await;
        assert_eq!(left.state, S::Disconnected, "{at:?}");
        assert!(left.zoom_user.is_none() && left.scopes.is_empty(), "{at:?}");
        desk.grants_live(0).await;
    }
}
