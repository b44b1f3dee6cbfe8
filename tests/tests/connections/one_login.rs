//! One Zoom login belongs to one member of one workspace; who else comes with it is told whose it is.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::workspace::MemberEdit;
use greenroom_tests::harness::DANA;
use greenroom_tests::sandbox::{Config, Endpoint};

use crate::office::{OMAR, Office};

#[tokio::test]
async fn an_address_somebody_holds_is_refused_before_the_browser_opens() {
    let office = Office::open(Config::default()).await;
    office.connect(DANA).await.connected();
    let edit = MemberEdit {
        member: OMAR.into(),
        zoom_email: Some(DANA.into()),
        ..MemberEdit::default()
    };
    office.dana.member_edit(edit).await.unwrap();
    let before = office.house.zoom.counters().of(Endpoint::Authorize);
    let refused = office.connect(OMAR).await.refused();
    assert_eq!(refused.kind, ErrorKind::Conflict);
    assert!(refused.message.contains("Dana Reyes in Acme"), "{refused}");
    assert_eq!(office.house.zoom.counters().of(Endpoint::Authorize), before);
}
