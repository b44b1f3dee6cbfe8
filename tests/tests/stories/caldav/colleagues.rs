//! When colleagues are busy, as a server tells.

use greenroom_tests::calendar_server::Kind;
use greenroomd::caldav::{self, Cause};

use super::fixture::{EMAIL, SPAN, Stage, entry, kinds, spans};

/// Xandikos has an outbox, and answers through it about the account itself alone: of everybody
/// else it says that it has no authority.
#[tokio::test]
async fn an_outbox_answers_about_everybody_and_nobody_is_free_unasked() {
    if !Kind::Xandikos.is_there() {
        return;
    }
    let stage = Stage::open(Kind::Xandikos).await;
    stage.server.set_email(EMAIL).await.unwrap();
    let one = entry("one", "DTSTART:20261201T100000Z\nDTEND:20261201T110000Z");
    stage.server.put("one", &one).await.unwrap();
    let found = stage.find(&stage.server.url("/")).await.unwrap();
    assert_eq!(found.emails, [EMAIL]);
    let asked = [
        EMAIL.to_owned(),
        "sam@acme.example".to_owned(),
        "no body".to_owned(),
    ];
    let told = caldav::ask_about(
        &stage.reader,
        &stage.login,
        &found,
        &asked,
        &SPAN,
        SPAN.start,
    );
    let told = told.await.unwrap();
    let addresses: Vec<_> = told.iter().map(|it| it.address.clone()).collect();
    assert_eq!(addresses, asked);
    let busy = told[0].busy.clone().unwrap();
    assert_eq!(spans(&[busy]).busy, spans(&[one]).busy);
    assert_eq!(told[1].busy, Err("3.8;No authority".to_owned()));
    assert!(told[2].busy.is_err());
}

#[tokio::test]
async fn without_an_outbox_that_is_said() {
    for kind in kinds() {
        // An account whose address the server does not know asks for nobody.
        let stage = Stage::open(kind).await;
        let found = stage.find(&stage.server.url("/")).await.unwrap();
        let asked = ["sam@acme.example".to_owned()];
        let told = caldav::ask_about(&stage.reader, &stage.login, &found, &asked, &SPAN, 0);
        let why = told.await.unwrap_err();
        assert_eq!(why.cause, Cause::NoOutbox, "{kind:?}");
    }
}
