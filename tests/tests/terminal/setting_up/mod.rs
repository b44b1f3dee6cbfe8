//! From an empty home to a booked interview whose invitations have left, with nothing but keys; and
//! the same in a shell. No file says anything of the company: the daemon's configuration only leads
//! to the sandboxes in place of Zoom and Google.

mod google;
mod shell;

use std::path::PathBuf;

use anyhow::ensure;
use greenroom_protocol::interview::{Interview, InterviewQuery, InterviewStatus};
use greenroom_protocol::mail_settings::{MailSource, MailTestQuery};
use greenroom_protocol::status::CheckResult;
use greenroom_tests::harness::{DANA, World};
use greenroom_tests::name_server::NameServer;
use greenroom_tests::post_office::{self, INTERVIEWS, PASSWORD, PostOffice, USER};
use greenroom_tests::sandbox::google::{CLIENT_ID, CLIENT_SECRET};
use greenroom_tests::sandbox::{Config, PUBLIC_CLIENT_ID, Sandbox};
use greenroom_tests::wait;
use vt100::Screen;

use self::google::GoogleMail;
use crate::fixture::{PROGRAM, client};
use crate::terminal::{CONTROL_S, CONTROL_U, ENTER, Size, TAB, Terminal};

/// The most keys that it may take; a paste is one.
const MOST_KEYS: usize = 90;

const CANDIDATES: &str = "name,email,job,stage\n\
    Priya Nair,priya.nair@mail.example,Engineer,Phone screen\n\
    Jun Tanaka,jun.tanaka@mail.example,Engineer,Applied\n";

/// A daemon without a workspace, a Zoom app or email, and somebody's file of candidates.
async fn empty_home() -> anyhow::Result<(World, PathBuf)> {
    let zoom = Sandbox::start(Config::default()).await?;
    let (oauth, api) = (zoom.oauth_url(), zoom.api_url());
    let world = World::around(PROGRAM, zoom, &oauth, &api, "").await?;
    let file = world.directory().join("candidates.csv");
    std::fs::write(&file, CANDIDATES)?;
    Ok((world, file))
}

/// Somebody at the keys, who counts them.
struct Hands {
    terminal: Terminal,
    keys: usize,
}

impl Hands {
    fn at(world: &World, size: Size) -> anyhow::Result<Self> {
        let terminal = Terminal::open(&client(world, &[]), size)?;
        Ok(Self { terminal, keys: 0 })
    }

    async fn type_in(&mut self, text: &str) -> anyhow::Result<()> {
        self.keys += text.chars().count();
        self.terminal.press(text).await
    }

    /// Pastes, which is one key.
    async fn paste(&mut self, text: &str) -> anyhow::Result<()> {
        self.keys += 1;
        self.terminal
            .press(&format!("\x1b[200~{text}\x1b[201~"))
            .await
    }

    async fn sees(&mut self, text: &str) -> anyhow::Result<()> {
        self.terminal.shows(text).await
    }

    /// The steps are shown with these words, no form is over them, and Enter does this.
    async fn is_at(&mut self, words: &str, enter: &str) -> anyhow::Result<()> {
        let hint = format!("enter {enter}");
        let what = format!("{words}, {hint}");
        let so = |screen: &Screen| {
            let shown = screen.contents();
            shown.contains(words) && shown.contains(&hint)
        };
        self.terminal.until(&what, so).await
    }

    /// The workspace and its Zoom app; email is next.
    async fn begin(&mut self) -> anyhow::Result<()> {
        self.sees("your first workspace").await?;
        let who = ["Acme", TAB, "Dana Reyes", TAB, DANA, CONTROL_S].concat();
        self.type_in(&who).await?;
        // The Zoom app: link, redirect and scopes come before the client id.
        self.is_at("nobody can connect Zoom yet", "set up").await?;
        self.type_in(ENTER).await?;
        self.sees("http://127.0.0.1/callback").await?;
        self.type_in(&ENTER.repeat(3)).await?;
        self.paste(PUBLIC_CLIENT_ID).await?;
        self.type_in(CONTROL_S).await?;
        self.is_at("2 of 6 done", "set up").await?;
        self.type_in(ENTER).await?;
        self.sees("Email of the workspace").await
    }

    /// The email test ends well, and the steps are there again.
    async fn is_tested(&mut self) -> anyhow::Result<()> {
        self.sees("Emails leave, and replies can be read").await?;
        self.type_in(ENTER).await?;
        self.is_at("3 of 6 done", "create a job").await
    }

