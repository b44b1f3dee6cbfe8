//! A company whose email is Google's: the sandbox, a mailbox that its tokens open, and a name server
//! that says whose mail it is.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use greenroom_tests::name_server::NameServer;
use greenroom_tests::post_office::Mailboxes;
use greenroom_tests::sandbox::google::{self, CLIENT_ID, Google};
use tokio::task::{JoinHandle, spawn_blocking};

/// Between two looks at what was sent.
const LOOK: Duration = Duration::from_millis(20);

/// All of it, while it runs.
pub struct GoogleMail {
    pub google: google::Sandbox,
    mailboxes: Arc<Mailboxes>,
    names: NameServer,
    delivering: JoinHandle<()>,
}

impl GoogleMail {
    /// Opens it in a directory; `None` where no mailbox can be run here.
    pub async fn open(directory: &Path) -> anyhow::Result<Option<Self>> {
        if !Mailboxes::are_there() {
            return Ok(None);
        }
        let google = google::Sandbox::start(google::Config::default()).await?;
        let (at, asks) = (directory.join("mailboxes"), google.mail_login_url());
        let mailboxes = spawn_blocking(move || Mailboxes::open(&at, &asks)).await??;
        let mailboxes = Arc::new(mailboxes);
        let names = NameServer::start(&[("acme.example", "aspmx.l.google.com")]).await?;
        let delivering = tokio::spawn(deliver(Google::clone(&google), mailboxes.clone()));
        Ok(Some(Self {
            google,
            mailboxes,
            names,
            delivering,
        }))
    }

    /// The daemon's configuration: where everything is, and no app.
    pub fn config(&self) -> String {
        let google = self.google.config(Some(&self.mailboxes.imap_url()));
        let app = format!("client_id = \"{CLIENT_ID}\"\n");
        assert!(google.contains(&app), "{google}");
        google.replace(&app, "") + &self.names.config()
    }

    /// Whether this address was sent an invitation.
    pub fn has_invited(&self, address: &str) -> bool {
        let sent = self.google.sent();
        let mut sent = sent
            .iter()
            .filter(|it| it.to.iter().any(|to| to == address));
        sent.any(|it| String::from_utf8_lossy(&it.message).contains("text/calendar"))
    }
}

impl Drop for GoogleMail {
    fn drop(&mut self) {
        self.delivering.abort();
    }
}

/// What an account writes to itself comes into its mailbox.
async fn deliver(google: Google, mailboxes: Arc<Mailboxes>) {
    let mut seen = 0;
    loop {
        for sent in google.sent().into_iter().skip(seen) {
            seen += 1;
            if sent.to.contains(&sent.account) {
                let mailboxes = mailboxes.clone();
                let into = move || mailboxes.deliver(&sent.account, &sent.message);
                let delivered = spawn_blocking(into).await;
                delivered
                    .expect("nobody ends it")
                    .expect("Dovecot takes it");
            }
        }
        tokio::time::sleep(LOOK).await;
    }
}
