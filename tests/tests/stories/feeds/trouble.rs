//! Admins read that a calendar cannot be relied on, in `doctor`, in `status`, and by email once a day
//! has passed. What Today says, to its owner too, is a story of its own.

use greenroom::client::Client;
use greenroom_protocol::calendar::FeedAdd;
use greenroom_protocol::mail::MailKind;
use greenroom_protocol::secret::Opaque;
use greenroom_protocol::status::Problem;
use greenroom_protocol::workspace::Role;
use greenroom_tests::harness::add_member;

use super::fixture::{OMAR, WEEKLY, calendar, desk_reading};
use super::server::{Does, SECRET, Server};

async fn checks(client: &Client) -> Vec<String> {
    let checks = client.doctor().await.unwrap().into_iter();
    let ours = checks.filter(|it| it.name == "calendars");
    ours.map(|it| it.message).collect()
}

async fn problem(client: &Client) -> Option<Problem> {
    let mut problems = client.status().await.unwrap().problems.into_iter();
    problems.find(|it| it.code == "calendars")
}

#[tokio::test]
async fn admins_read_of_a_broken_calendar_until_it_is_mended() {
    let desk = desk_reading().await;
    let omar = add_member(&desk.dana, "Omar Haddad", OMAR, &[Role::Interviewer]);
    omar.await.unwrap();
    let server = Server::new(Does::Sends("one", calendar(WEEKLY))).await;
    let add = FeedAdd {
        member: Some(OMAR.into()),
        name: "Work".into(),
        url: Some(Opaque::new(server.url())),
        ..FeedAdd::default()
    };
    desk.dana.feed_add(add).await.unwrap();
    desk.daemon.rests().await.unwrap();
    assert_eq!(checks(&desk.dana).await, [""; 0]);
    assert_eq!(problem(&desk.dana).await, None);

    server.now(Does::Refuses(404));
    let then = desk.daemon.now().plus_minutes(15);
    desk.daemon.time_passes_until(then).await.unwrap();
    let why = "127.0.0.1 has no calendar at that address (404): it may have been reset";
    let check = format!("Omar Haddad's calendar `Work`: {why}");
    assert_eq!(checks(&desk.dana).await, [check]);
    let found = problem(&desk.dana).await.unwrap();
    assert_eq!(
        found.detail.as_deref(),
        Some(format!("a calendar of Omar Haddad: {why}").as_str())
    );

    let told = async || {
        desk.daemon.look_for_problems().await.unwrap();
        let rows = desk.daemon.rows().await.unwrap();
        assert!(
            rows.iter()
                .all(|(_, body)| !String::from_utf8_lossy(body).contains(SECRET))
        );
        let kind = serde_json::to_string(&MailKind::ProblemNotice).unwrap();
        let bodies = rows.iter().map(|(_, body)| String::from_utf8_lossy(body));
        bodies.filter(|body| body.contains(&kind)).count()
    };
    assert_eq!(told().await, 0, "a day is left to mend it");
    let then = desk.daemon.now().plus_minutes(24 * 60 + 1);
    desk.daemon.time_passes_until(then).await.unwrap();
    assert!(told().await > 0);

    server.now(Does::Sends("one", calendar(WEEKLY)));
    let then = desk.daemon.now().plus_minutes(61);
    desk.daemon.time_passes_until(then).await.unwrap();
    assert_eq!(checks(&desk.dana).await, [""; 0]);
    assert_eq!(problem(&desk.dana).await, None);
}
