//! Killed in a connect: before the code is handed in nothing is lost, keys that were kept are
//! somebody's, and in between it says that an answer was lost.

use greenroom_protocol::workspace::Reference;
use greenroom_protocol::zoom::ConnectionState as S;
use greenroom_tests::harness::DANA;
use greenroom_tests::sandbox::{Answer, Endpoint, Fault, FaultKind};
use greenroomd::failpoint::{ARMED, Point};
use greenroomd::zoom::{Reason, WORDS};

use super::At;
use super::fixture::{AN_HOUR, Fixture, OMAR, assert_lost};

/// What all of its commits write.
pub(super) const TABLE: &str = "zoom-attempt";

/// What the next daemon finds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Attempt {
    /// None, or one whose browser was never told where to go: begin again.
    Unheard,
    /// It waits, and the code the browser brought is still good.
    Waits,
    /// The code may be used up.
    Lost,
    /// Whether the commit came through is the disk's affair: as before it, or as after.
    WaitsOrLost,
    /// The same.
    LostOrConnected,
    /// On its own.
    Connected,
}

pub(super) const CONNECTED: [(At, Attempt); 18] = {
    use Attempt::{Connected, Lost, LostOrConnected, Unheard, Waits, WaitsOrLost};
    use Point as P;
    [
        ((P::ConnectStarts, 1), Unheard),
        ((P::CommitApplied, 1), Unheard),
        ((P::CommitDurable, 1), Unheard),
        ((P::ConnectStarted, 1), Unheard),
        ((P::CodeHere, 1), Waits),
        ((P::CommitApplied, 2), WaitsOrLost),
        ((P::CommitDurable, 2), Lost),
        ((P::CodeClaimed, 1), Lost),
        ((P::AnswerBegins, 1), Lost),
        ((P::AnswerArrived, 1), Lost),
        ((P::CodeExchanged, 1), Lost),
        ((P::CommitApplied, 3), LostOrConnected),
        ((P::CommitDurable, 3), Connected),
        ((P::KeysKept, 1), Connected),
        ((P::AnswerBegins, 2), Connected),
        ((P::UserKnown, 1), Connected),
        ((P::CommitDurable, 4), Connected),
        ((P::ConnectSettled, 1), Connected),
    ]
};

/// While Zoom's answer to the code is somebody's page.
pub(super) const CAME_TO_NOTHING: [At; 2] = [(Point::AttemptEnds, 1), (Point::AttemptEnded, 1)];

/// While another Zoom user answers than the one expected.
pub(super) const WRONG_USER: [At; 7] = {
    use Point as P;
    [
        (P::KeysKept, 1),
        (P::UserKnown, 1),
        (P::ConnectSettled, 1),
        (P::RevocationStarts, 1),
        (P::AnswerBegins, 3),
        (P::RevocationAsked, 1),
        (P::RevocationForgotten, 1),
    ]
};

pub fn points() -> Vec<Point> {
    let connected = CONNECTED.iter().map(|((point, _), _)| *point);
    let others = CAME_TO_NOTHING.iter().chain(&WRONG_USER);
    connected.chain(others.map(|(point, _)| *point)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_were_kept_are_somebodys_and_a_lost_code_is_said_within_a_minute() {
    if !ARMED {
        return eprintln!("skipped: this build has no failpoints");
    }
    let mut desk = Fixture::open().await;
    // Connecting starts a Zoom check, which would renew shorter keys while they are being revoked.
    desk.world.zoom.set_access_lifetime(AN_HOUR);
    for (at, expected) in CONNECTED {
        let client = desk.client_of_the_doomed(at, TABLE).await;
        let back = desk.browse(&client, OMAR).await;
        if let Ok(back) = &back {
            assert_lost(client.zoom_connect_finish(back.clone()).await);
        }
        desk.dies_and_comes_back().await;
        let client = desk.client().await;
        let lost = Some(Reason::AnswerLost.text(&WORDS));
        match expected {
            Attempt::Unheard => {
                assert!(back.is_err(), "{at:?}");
                desk.connect(OMAR).await;
            }
            Attempt::Waits => {
                client.zoom_connect_finish(back.unwrap()).await.unwrap();
            }
            Attempt::Lost => {
                let ended = desk.in_a_minute(OMAR, |now| now.state == S::Disconnected);
                assert_eq!(ended.await.reason.as_deref(), lost.as_deref(), "{at:?}");
                desk.connect(OMAR).await;
            }
            Attempt::WaitsOrLost => {
                if client.zoom_connect_finish(back.unwrap()).await.is_err() {
                    let ended = desk.in_a_minute(OMAR, |now| now.state == S::Disconnected);
                    assert_eq!(ended.await.reason.as_deref(), lost.as_deref(), "{at:?}");
                    desk.connect(OMAR).await;
                }
            }
            Attempt::LostOrConnected => {
                let ended = desk.in_a_minute(OMAR, |now| now.state != S::Authorizing);
                let ended = ended.await;
                if ended.state == S::Disconnected {
                    assert_eq!(ended.reason.as_deref(), lost.as_deref(), "{at:?}");
                    desk.connect(OMAR).await;
                }
            }
            Attempt::Connected => {
                desk.in_a_minute(OMAR, |now| now.state != S::Authorizing)
                    .await;
            }
        }
        assert_eq!(desk.connection(OMAR).await.state, S::Connected, "{at:?}");
        desk.can_be_booked(OMAR).await;
        assert_eq!(desk.world.zoom.live_grants(), 1, "{at:?}");
        let gone = desk
            .client()
            .await
            .zoom_disconnect(Reference::to(OMAR))
            .await;
        assert!(gone.unwrap().revoked, "{at:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_that_comes_to_nothing_says_why_once() {
    if !ARMED {
        return eprintln!("skipped: this build has no failpoints");
    }
    let mut desk = Fixture::open().await;
    for at in CAME_TO_NOTHING {
        let page = FaultKind::Answer(Answer::Html { status: 502 });
        desk.world.zoom.fault(Fault::once(Endpoint::Exchange, page));
        let client = desk.client_of_the_doomed(at, TABLE).await;
        let back = desk.browse(&client, OMAR).await.unwrap();
        assert_lost(client.zoom_connect_finish(back).await);
        desk.dies_and_comes_back().await;
        let ended = desk.in_a_minute(OMAR, |now| now.state == S::Disconnected);
        let lost = Some(Reason::AnswerLost.text(&WORDS));
        assert_eq!(ended.await.reason.as_deref(), lost.as_deref(), "{at:?}");
    }
    desk.connect(OMAR).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_the_wrong_user_are_revoked_and_nobodys() {
    if !ARMED {
        return eprintln!("skipped: this build has no failpoints");
    }
    let mut desk = Fixture::open().await;
    for at in WRONG_USER {
        let client = desk.client_of_the_doomed(at, TABLE).await;
        let back = desk.browse(&client, DANA).await.unwrap();
        assert_lost(client.zoom_connect_finish(back).await);
        desk.dies_and_comes_back().await;
        let ended = desk.in_a_minute(OMAR, |now| now.state == S::Disconnected);
        let wrong = Some(Reason::WrongUser.text(&WORDS));
        assert_eq!(ended.await.reason.as_deref(), wrong.as_deref(), "{at:?}");
        desk.grants_live(0).await;
    }
    desk.connect(OMAR).await;
    desk.can_be_booked(OMAR).await;
}
