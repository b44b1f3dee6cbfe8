//! Mail by SMTP, by IMAP and by Graph.

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use greenroom_tests::post_office::Mailboxes;
use greenroom_tests::sandbox::microsoft::{Account, Config, Endpoint, Fault, FaultKind, TENANT};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::app::{App, DANA, EXCHANGE, GRAPH, answer};
use crate::talk::{Talk, hand_in, logged_in, message, smtp, xoauth2};

const CANDIDATE: &str = "priya.nair@mail.example";
const MINA: &str = "mina.okafor@acme.example";

async fn with_mina() -> Result<App> {
    App::with(Config::default().with_account(Account::new(MINA))).await
}

/// Sends a message by Graph; a status and a body.
async fn send(app: &App, access: &str, message: &str) -> Result<(u16, Value)> {
    send_as(app, access, "text/plain", &STANDARD.encode(message)).await
}

async fn send_as(app: &App, access: &str, kind: &str, body: &str) -> Result<(u16, Value)> {
    let url = format!("{}/v1.0/me/sendMail", app.microsoft.graph_url());
    let request = app.http.post(url).bearer_auth(access);
    let request = request.header("content-type", kind).body(body.to_owned());
    answer(request.send().await?).await
}

#[tokio::test]
async fn smtp_takes_a_token_for_exchange_and_none_for_graph() -> Result<()> {
    let app = App::start().await?;
    let graph = app.connect(DANA, "SMTP.Send offline_access").await?;
    let exchange = app.connect(DANA, EXCHANGE).await?;
    let url = app.microsoft.smtp_url();
    let mut talk = smtp(&url).await?;
    for token in [graph.access.as_str(), "invented"] {
        let said = talk
            .ask(&format!("AUTH XOAUTH2 {}", xoauth2(DANA, token)))
            .await?;
        assert!(
            said.starts_with("535 5.7.3 Authentication unsuccessful ["),
            "{said}"
        );
    }
    talk.say("AUTH LOGIN").await?;
    talk.reply().await?;
    talk.ask("ZGFuYQ==").await?;
    let said = talk.ask("cGFzc3dvcmQ=").await?;
    assert!(
        said.starts_with("535 5.7.139 Authentication unsuccessful, basic auth"),
        "{said}"
    );
    let said = talk.ask("MAIL FROM:<dana.reyes@acme.example>").await?;
    assert!(said.starts_with("530 5.7.57 "), "{said}");

    let mut talk = logged_in(&url, DANA, &exchange.access).await?;
    let said = hand_in(&mut talk, DANA, CANDIDATE, &message(DANA, CANDIDATE)).await?;
    assert!(said.starts_with("250 2.0.0 OK"), "{said}");
    assert_eq!(app.microsoft.sent()[0].to, [CANDIDATE]);
    Ok(())
}

#[tokio::test]
async fn smtp_says_which_switch_is_off() -> Result<()> {
    let app = App::start().await?;
    let keys = app.connect(DANA, EXCHANGE).await?;
    let auth = format!("AUTH XOAUTH2 {}", xoauth2(DANA, &keys.access));
    app.microsoft
        .edit_tenant(TENANT, |tenant| tenant.smtp = false)?;
    let mut talk = smtp(&app.microsoft.smtp_url()).await?;
    let disabled = "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled \
                    for the";
    let said = talk.ask(&auth).await?;
    assert!(said.starts_with(&format!("{disabled} Tenant. ")), "{said}");
    app.microsoft
        .edit_account(DANA, |dana| dana.smtp = Some(false))?;
    let said = talk.ask(&auth).await?;
    assert!(said.starts_with(&format!("{disabled} Mailbox. ")), "{said}");
    app.microsoft
        .edit_account(DANA, |dana| dana.smtp = Some(true))?;
    assert!(talk.ask(&auth).await?.starts_with("235 "));
    Ok(())
}

