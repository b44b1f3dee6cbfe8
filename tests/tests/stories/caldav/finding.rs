//! From what a person gives to their calendars.

use axum::Router;
use axum::response::{Html, Redirect};
use axum::routing::any;
use greenroom_tests::calendar_server::{Kind, PASSWORD, USER};
use greenroomd::caldav::{self, Cause, Place};
use greenroomd::network::{self, Reader};
use tokio::net::TcpListener;
use url::Url;

use super::fixture::{Stage, kinds, login};

#[tokio::test]
async fn the_calendars_are_found_from_the_server_the_account_or_their_home() {
    for kind in kinds() {
        let stage = Stage::open(kind).await;
        let home = stage.server.url(kind.home()).to_string();
        for path in ["/", "/.well-known/caldav", "/dana/", kind.home()] {
            let found = stage.find(&stage.server.url(path)).await.unwrap();
            assert_eq!(
                found.place,
                Place::Homes(vec![home.clone()]),
                "{kind:?} {path}"
            );
        }
        let calendar = stage.server.calendar("work");
        let found = stage.find(&calendar).await.unwrap();
        assert_eq!(
            found.place,
            Place::Calendar(calendar.to_string()),
            "{kind:?}"
        );
    }
}

#[tokio::test]
async fn a_place_that_is_not_there_is_said_to_be_missing() {
    for kind in kinds() {
        let stage = Stage::open(kind).await;
        let why = stage.find(&stage.server.calendar("nothing")).await;
        assert_eq!(why.unwrap_err().cause, Cause::Missing, "{kind:?}");
    }
}

#[tokio::test]
async fn a_wrong_password_is_named_as_such_and_with_the_way_out() {
    if !Kind::Radicale.is_there() {
        return;
    }
    let mut stage = Stage::open(Kind::Radicale).await;
    stage.login = login(USER, "wrong");
    for path in ["/", "/dana/", "/dana/work/"] {
        let why = stage.find(&stage.server.url(path)).await.unwrap_err();
        assert_eq!(why.cause, Cause::Password, "{path}: {why}");
        assert!(why.hint().unwrap().contains("app password"));
    }
}

#[tokio::test]
async fn somebody_elses_account_is_refused() {
    if !Kind::Radicale.is_there() {
        return;
    }
    let mut stage = Stage::open(Kind::Radicale).await;
    stage.login = login("sam", PASSWORD);
    let why = stage.find(&stage.server.url("/dana/")).await.unwrap_err();
    assert_eq!(why.cause, Cause::Forbidden, "{why}");
    assert!(why.hint().is_some());
}

/// Serves a page under every address; its own address.
async fn site(page: Router) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, page).await });
    Url::parse(&url).unwrap()
}

fn here() -> Reader {
    Reader::new(&["127.0.0.0/8".parse().unwrap()]).unwrap()
}

#[tokio::test]
async fn what_is_no_calendar_server_is_said_to_be_none() {
    let log_in = Html("<!doctype html><html><body>Log in</body></html>");
    let page = site(Router::new().fallback(any(move || async move { log_in }))).await;
    let login = login(USER, PASSWORD);
    let why = caldav::find(&here(), &login, &page).await.unwrap_err();
    assert_eq!(why.cause, Cause::NotCalDav, "{why}");
    let nothing = site(Router::new()).await;
    let why = caldav::find(&here(), &login, &nothing).await.unwrap_err();
    assert_eq!(why.cause, Cause::Missing, "{why}");
    let elsewhere = any(|| async { Redirect::temporary("https://login.example.com/") });
    let elsewhere = site(Router::new().fallback(elsewhere)).await;
    let why = caldav::find(&here(), &login, &elsewhere).await.unwrap_err();
    let host = "login.example.com".to_owned();
    assert_eq!(
        why.cause,
        Cause::Network(network::Cause::Elsewhere { host })
    );
    let google = Url::parse("https://apidata.googleusercontent.com/caldav/v2/x/user").unwrap();
    let why = caldav::find(&here(), &login, &google).await.unwrap_err();
    assert_eq!(why.cause, Cause::NoPassword("Google"));
}
