//! Killed in a disconnect: it is connected or it is not, and what is not is revoked where the
//! provider has a way to.

use greenroom_protocol::zoom::ConnectionState as S;
use greenroom_tests::wait;
use greenroomd::failpoint::{ARMED, Point};

use super::fixture::{HERS_AT_GOOGLE, HERS_AT_MICROSOFT, OURS_AT_GOOGLE, Office, Whose};
use crate::faults::points::At;
use crate::faults::points::fixture::assert_lost;

/// What all of its commits write.
const TABLE: &str = "connection";

/// And whether the account is wiped there already.
const REVOKED: [(At, bool); 8] = {
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

/// Where there is no way to revoke.
const FORGOTTEN: [(At, bool); 3] = {
    use Point as P;
    [
        ((P::DisconnectStarts, 1), false),
        ((P::CommitDurable, 1), true),
        ((P::Disconnected, 1), true),
    ]
};

#[tokio::test(flavor = "multi_thread")]
async fn a_google_account_that_was_wiped_is_revoked_and_one_that_was_not_goes_on() {
    for whose in [OURS_AT_GOOGLE, HERS_AT_GOOGLE] {
        disconnects(whose, &REVOKED).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_microsoft_account_that_was_wiped_leaves_nothing_and_one_that_was_not_goes_on() {
    disconnects(HERS_AT_MICROSOFT, &FORGOTTEN).await;
}

async fn disconnects(whose: Whose, points: &[(At, bool)]) {
    if !ARMED {
        return eprintln!("skipped: this build has no failpoints");
    }
    let mut office = Office::open().await;
    for (at, wiped) in points {
        office.connect(whose).await;
        let client = office.desk.client_of_the_doomed(*at, TABLE).await;
        assert_lost(office.disconnect(&client, whose).await);
        office.desk.dies_and_comes_back().await;
        if !wiped {
            office.works(whose).await;
            let client = office.desk.client().await;
            office.disconnect(&client, whose).await.unwrap();
        }
        let left = office.account(whose).await;
        assert_eq!(left.state, S::Disconnected, "{at:?}");
        assert!(left.user.is_none() && left.scopes.is_empty(), "{at:?}");
        wait::so("no grant lives at Google", async || {
            office.google.live_grants() == 0
        })
        .await;
    }
    office.leaves_no_secret(0).await;
}