#[tokio::test]
async fn nobody_sends_as_somebody_else_or_more_than_thirty_a_minute() -> Result<()> {
    let app = with_mina().await?;
    let keys = app.connect(DANA, EXCHANGE).await?;
    let mut talk = logged_in(&app.microsoft.smtp_url(), DANA, &keys.access).await?;
    let other = message(MINA, CANDIDATE);
    let said = hand_in(&mut talk, DANA, CANDIDATE, &other).await?;
    assert!(said.starts_with("554 5.2.252 SendAsDenied;"), "{said}");
    app.microsoft
        .edit_account(DANA, |dana| dana.send_as = vec![MINA.to_owned()])?;
    for _ in 0..30 {
        assert!(
            hand_in(&mut talk, DANA, CANDIDATE, &other)
                .await?
                .starts_with("250 ")
        );
    }
    assert!(
        hand_in(&mut talk, DANA, CANDIDATE, &other)
            .await?
            .starts_with("432 4.3.2 ")
    );
    app.microsoft.advance(SignedDuration::from_mins(1));
    assert!(
        hand_in(&mut talk, DANA, CANDIDATE, &other)
            .await?
            .starts_with("250 ")
    );
    Ok(())
}

#[tokio::test]
async fn graph_sends_a_message_in_base64_and_answers_with_nothing() -> Result<()> {
    let app = with_mina().await?;
    let keys = app.connect(DANA, GRAPH).await?;
    let text = message(DANA, MINA).replace("Subject:", &format!("Bcc: {CANDIDATE}\r\nSubject:"));
    assert_eq!(send(&app, &keys.access, &text).await?, (202, Value::Null));
    let sent = app.microsoft.sent();
    assert_eq!(sent[0].to, [MINA, CANDIDATE]);
    let taken = String::from_utf8_lossy(&sent[0].message);
    assert!(!taken.contains("Bcc"), "{taken}");
    assert_eq!(app.microsoft.inbox(MINA)?.len(), 1);
    assert_eq!(app.microsoft.counters().of(Endpoint::SendMail), 1);
    Ok(())
}

#[tokio::test]
async fn graph_refuses_what_is_no_message_in_its_own_words() -> Result<()> {
    let app = with_mina().await?;
    let keys = app.connect(DANA, GRAPH).await?;
    let reading = app.connect(MINA, "Mail.Read").await?;
    let code = |(status, body): (u16, Value)| (status, body["error"]["code"].clone());
    let access = &keys.access;
    for (sent, status, expected) in [
        (
            send_as(&app, access, "text/plain", "no base64!").await?,
            400,
            "ErrorMimeContentInvalidBase64String",
        ),
        (
            send_as(&app, access, "text/html", "SGk=").await?,
            400,
            "RequestBodyRead",
        ),
        (
            send(&app, access, &message(MINA, CANDIDATE)).await?,
            403,
            "ErrorSendAsDenied",
        ),
        (
            send(&app, access, "From: dana.reyes@acme.example\r\n\r\nHi").await?,
            400,
            "ErrorInvalidRecipients",
        ),
        (
            send(&app, &reading.access, &message(MINA, CANDIDATE)).await?,
            403,
            "ErrorAccessDenied",
        ),
    ] {
        assert_eq!(code(sent), (status, json!(expected)));
    }
    let text = message(DANA, CANDIDATE);
    for _ in 0..30 {
        assert_eq!(send(&app, access, &text).await?.0, 202);
    }
    assert_eq!(
        code(send(&app, access, &text).await?),
        (429, json!("ApplicationThrottled"))
    );
    app.microsoft
        .edit_account(DANA, |dana| dana.mailbox = false)?;
    let refused = code(send(&app, access, &text).await?);
    assert_eq!(refused, (404, json!("MailboxNotEnabledForRESTAPI")));
    Ok(())
}

/// A page by its whole address.
async fn page(app: &App, access: &str, url: &str, size: Option<&str>) -> Result<(u16, Value)> {
    let mut request = app.http.get(url).bearer_auth(access);
    if let Some(size) = size {
        request = request.header("prefer", format!("odata.maxpagesize={size}"));
    }
    answer(request.send().await?).await
}

fn delta(app: &App, query: &str) -> String {
    let base = app.microsoft.graph_url();
    format!("{base}/v1.0/me/mailFolders/inbox/messages/delta{query}")
}

fn link<'a>(page: &'a Value, name: &str) -> Result<&'a str> {
    page[format!("@odata.{name}")]
        .as_str()
        .with_context(|| format!("no {name}: {page}"))
}

