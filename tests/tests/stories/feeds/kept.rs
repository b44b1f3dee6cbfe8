//! What is kept of calendars: how many, for whom, until when.

use std::time::Duration;

use greenroom::client::Client;
use greenroom_protocol::ErrorKind;
use greenroom_protocol::calendar::{FeedQuery, FeedRemove};
use greenroom_protocol::workspace::{Reference, Role};
use greenroom_tests::harness::{DANA, add_member};
use greenroom_tests::test_daemon::OWNER;

use super::fixture::{OMAR, WEEKLY, desk, file};

#[tokio::test]
async fn somebody_who_leaves_takes_ten_calendars_along() {
    let desk = desk().await;
    let omar = add_member(&desk.dana, "Omar Haddad", OMAR, &[Role::Interviewer]);
    let omar = omar.await.unwrap().id.to_string();
    for n in 1..=10 {
        let add = desk.dana.feed_add(file(OMAR, &format!("Work {n}"), WEEKLY));
        assert_eq!(add.await.unwrap().entries, 1);
    }
    let more = desk.dana.feed_add(file(OMAR, "Work 11", WEEKLY)).await;
    let more = more.unwrap_err();
    assert_eq!(more.kind, ErrorKind::Conflict);
    assert_eq!(more.message, "Omar Haddad already has 10 calendars");
    // Ten calendars, when each was read, by whose clock, their list, and 27 weeks of each.
    assert_eq!(desk.kept_of(&omar).await.len(), 10 + 10 + 10 + 1 + 270);

    let before = desk.daemon.revision();
    desk.dana.member_remove(Reference::to(OMAR)).await.unwrap();
    desk.daemon.rests().await.unwrap();
    assert_eq!(desk.kept_of(&omar).await, Vec::<String>::new());
    let largest = desk.daemon.largest_commit_after(before).await.unwrap();
    assert!(largest <= 128, "{largest}");
    let added = desk.dana.feed_add(file(OMAR, "Work", WEEKLY)).await;
    assert_eq!(added.unwrap_err().kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn a_name_is_given_once_however_many_ask_at_the_same_time() {
    let desk = desk().await;
    let add = || desk.dana.feed_add(file(DANA, "Work", WEEKLY));
    let (one, other) = tokio::join!(add(), add());
    let both = [one, other];
    let refused: Vec<_> = both.iter().filter_map(|it| it.as_ref().err()).collect();
    assert_eq!(refused.len(), 1, "{both:?}");
    assert_eq!(refused[0].kind, ErrorKind::Conflict);
    let many = (0..12).map(|n| {
        let dana = &desk.dana;
        async move { dana.feed_add(file(DANA, &format!("Work {n}"), "")).await }
    });
    let many = futures::future::join_all(many).await;
    assert_eq!(many.iter().filter(|it| it.is_ok()).count(), 9);
    let listed = desk.dana.feed_list(FeedQuery::default()).await.unwrap();
    assert_eq!(listed.total, 10);
}

#[tokio::test]
async fn a_change_is_told_to_its_owner_and_to_those_who_schedule() {
    let desk = desk().await;
    let ines = "ines.costa@acme.example";
    for (name, email) in [("Omar Haddad", OMAR), ("Ines Costa", ines)] {
        let member = add_member(&desk.dana, name, email, &[Role::Interviewer]);
        member.await.unwrap();
    }
    let omar = desk.daemon.client_as(OWNER, OMAR).await.unwrap();
    let ines = desk.daemon.client_as(OWNER, ines).await.unwrap();
    let heard = async |client: &Client, after: u64| {
        let changes = client.changes(after, Duration::ZERO).await.unwrap();
        let rows = changes.changed.into_iter();
        let feeds = rows.filter(|row| row.table == "feed");
        feeds.map(|row| row.id).collect::<Vec<_>>()
    };
    let before = omar.hello().revision;
    let feed = desk
        .dana
        .feed_add(file(OMAR, "Work", WEEKLY))
        .await
        .unwrap();
    for (client, told) in [(&desk.dana, true), (&omar, true), (&ines, false)] {
        let heard = heard(client, before).await;
        assert_eq!(heard.contains(&feed.id.to_string()), told, "{heard:?}");
        // Not once for each of its weeks.
        assert!(heard.len() <= 2, "{heard:?}");
    }
    let added = desk.daemon.revision().0;
    let remove = FeedRemove {
        member: Some(OMAR.into()),
        feed: feed.id.to_string(),
        ..FeedRemove::default()
    };
    desk.dana.feed_remove(remove).await.unwrap();
    assert!(heard(&omar, added).await.contains(&feed.id.to_string()));
    let theirs = omar.feed_list(FeedQuery::default()).await.unwrap();
    assert_eq!(theirs.total, 0);
}
