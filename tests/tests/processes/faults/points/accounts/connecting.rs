//! Killed in a connect: before the code is handed in nothing is lost, keys that were kept are
//! somebody's, in between it says that an answer was lost, and no account that works pays for it.

use greenroom_protocol::zoom::ConnectionState as S;
use greenroom_tests::harness::DANA;
use greenroom_tests::sandbox::{Canned, google, microsoft};
use greenroomd::failpoint::{ARMED, Point};
use greenroomd::grants::Reason;

use super::fixture::{
    Google, HERS_AT_GOOGLE, HERS_AT_MICROSOFT, Microsoft, OURS_AT_GOOGLE, OURS_AT_MICROSOFT,
    Office, Whose,
};
use crate::faults::points::At;
use crate::faults::points::connecting::{Attempt, CAME_TO_NOTHING, CONNECTED, TABLE, WRONG_USER};
use crate::faults::points::fixture::assert_lost;

#[tokio::test(flavor = "multi_thread")]
async fn the_workspaces_google_is_connected_or_told_why_not_after_every_death() {
    connects(OURS_AT_GOOGLE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_members_google_is_connected_or_told_why_not_after_every_death() {
    connects(HERS_AT_GOOGLE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_workspaces_microsoft_is_connected_or_told_why_not_after_every_death() {
    connects(OURS_AT_MICROSOFT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_members_microsoft_is_connected_or_told_why_not_after_every_death() {
    connects(HERS_AT_MICROSOFT).await;
}

async fn connects(whose: Whose) {
    if !ARMED {
        return eprintln!("skipped: this build has no failpoints");
    }
    let mut office = Office::open().await;
    for (at, expected) in CONNECTED {
        let before = office.consents(whose);
        let client = office.desk.client_of_the_doomed(at, TABLE).await;
        let back = office.browse(&client, whose, whose.email()).await;
        if let Ok(back) = &back {
            assert_lost(client.account_connect_finish(back.clone()).await);
        }
        office.desk.dies_and_comes_back().await;
        let client = office.desk.client().await;
        let again = match expected {
            Attempt::Unheard => {
                assert!(back.is_err(), "{at:?}");
                true
            }
            Attempt::Waits => {
                client.account_connect_finish(back.unwrap()).await.unwrap();
                false
            }
            Attempt::WaitsOrLost => {
                let finished = client.account_connect_finish(back.unwrap()).await;
                finished.is_err() && is_lost(&office, whose, at).await
            }
            Attempt::Lost => {
                assert!(is_lost(&office, whose, at).await, "{at:?}");
                true
            }
            Attempt::LostOrConnected => is_lost(&office, whose, at).await,
            Attempt::Connected => {
                assert!(!is_lost(&office, whose, at).await, "{at:?}");
                false
            }
        };
        if again {
            office.connect(whose).await;
        }
        let stands = office.account(whose).await;
        assert_eq!(
            (stands.state, stands.reason),
            (S::Connected, None),
            "{at:?}"
        );
        assert_eq!(stands.user.unwrap().email, whose.email(), "{at:?}");
        // Nobody was asked more often than there was a code to be lost.
        let browsed = expected != Attempt::Unheard;
        let consents = u64::from(browsed) + u64::from(again);
        assert_eq!(office.consents(whose) - before, consents, "{at:?}");
        office.works(whose).await;
        let client = office.desk.client().await;
        let gone = office.disconnect(&client, whose).await.unwrap();
        match whose.provider {
            // With them go those of a code whose answer was lost.
            Google => {
                assert!(gone.revoked, "{at:?}: {gone:?}");
                assert_eq!(office.google.live_grants(), 0, "{at:?}");
            }
            Microsoft => assert!(!gone.revoked && gone.hint.is_some(), "{at:?}: {gone:?}"),
        }
    }
    office.leaves_no_secret(0).await;
}

/// Whether the attempt ended because an answer was lost; else it led to an account.
async fn is_lost(office: &Office, whose: Whose, at: At) -> bool {
    let ended = office.in_a_minute(whose, |now| now.state != S::Authorizing);
    let ended = ended.await;
    if ended.state == S::Connected {
        return false;
    }
    let lost = Some(Reason::AnswerLost.text(whose.words()));
    assert_eq!(
        (ended.state, ended.reason),
        (S::Disconnected, lost),
        "{at:?}"
    );
    true
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_that_comes_to_nothing_says_why_once_at_both() {
    if !ARMED {
        return eprintln!("skipped: this build has no failpoints");
    }
    let mut office = Office::open().await;
    for whose in [OURS_AT_GOOGLE, HERS_AT_MICROSOFT] {
        for at in CAME_TO_NOTHING {
            let page = Canned::Html { status: 502 };
            match whose.provider {
                Google => office.google.fault(google::Fault::once(
                    google::Endpoint::Exchange,
                    google::FaultKind::Answer(page),
                )),
                Microsoft => office.microsoft.fault(microsoft::Fault::once(
                    microsoft::Endpoint::Exchange,
                    microsoft::FaultKind::Answer(page),
                )),
            }
            let client = office.desk.client_of_the_doomed(at, TABLE).await;
            let back = office.browse(&client, whose, whose.email()).await.unwrap();
            assert_lost(client.account_connect_finish(back).await);
            office.desk.dies_and_comes_back().await;
            assert!(is_lost(&office, whose, at).await, "{at:?}");
        }
        office.connect(whose).await;
        office.works(whose).await;
    }
    office.leaves_no_secret(2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_the_wrong_google_user_are_revoked_and_nobodys() {
    if !ARMED {
        return eprintln!("skipped: this build has no failpoints");
    }
    let mut office = Office::open().await;
    for at in WRONG_USER {
        let client = office.desk.client_of_the_doomed(at, TABLE).await;
        let back = office.browse(&client, OURS_AT_GOOGLE, DANA).await.unwrap();
        assert_lost(client.account_connect_finish(back).await);
        office.desk.dies_and_comes_back().await;
        let ended = office.in_a_minute(OURS_AT_GOOGLE, |now| now.state == S::Disconnected);
        let wrong = Some(Reason::WrongUser.text(OURS_AT_GOOGLE.words()));
        assert_eq!(ended.await.reason, wrong, "{at:?}");
        greenroom_tests::wait::so("no grant lives at Google", async || {
            office.google.live_grants() == 0
        })
        .await;
    }
    office.leaves_no_secret(0).await;
}

/// Google ends everything of a user at once, so keys that came to the wrong place are forgotten and
/// not revoked where the same user's serve another place.
#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_works_survives_a_second_consent_that_is_killed_and_refused() {
    if !ARMED {
        return eprintln!("skipped: this build has no failpoints");
    }
    let mut office = Office::open().await;
    for (hers, ours) in [
        (HERS_AT_GOOGLE, OURS_AT_GOOGLE),
        (HERS_AT_MICROSOFT, OURS_AT_MICROSOFT),
    ] {
        office.connect(hers).await;
        for point in [Point::KeysKept, Point::UserKnown, Point::ConnectSettled] {
            let client = office.desk.client_of_the_doomed((point, 1), TABLE).await;
            let back = office.browse(&client, ours, DANA).await.unwrap();
            assert_lost(client.account_connect_finish(back).await);
            office.desk.dies_and_comes_back().await;
            let ended = office.in_a_minute(ours, |now| now.state == S::Disconnected);
            let held = Some(Reason::HeldElsewhere.text(ours.words()));
            assert_eq!(ended.await.reason, held, "{point:?}");
            let stands = office.account(hers).await;
            assert_eq!((stands.state, stands.reason), (S::Connected, None));
            office.works(hers).await;
        }
    }
    office.leaves_no_secret(2).await;
}