#[tokio::test]
async fn a_delta_has_pages_and_then_tells_only_what_changed() -> Result<()> {
    let app = App::start().await?;
    let keys = app.connect(DANA, GRAPH).await?;
    let ids: Result<Vec<String>> = (0..3)
        .map(|_| {
            Ok(app
                .microsoft
                .deliver(DANA, message(CANDIDATE, DANA).as_bytes())?)
        })
        .collect();
    let ids = ids?;
    let first = delta(&app, "?$select=subject,internetMessageId");
    let (status, first) = page(&app, &keys.access, &first, Some("2")).await?;
    assert_eq!(status, 200);
    assert_eq!(first["value"].as_array().unwrap().len(), 2);
    assert_eq!(first["value"][0]["subject"], "Interview");
    assert_eq!(first["value"][0]["internetMessageId"], "<1@acme.example>");
    assert!(first["value"][0].get("body").is_none(), "{first}");
    let (_, second) = page(&app, &keys.access, link(&first, "nextLink")?, Some("2")).await?;
    assert_eq!(second["value"][0]["id"], ids[2].as_str());

    app.microsoft.delete_message(DANA, &ids[0])?;
    let new = app
        .microsoft
        .deliver(DANA, message(CANDIDATE, DANA).as_bytes())?;
    let (_, changed) = page(&app, &keys.access, link(&second, "deltaLink")?, None).await?;
    assert_eq!(
        changed["value"][0]["@removed"],
        json!({ "reason": "deleted" })
    );
    assert_eq!(changed["value"][0]["id"], ids[0].as_str());
    assert_eq!(changed["value"][1]["id"], new.as_str());
    let (_, quiet) = page(&app, &keys.access, link(&changed, "deltaLink")?, None).await?;
    assert_eq!(quiet["value"], json!([]));
    Ok(())
}

#[tokio::test]
async fn a_delta_whose_state_is_gone_begins_anew() -> Result<()> {
    let app = App::start().await?;
    let keys = app.connect(DANA, GRAPH).await?;
    let (_, first) = page(&app, &keys.access, &delta(&app, ""), None).await?;
    app.microsoft.forget_sync_state(DANA)?;
    let (status, gone) = page(&app, &keys.access, link(&first, "deltaLink")?, None).await?;
    assert_eq!(
        (status, &gone["error"]["code"]),
        (410, &json!("syncStateNotFound"))
    );
    assert_eq!(
        page(&app, &keys.access, &delta(&app, ""), None).await?.0,
        200
    );
    Ok(())
}

#[tokio::test]
async fn a_delta_takes_no_query_that_graph_does_not() -> Result<()> {
    let app = App::start().await?;
    let keys = app.connect(DANA, GRAPH).await?;
    for (query, status, code) in [
        (
            "?$select=subject,internetMesageId",
            400,
            "RequestBroker--ParseUri",
        ),
        ("?$search=hello", 400, "ErrorInvalidUrlQuery"),
        ("?$filter=isRead eq false", 400, "ErrorInvalidUrlQuery"),
        ("?$orderby=subject", 400, "ErrorInvalidUrlQuery"),
        ("?$deltatoken=invented", 400, "syncStateInvalid"),
        ("?changeType=moved", 400, "ErrorInvalidUrlQuery"),
        (
            "?$filter=receivedDateTime ge 2026-11-01T00:00:00Z&$orderby=receivedDateTime desc",
            200,
            "",
        ),
    ] {
        let (got, body) = page(&app, &keys.access, &delta(&app, query), None).await?;
        assert_eq!(got, status, "{query}: {body}");
        assert_eq!(
            body["error"]["code"].as_str().unwrap_or_default(),
            code,
            "{query}"
        );
    }
    let (status, _) = page(&app, &keys.access, &delta(&app, ""), Some("many")).await?;
    assert_eq!(status, 400);
    let folder = delta(&app, "").replace("inbox", "invented");
    let (_, body) = page(&app, &keys.access, &folder, None).await?;
    assert_eq!(body["error"]["code"], "ErrorInvalidIdMalformed");
    Ok(())
}

