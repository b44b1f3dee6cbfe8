//! A Unix user nobody linked: greeted, told how things are, and shown the way in.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::pipeline::CandidateQuery;
use greenroom_protocol::workspace::MemberLink;

use crate::office::{IRIS, Office, Who};

#[tokio::test]
async fn they_are_greeted_and_told_the_way_in() {
    let office = Office::open().await;
    let stranger = office.client(Who::Unlinked).await;
    let hello = stranger.hello();
    assert!(hello.caller.is_none() && hello.workspace.is_none() && !hello.operator);
    let status = stranger.status().await.unwrap();
    assert!(status.workspace.is_none() && status.work.is_empty() && status.work_waiting == 0);

    let refused = stranger
        .candidate_list(CandidateQuery::default())
        .await
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Denied);
    assert_eq!(refused.kind.exit_code(), 5);
    assert!(refused.message.contains("2006"), "{refused}");
    let way = refused.hint.unwrap();
    assert!(
        way.contains("member link") && way.contains("--uid 2006"),
        "{way}"
    );
}

#[tokio::test]
async fn a_link_lets_them_in_and_its_end_shuts_them_out() {
    let office = Office::open().await;
    let link = MemberLink {
        member: IRIS.into(),
        uid: Some(2006),
        ..MemberLink::default()
    };
    office.dana.member_link(link.clone()).await.unwrap();
    let iris = office.client(Who::Unlinked).await;
    assert_eq!(iris.hello().caller.as_ref().unwrap().member.email, IRIS);
    assert_eq!(
        iris.candidate_list(CandidateQuery::default())
            .await
            .unwrap()
            .total,
        1
    );

    office.dana.member_unlink(link).await.unwrap();
    let refused = iris
        .candidate_list(CandidateQuery::default())
        .await
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Denied);
}

#[tokio::test]
async fn users_are_linked_by_name_as_the_daemons_machine_knows_them() {
    let office = Office::open().await;
    let link = |user: &str| MemberLink {
        member: IRIS.into(),
        user: Some(user.into()),
        ..MemberLink::default()
    };
    let linked = office.dana.member_link(link("nobody")).await.unwrap();
    assert_eq!(linked.unix_uid, Some(65534));
    let nobody = office.house.user(65534).await.unwrap();
    assert_eq!(nobody.hello().caller.as_ref().unwrap().member.email, IRIS);
    // A member is one Unix user at a time.
    let before = office.client(Who::Interviewer).await;
    assert!(before.hello().caller.is_none());

    let stranger = office.dana.member_link(link("no.such.user")).await;
    assert_eq!(stranger.unwrap_err().kind, ErrorKind::NotFound);
    let none = MemberLink {
        member: IRIS.into(),
        ..MemberLink::default()
    };
    let refused = office.dana.member_link(none.clone()).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Usage);

    let other = office.dana.member_unlink(link("root")).await.unwrap_err();
    assert_eq!(other.kind, ErrorKind::NotFound);
    let unlinked = office.dana.member_unlink(none.clone()).await.unwrap();
    assert_eq!(unlinked.unix_uid, None);
    let again = office.dana.member_unlink(none).await.unwrap_err();
    assert!(again.message.contains("no Unix user is linked"), "{again}");
}
