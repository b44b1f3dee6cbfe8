//! Whose Zoom hosts: one's own always, a colleague's when they share it and one is a recruiter or
//! an admin.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::interview::InterviewNew;
use greenroom_protocol::workspace::{MemberAdd, MemberEdit, MemberLink, Role};
use greenroom_protocol::zoom::ConnectionQuery;
use greenroom_tests::harness::{DANA, add_member};

use crate::booking::fixture::{ANA, Fixture, TEN, assert_refused, with};

const RITA: &str = "rita.novak@acme.example";
const HUGO: &str = "hugo.berg@acme.example";

/// On Dana's Zoom, anyone who asks.
fn on_danas_zoom() -> InterviewNew {
    InterviewNew {
        zoom_user: Some(DANA.into()),
        ..with(ANA, TEN)
    }
}

/// A recruiter with a Unix user of her own.
async fn rita(desk: &Fixture) -> greenroom::client::Client {
    add_member(&desk.dana, "Rita Novak", RITA, &[Role::Recruiter])
        .await
        .unwrap();
    linked(desk, RITA, 2001).await
}

async fn linked(desk: &Fixture, email: &str, uid: u32) -> greenroom::client::Client {
    let link = MemberLink {
        member: email.into(),
        uid: Some(uid),
        ..MemberLink::default()
    };
    desk.dana.member_link(link).await.unwrap();
    desk.daemon.user(uid).await.unwrap()
}

#[tokio::test]
async fn a_recruiter_books_on_a_colleagues_zoom() {
    let desk = Fixture::open().await;
    let rita = rita(&desk).await;
    let booked = rita.interview_new(on_danas_zoom()).await.unwrap().interview;
    assert_eq!(booked.organizer.email, RITA);
    assert_eq!(booked.host.as_ref().unwrap().zoom_email, DANA);
    desk.settled(&booked).await;
    assert_eq!(desk.daemon.zoom.meetings()[0].host_email, DANA);
    let query = ConnectionQuery::default();
    assert_eq!(desk.dana.zoom_status(query).await.unwrap().booked, 1);
}

#[tokio::test]
async fn not_where_the_colleague_does_not_share_it() {
    let desk = Fixture::open().await;
    let rita = rita(&desk).await;
    let keeps_it = MemberEdit {
        member: DANA.into(),
        shared: Some(false),
        ..MemberEdit::default()
    };
    desk.dana.member_edit(keeps_it).await.unwrap();
    let refused = rita.interview_new(on_danas_zoom()).await.unwrap_err();
    assert_refused(
        &refused,
        ErrorKind::Denied,
        "zoom_user",
        &["Dana Reyes", "does not share"],
    );
    // It is still her own to book on.
    desk.has(on_danas_zoom()).await;
}

#[tokio::test]
async fn a_hiring_manager_books_on_their_own_only() {
    let desk = Fixture::open().await;
    let hugo = MemberAdd {
        name: "Hugo Berg".into(),
        email: HUGO.into(),
        zoom_email: None,
        zone: None,
        roles: vec![Role::HiringManager],
        hiring_jobs: vec!["Designer".into()],
    };
    desk.dana.member_add(hugo).await.unwrap();
    let hugo = linked(&desk, HUGO, 2002).await;
    let refused = hugo.interview_new(on_danas_zoom()).await.unwrap_err();
    assert_refused(
        &refused,
        ErrorKind::Denied,
        "zoom_user",
        &["recruiter or admin"],
    );
    // His own is not connected: another reason, and another way out.
    let refused = hugo.interview_new(with(ANA, TEN)).await.unwrap_err();
    assert_refused(
        &refused,
        ErrorKind::Zoom,
        "zoom_user",
        &["Hugo Berg", "not connected"],
    );
}