    /// The first job, its candidates, Zoom, and an interview with the first of them.
    async fn book(&mut self, candidates: &str) -> anyhow::Result<()> {
        self.type_in(ENTER).await?;
        self.sees("New job").await?;
        self.type_in(&["Engineer", CONTROL_S].concat()).await?;
        self.is_at("4 of 6 done", "import").await?;
        self.type_in(ENTER).await?;
        self.sees("Import candidates").await?;
        self.paste(candidates).await?;
        self.type_in(CONTROL_S).await?;
        self.sees("2 to add").await?;
        self.type_in(CONTROL_S).await?;
        self.is_at("5 of 6 done", "set up").await?;
        self.sees("a take Mon–Fri 9–17").await?;
        self.type_in("a").await?;
        self.is_at("What comes next", "go to candidates").await?;
        self.type_in("c").await?;
        self.sees("Continue in the browser").await?;
        self.type_in(ENTER).await?;
        self.sees("press s to approve").await?;
        self.type_in("s").await?;
        self.is_at("✓ Connect Zoom", "go to candidates").await?;
        self.type_in(ENTER).await?;
        self.sees("Jun Tanaka").await?;
        self.type_in("n").await?;
        self.sees("New interview").await?;
        self.sees("The best time").await?;
        self.type_in(CONTROL_S).await?;
        self.sees("Passcode").await
    }
}

/// The interview that was booked, once these many keys were few enough.
async fn booked(world: &World, keys: usize) -> anyhow::Result<Interview> {
    ensure!(keys <= MOST_KEYS, "{keys} keys, more than {MOST_KEYS}");
    let dana = world.client().await?;
    let settings = dana.mail_settings().await?;
    assert_eq!(settings.source, MailSource::Workspace);
    let test = dana.mail_test(MailTestQuery::default()).await?;
    assert_eq!(test.result, Some(CheckResult::Ok), "{test:?}");
    let booked = dana.interview_list(InterviewQuery::default()).await?;
    let booked = booked.items.into_iter().next();
    let booked = booked.expect("an interview");
    assert_eq!(booked.status, InterviewStatus::Confirmed);
    Ok(booked)
}

/// Google is found by the address's MX, its app entered, and the mailbox connected in the browser.
#[tokio::test]
async fn from_an_empty_home_to_an_interview_emailed_by_google_with_nothing_but_keys()
-> anyhow::Result<()> {
    let (mut world, file) = empty_home().await?;
    let Some(mail) = GoogleMail::open(world.directory()).await? else {
        return Ok(());
    };
    world.reconfigure(&mail.config(), &[]).await?;
    let mut hands = Hands::at(&world, (80, 24))?;
    hands.begin().await?;
    hands.type_in(TAB).await?;
    hands.sees("Found: its MX is aspmx.l.google.com").await?;
    hands.type_in(CONTROL_S).await?;
    hands.sees("Google app of the workspace").await?;
    hands.sees("console.cloud.google.com").await?;
    hands.type_in(&TAB.repeat(2)).await?;
    hands.paste(CLIENT_ID).await?;
    hands.type_in(TAB).await?;
    hands.paste(CLIENT_SECRET).await?;
    hands.type_in(CONTROL_S).await?;
    hands.sees("Continue in the browser").await?;
    hands.type_in(ENTER).await?;
    hands.sees("press s to approve").await?;
    hands.type_in("s").await?;
    hands.is_tested().await?;
    hands.book(&file.display().to_string()).await?;
    let interview = booked(&world, hands.keys).await?;
    let candidate = &interview.candidate.email;
    wait::so("the invitation", async || mail.has_invited(candidate)).await;
    println!("{} keys by Google", hands.keys);
    Ok(())
}

/// The company has mail servers of its own, which are named, with a password.
#[tokio::test]
async fn from_an_empty_home_to_an_interview_emailed_by_servers_with_nothing_but_keys()
-> anyhow::Result<()> {
    if !post_office::is_there() {
        return Ok(());
    }
    let (mut world, file) = empty_home().await?;
    let office = PostOffice::open(&world.directory().join("post"))?;
    let names = NameServer::start(&[("acme.example", "mx.acme.example")]).await?;
    let authority = [("SSL_CERT_FILE", office.authority())];
    world.reconfigure(&names.config(), &authority).await?;
    let (smtp, imap) = office.servers();
    let mut hands = Hands::at(&world, (160, 50))?;
    hands.begin().await?;
    hands.type_in(CONTROL_U).await?;
    hands.paste(INTERVIEWS).await?;
    hands.type_in(TAB).await?;
    hands.sees("its MX is mx.acme.example").await?;
    hands.type_in(&["ot", ENTER, TAB].concat()).await?;
    hands.sees("SMTP server").await?;
    hands.paste(&format!("127.0.0.1:{}", smtp.port)).await?;
    hands.type_in(TAB).await?;
    hands.paste(&format!("127.0.0.1:{}", imap.port)).await?;
    hands.type_in(TAB).await?;
    hands.paste(USER).await?;
    hands.type_in(TAB).await?;
    hands.paste(PASSWORD).await?;
    hands.type_in(CONTROL_S).await?;
    hands.is_tested().await?;
    hands.book(&file.display().to_string()).await?;
    let interview = booked(&world, hands.keys).await?;
    let candidate = &interview.candidate.email;
    let has_come = async || {
        let found = office.delivered_to(candidate).unwrap();
        found.iter().any(|letter| letter.calendar.is_some())
    };
    wait::so("the invitation", has_come).await;
    println!("{} keys by servers", hands.keys);
    Ok(())
}
