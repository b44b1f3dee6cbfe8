//! Killed in a renewal: keys that were kept work, keys whose answer was lost say so.

use greenroom_protocol::zoom::ConnectionState as S;
use greenroom_tests::harness::DANA;
use greenroom_tests::sandbox::{Answer, Endpoint, Fault, FaultKind};
use greenroomd::failpoint::{ARMED, Point};
use greenroomd::zoom::{Reason, WORDS};

use super::At;
use super::fixture::Fixture;

/// What all of its commits write.
const TABLE: &str = "connection";

/// What the next daemon finds.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Keys {
    /// Zoom was not asked, or what it answered is durable.
    Live,
    /// Zoom rotated them, and nobody saw the new ones.
    Lost,
    /// Whether the commit came through is the disk's affair.
    Either,
}

/// While Zoom renews.
const RENEWED: [(At, Keys); 11] = {
    use Keys::{Either, Live, Lost};
    use Point as P;
    [
        ((P::RenewalStarts, 1), Live),
        ((P::CommitApplied, 1), Live),
        ((P::CommitDurable, 1), Live),
        ((P::RenewalBegun, 1), Live),
        ((P::AnswerBegins, 1), Lost),
        ((P::AnswerArrived, 1), Lost),
        ((P::RenewalAnswered, 1), Lost),
        ((P::CommitApplied, 2), Either),
        ((P::CommitDurable, 2), Live),
        ((P::RenewalKept, 1), Live),
        // The next one finds everything as it should be.
        ((P::RenewalStarts, 1), Live),
    ]
};

/// While Zoom refuses for now.
const REFUSED: [At; 2] = [(Point::RenewalRefused, 1), (Point::RenewalFailed, 1)];

pub fn points() -> Vec<Point> {
    let renewed = RENEWED.iter().map(|((point, _), _)| *point);
    renewed
        .chain(REFUSED.iter().map(|(point, _)| *point))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn kept_keys_work_and_a_lost_answer_is_said_within_a_minute() {
    if !ARMED {
        return eprintln!("skipped: this build has no failpoints");
    }
    let mut desk = Fixture::open().await;
    desk.connect(DANA).await;
    desk.dana_is_booked_soon().await;
    for (at, keys) in RENEWED {
        desk.doom(at, TABLE);
        desk.dies_and_comes_back().await;
        let made = desk.connection(DANA).await.last_refresh;
        let decided = desk.in_a_minute(DANA, |now| match now.state {
            S::ReconnectRequired => true,
            state => state == S::Connected && (now.last_refresh > made || keys == Keys::Live),
        });
        let connection = decided.await;
        if connection.state == S::ReconnectRequired {
            assert_ne!(keys, Keys::Live, "{at:?}");
            let lost = Some(Reason::AnswerLost.text(&WORDS));
            assert_eq!(connection.reason.as_deref(), lost.as_deref(), "{at:?}");
            desk.connect(DANA).await;
        } else {
            assert_ne!(keys, Keys::Lost, "{at:?}");
        }
        desk.can_be_booked(DANA).await;
        let stands = desk.connection(DANA).await;
        assert_eq!(stands.state, S::Connected, "{at:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_that_was_not_written_down_costs_nothing() {
    if !ARMED {
        return eprintln!("skipped: this build has no failpoints");
    }
    let mut desk = Fixture::open().await;
    desk.connect(DANA).await;
    desk.dana_is_booked_soon().await;
    for at in REFUSED {
        let page = FaultKind::Answer(Answer::Html { status: 403 });
        desk.world.stop_daemon();
        desk.world.zoom.fault(Fault::once(Endpoint::Refresh, page));
        desk.doom(at, TABLE);
        desk.dies_and_comes_back().await;
        desk.in_a_minute(DANA, |now| now.state == S::Connected)
            .await;
        desk.can_be_booked(DANA).await;
    }
}