#[tokio::test]
async fn a_message_is_read_as_json_and_as_it_came() -> Result<()> {
    let app = App::start().await?;
    let keys = app.connect(DANA, GRAPH).await?;
    let text = message(CANDIDATE, DANA);
    let id = app.microsoft.deliver(DANA, text.as_bytes())?;
    let (status, read) = app.get(&format!("/me/messages/{id}"), &keys.access).await?;
    assert_eq!(status, 200);
    assert_eq!(read["from"]["emailAddress"]["address"], CANDIDATE);
    assert_eq!(read["body"]["content"], "Hello\r\n");
    let url = format!("{}/v1.0/me/messages/{id}/$value", app.microsoft.graph_url());
    let mime = app.http.get(url).bearer_auth(&keys.access).send().await?;
    assert_eq!(mime.headers()["content-type"], "text/plain");
    assert_eq!(mime.text().await?, text);
    let (status, gone) = app
        .get("/me/messages/AAMkAGinvented=", &keys.access)
        .await?;
    assert_eq!(
        (status, &gone["error"]["code"]),
        (404, &json!("ErrorItemNotFound"))
    );
    let (status, bad) = app.get("/me/messages/1", &keys.access).await?;
    assert_eq!(
        (status, &bad["error"]["code"]),
        (400, &json!("ErrorInvalidIdMalformed"))
    );
    Ok(())
}

#[tokio::test]
async fn mail_read_basic_shows_no_bodies() -> Result<()> {
    let app = App::start().await?;
    let keys = app.connect(DANA, "Mail.ReadBasic").await?;
    let id = app
        .microsoft
        .deliver(DANA, message(CANDIDATE, DANA).as_bytes())?;
    let (_, read) = app.get(&format!("/me/messages/{id}"), &keys.access).await?;
    assert_eq!(read["subject"], "Interview");
    assert!(
        read.get("body").is_none() && read.get("bodyPreview").is_none(),
        "{read}"
    );
    let (status, _) = app
        .get(&format!("/me/messages/{id}/$value"), &keys.access)
        .await?;
    assert_eq!(status, 403);
    Ok(())
}

#[tokio::test]
async fn a_mailbox_takes_four_requests_at_a_time() -> Result<()> {
    let app = App::start().await?;
    let keys = app.connect(DANA, GRAPH).await?;
    let four = greenroom_tests::sandbox::Often::Times(4);
    let slow = Fault::once(Endpoint::Delta, FaultKind::Slow { ms: 600_000 }).often(four);
    app.microsoft.fault(slow);
    let waiting: Vec<_> = (0..4)
        .map(|_| {
            let request = app.http.get(delta(&app, "")).bearer_auth(&keys.access);
            tokio::spawn(request.send())
        })
        .collect();
    let arrived = || app.microsoft.counters().of(Endpoint::Delta) == 4;
    crate::app::until(arrived).await?;
    let url = delta(&app, "");
    let refused = app.http.get(&url).bearer_auth(&keys.access).send().await?;
    assert_eq!(refused.status(), 429);
    assert!(refused.headers().contains_key("retry-after"));
    let (_, body) = answer(refused).await?;
    assert_eq!(
        body["error"]["message"],
        "Application is over its MailboxConcurrency limit."
    );
    // Whose mailbox it is counts; who they are does not need it.
    assert_eq!(app.get("/me", &keys.access).await?.0, 200);
    waiting.iter().for_each(tokio::task::JoinHandle::abort);
    Ok(())
}

#[tokio::test]
async fn dovecot_opens_a_mailbox_to_a_token_for_exchange_and_none_for_graph() -> Result<()> {
    if !Mailboxes::are_there() {
        return Ok(());
    }
    let app = App::start().await?;
    let graph = app.connect(DANA, "IMAP.AccessAsUser.All").await?;
    let exchange = app.connect(DANA, EXCHANGE).await?;
    let directory = tempfile::tempdir()?;
    let at = directory.path().to_owned();
    let asks = app.microsoft.mail_login_url();
    let mailboxes = tokio::task::spawn_blocking(move || Mailboxes::open(&at, &asks)).await??;
    for (token, welcome) in [(&graph.access, false), (&exchange.access, true)] {
        let mut imap = Talk::with(&mailboxes.imap_url()).await?;
        imap.line().await?;
        imap.say(&format!("a AUTHENTICATE XOAUTH2 {}", xoauth2(DANA, token)))
            .await?;
        let mut said = imap.line().await?;
        if said.starts_with("+ ") {
            imap.say("").await?;
            said = imap.line().await?;
        }
        assert_eq!(!said.starts_with("a NO"), welcome, "{said}");
    }
    Ok(())
}
