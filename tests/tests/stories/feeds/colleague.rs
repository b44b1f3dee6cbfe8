//! When a member is busy, as the server of a colleague's account tells by its outbox (RFC 6638).

use greenroom_protocol::calendar::{
    CalendarAccount, Feed, FeedAdd, FeedKind, FeedRefresh, FeedStanding,
};
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::secret::Opaque;
use greenroom_protocol::workspace::Role;
use greenroom_tests::calendar_server::{self, CalendarServer, Kind};
use greenroom_tests::harness::add_member;

use super::dav_server::{Colleague, DavServer, PASSWORD};
use super::fixture::{Fixture, OMAR, against_of, calendar, desk_reading};

const TEN: &str = "2026-12-02T15:00:00Z";

async fn office() -> Fixture {
    let desk = desk_reading().await;
    let omar = add_member(&desk.dana, "Omar Haddad", OMAR, &[Role::Interviewer]);
    omar.await.unwrap();
    desk
}

/// Omar's busy times by Dana's account.
fn of_omar(server: &DavServer) -> FeedAdd {
    let account = server.account();
    FeedAdd {
        member: Some(OMAR.into()),
        caldav: account.caldav.map(|it| CalendarAccount {
            colleague: Some(OMAR.into()),
            ..it
        }),
        ..account
    }
}

async fn reads(desk: &Fixture) -> Feed {
    let refresh = FeedRefresh {
        member: Some(OMAR.into()),
        feed: None,
    };
    let refreshed = desk.dana.feed_refresh(refresh).await;
    refreshed.unwrap().items.remove(0)
}

async fn codes(desk: &Fixture) -> Vec<FindingCode> {
    let found = against_of(desk, OMAR, TEN).await;
    found.into_iter().map(|(code, _)| code).collect()
}

#[tokio::test]
async fn a_colleague_is_busy_as_the_outbox_says_and_a_refusal_is_never_free() {
    let desk = office().await;
    let server = DavServer::new().await;
    server.tells(OMAR, Colleague::Busy("20261202T140000Z/20261202T180000Z"));
    let added = desk.dana.feed_add(of_omar(&server)).await.unwrap();
    assert_eq!(
        (added.kind, added.state),
        (FeedKind::CalDav, FeedStanding::New)
    );
    let by = format!("{OMAR} by dana at 127.0.0.1");
    assert_eq!(added.address.as_deref(), Some(by.as_str()));
    let read = reads(&desk).await;
    assert_eq!(read.state, FeedStanding::Ok, "{read:?}");
    assert_eq!(codes(&desk).await, [FindingCode::BusyElsewhere]);

    for (says, why, state) in [
        (
            Colleague::Not("3.8;No authority"),
            "3.8;No authority",
            FeedStanding::Broken,
        ),
        (
            Colleague::Not("5.1;Could not complete delivery"),
            "5.1;Could not complete delivery",
            FeedStanding::Retrying,
        ),
        (
            Colleague::Nothing,
            "the answer has no busy times",
            FeedStanding::Broken,
        ),
    ] {
        server.tells(OMAR, says);
        let refused = reads(&desk).await;
        assert_eq!(refused.state, state, "{refused:?}");
        let expected = format!("127.0.0.1 does not tell when {OMAR} is busy: {why}");
        assert_eq!(refused.reason.as_deref(), Some(expected.as_str()));
        assert_eq!(
            codes(&desk).await,
            [FindingCode::BusyElsewhere],
            "it stands"
        );
    }
    server.tells(OMAR, Colleague::Busy("20261203T140000Z/20261203T180000Z"));
    assert_eq!(reads(&desk).await.state, FeedStanding::Ok);
    assert_eq!(codes(&desk).await, []);
    assert_eq!(server.wrong(), [""; 0]);
    // Neither the password nor whose account it is leaves the vault and the list.
    for (key, body) in desk.daemon.rows().await.unwrap() {
        assert!(!String::from_utf8_lossy(&body).contains(PASSWORD), "{key}");
    }
}

#[tokio::test]
async fn who_is_not_known_there_or_whose_server_has_no_outbox_is_not_free() {
    let desk = office().await;
    let server = DavServer::new().await;
    desk.dana.feed_add(of_omar(&server)).await.unwrap();
    let without = reads(&desk).await;
    assert_eq!(without.state, FeedStanding::Broken, "{without:?}");
    assert_eq!(
        without.reason.as_deref(),
        Some("127.0.0.1 does not tell when colleagues are busy")
    );
    assert!(without.hint.unwrap().contains("--caldav"));
    assert_eq!(codes(&desk).await, [FindingCode::StaleCalendar]);

    server.tells(
        "somebody@acme.example",
        Colleague::Busy("20261203T140000Z/PT1H"),
    );
    let unknown = reads(&desk).await;
    assert!(
        unknown
            .reason
            .as_ref()
            .unwrap()
            .contains("3.7;Invalid calendar user"),
        "{unknown:?}"
    );
    assert_eq!(codes(&desk).await, [FindingCode::StaleCalendar]);
}

/// Xandikos answers through its outbox about the account itself alone, which proves the way there
/// and back with a server that nobody here wrote.
#[tokio::test]
async fn a_real_outbox_is_read_the_same_way() {
    if !Kind::Xandikos.is_there() {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let server = CalendarServer::open(Kind::Xandikos, directory.path())
        .await
        .unwrap();
    server.set_email(OMAR).await.unwrap();
    let entry = "BEGIN:VEVENT\r\nUID:1@elsewhere.example\r\nDTSTAMP:20261101T000000Z\r\n\
        DTSTART:20261202T140000Z\r\nDTEND:20261202T180000Z\r\nEND:VEVENT\r\n";
    server.put("one", &calendar(entry)).await.unwrap();
    let desk = office().await;
    let add = FeedAdd {
        member: Some(OMAR.into()),
        name: "Work".into(),
        caldav: Some(CalendarAccount {
            url: server.url("/").to_string(),
            user: calendar_server::USER.into(),
            password: Opaque::new(calendar_server::PASSWORD),
            colleague: Some(OMAR.into()),
        }),
        ..FeedAdd::default()
    };
    desk.dana.feed_add(add).await.unwrap();
    let read = reads(&desk).await;
    assert_eq!(read.state, FeedStanding::Ok, "{read:?}");
    assert_eq!(codes(&desk).await, [FindingCode::BusyElsewhere]);
}
