//! Killed in a renewal: whatever became of the answer, the account goes on, and nobody is asked to
//! consent again.

use std::collections::BTreeMap;

use greenroom_protocol::zoom::ConnectionState as S;
use greenroom_tests::sandbox::{Canned, google, microsoft};
use greenroomd::failpoint::{ARMED, Point};
use greenroomd::grants::Reason;

use super::fixture::{
    By, Google, HERS_AT_GOOGLE, HERS_AT_MICROSOFT, Microsoft, OURS_AT_GOOGLE, OURS_AT_MICROSOFT,
    Office, Whose,
};
use crate::faults::points::At;

/// What all of its commits write.
const TABLE: &str = "connection";

/// What the next daemon has of the keys that the killed one was given.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fresh {
    /// There were none, or they are durable.
    Kept,
    /// Nobody ever saw them.
    Lost,
    /// Whether the commit came through is the disk's affair.
    Either,
}

/// While the provider renews.
const RENEWED: [(At, Fresh); 11] = {
    use Fresh::{Either, Kept, Lost};
    use Point as P;
    [
        ((P::RenewalStarts, 1), Kept),
        ((P::CommitApplied, 1), Kept),
        ((P::CommitDurable, 1), Kept),
        ((P::RenewalBegun, 1), Kept),
        ((P::AnswerBegins, 1), Lost),
        ((P::AnswerArrived, 1), Lost),
        ((P::RenewalAnswered, 1), Lost),
        ((P::CommitApplied, 2), Either),
        ((P::CommitDurable, 2), Kept),
        ((P::RenewalKept, 1), Kept),
        // The next one finds everything as it should be.
        ((P::RenewalStarts, 1), Kept),
    ]
};

/// While the provider refuses.
const REFUSED: [At; 2] = [(Point::RenewalRefused, 1), (Point::RenewalFailed, 1)];

#[tokio::test(flavor = "multi_thread")]
async fn the_workspaces_keys_to_gmail_survive_every_death_in_a_renewal() {
    survives(OURS_AT_GOOGLE, By::Smtp).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_members_keys_to_gmail_survive_every_death_in_a_renewal() {
    survives(HERS_AT_GOOGLE, By::Smtp).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_members_keys_to_graph_survive_every_death_in_a_renewal() {
    survives(HERS_AT_MICROSOFT, By::Graph).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_workspaces_keys_to_exchange_survive_every_death_in_a_renewal() {
    survives(OURS_AT_MICROSOFT, By::Smtp).await;
}

/// Every look at the mailbox renews, and the daemon looks at it as it starts.
async fn survives(whose: Whose, by: By) {
    if !ARMED {
        return eprintln!("skipped: this build has no failpoints");
    }
    let mut office = Office::open().await;
    office.keys_end_soon();
    office.connect(whose).await;
    office.mails_by(whose, by).await;
    let mut unsure = BTreeMap::new();
    for (at, fresh) in RENEWED {
        office.desk.doom(at, TABLE);
        office.desk.dies().await;
        if fresh != Fresh::Kept {
            unsure.insert(office.asked(whose).len() - 1, fresh);
        }
        office.desk.world.run_daemon().await.unwrap();
        goes_on(&office, whose, &format!("{at:?}")).await;
    }
    for at in REFUSED {
        let page = Canned::Html { status: 403 };
        office.desk.world.stop_daemon();
        match whose.provider {
            Google => office.google.fault(google::Fault::once(
                google::Endpoint::Refresh,
                google::FaultKind::Answer(page),
            )),
            Microsoft => office.microsoft.fault(microsoft::Fault::once(
                microsoft::Endpoint::Refresh,
                microsoft::FaultKind::Answer(page),
            )),
        }
        office.desk.doom(at, TABLE);
        office.desk.dies_and_comes_back().await;
        goes_on(&office, whose, &format!("{at:?}")).await;
    }
    office.desk.world.stop_daemon();
    used_only_what_was_kept(&office, whose, &unsure);
    assert_eq!(office.consents(whose), 1, "nobody consented again");
    office.leaves_no_secret(1).await;
}

/// Renewed once more, with nothing to say of it.
async fn goes_on(office: &Office, whose: Whose, when: &str) {
    let made = office.account(whose).await.last_refresh;
    let decided = office.in_a_minute(whose, |now| {
        now.state == S::ReconnectRequired || now.last_refresh > made
    });
    let now = decided.await;
    assert_eq!((now.state, now.reason), (S::Connected, None), "{when}");
}

/// Each renewal was asked for with the keys that were durable at that time, and keys that were lost
/// opened nothing.
fn used_only_what_was_kept(office: &Office, whose: Whose, unsure: &BTreeMap<usize, Fresh>) {
    let asked = office.asked(whose);
    let answered: Vec<_> = asked.iter().filter(|it| it.access.is_some()).collect();
    // The code, and refusals that brought nothing, name no keys of their own.
    let mut kept = vec![answered[0].refresh.clone().unwrap()];
    for (number, it) in asked.iter().enumerate().skip(1) {
        assert!(kept.contains(&it.with), "{number} of {}", asked.len());
        let fresh = it.refresh.clone().unwrap_or_else(|| it.with.clone());
        kept = match unsure.get(&number) {
            _ if it.access.is_none() => kept,
            Some(Fresh::Lost) => vec![it.with.clone()],
            Some(Fresh::Either) => vec![it.with.clone(), fresh],
            Some(Fresh::Kept) | None => vec![fresh],
        };
    }
    let lost = unsure.iter().filter(|(_, fresh)| **fresh == Fresh::Lost);
    let lost: Vec<_> = lost
        .map(|(at, _)| asked[*at].access.clone().unwrap())
        .collect();
    assert_eq!(lost.len(), 3);
    for exchange in office.exchanges(whose) {
        let shown = exchange.headers.get("authorization");
        let used = lost
            .iter()
            .find(|key| shown.is_some_and(|it| it.contains(*key)));
        assert_eq!(used, None, "{}", exchange.path);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_was_not_written_down_is_told_by_the_next_daemon() {
    if !ARMED {
        return eprintln!("skipped: this build has no failpoints");
    }
    let mut office = Office::open().await;
    office.keys_end_soon();
    for whose in [OURS_AT_GOOGLE, HERS_AT_MICROSOFT] {
        let why = match whose.provider {
            Google => Reason::PasswordOrRemoved,
            Microsoft => Reason::PasswordChanged,
        };
        for at in REFUSED {
            office.connect(whose).await;
            office.mails_by(whose, By::Smtp).await;
            office.desk.world.stop_daemon();
            let ended = match whose.provider {
                Google => office.google.change_password(whose.email()).unwrap(),
                Microsoft => office.microsoft.change_password(whose.email()).unwrap(),
            };
            assert!(ended > 0);
            office.desk.doom(at, TABLE);
            office.desk.dies_and_comes_back().await;
            let dead = office.in_a_minute(whose, |now| now.state == S::ReconnectRequired);
            let dead = dead.await;
            let expected = why.text(whose.words());
            assert_eq!(dead.reason, Some(expected), "{at:?}");
            assert!(dead.hint.is_some(), "{dead:?}");
        }
        let client = office.desk.client().await;
        office.disconnect(&client, whose).await.unwrap();
    }
    office.leaves_no_secret(0).await;
}
