//! A Dovecot whose mailboxes are opened by access tokens (XOAUTH2), which it asks a sandbox about.
//!
//! It judges how we log in at IMAP, for neither the daemon nor a sandbox is asked what XOAUTH2 is.
//! Everybody whose token opens their mail has a mailbox of their own, made when it is first opened.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::configured::{self, By};
use super::{Ports, UNIX, certify, dovecot_is_there, run, start_dovecot, wait_for};
use crate::lifeline::Held;

/// The server. It ends when dropped.
pub struct Mailboxes {
    directory: PathBuf,
    imap: Ports,
    dovecot: Held,
}

impl Mailboxes {
    /// Whether one can be run here; where not, it says what is missing.
    ///
    /// # Panics
    ///
    /// Where `GREENROOM_REQUIRE` names what is missing.
    #[must_use]
    pub fn are_there() -> bool {
        dovecot_is_there()
    }

    /// Opens them in `directory`, asking whose token it is at this address with the token behind
    /// it, such as a sandbox's `mail_login_url`.
    ///
    /// # Errors
    ///
    /// Where the server does not start or answer, or a file cannot be written.
    pub fn open(directory: &Path, whose_token: &str) -> anyhow::Result<Self> {
        let directory = directory.to_owned();
        for folder in ["run", "state", "home", "mailboxes"] {
            fs::create_dir_all(directory.join(folder))?;
        }
        certify(&directory)?;
        let imap = Ports::free()?;
        let at = directory.display().to_string();
        let config = configured::dovecot(&at, imap, By::Token);
        fs::write(directory.join("dovecot.conf"), config)?;
        let asks = configured::introspection(whose_token);
        fs::write(directory.join("oauth2.conf"), asks)?;
        run(Command::new("chown").args(["-R", &format!("{UNIX}:{UNIX}"), &at]))?;
        run(Command::new("chmod").args(["711", &at]))?;
        let dovecot = start_dovecot(&directory)?;
        for port in [imap.tls, imap.open] {
            wait_for(&directory, port)?;
        }
        Ok(Self {
            directory,
            imap,
            dovecot,
        })
    }

    /// In the open, which vendors do not have.
    #[must_use]
    pub fn imap_url(&self) -> String {
        format!("imap://127.0.0.1:{}", self.imap.open)
    }

    /// Private from the first byte, vouched for by [`authority`](Self::authority).
    #[must_use]
    pub fn imaps_url(&self) -> String {
        format!("imaps://127.0.0.1:{}", self.imap.tls)
    }

    /// The certificate of the authority that vouches for it.
    #[must_use]
    pub fn authority(&self) -> PathBuf {
        self.directory.join("ca.pem")
    }

    /// A message arrives in somebody's mailbox.
    ///
    /// # Errors
    ///
    /// Where a file cannot be written.
    pub fn deliver(&self, email: &str, message: &[u8]) -> anyhow::Result<()> {
        let mailbox = self.directory.join("mailboxes").join(email.to_lowercase());
        for part in ["cur", "new", "tmp"] {
            fs::create_dir_all(mailbox.join(part))?;
        }
        let name = format!("{:016x}.sandbox", getrandom::u64()?);
        fs::write(mailbox.join("tmp").join(&name), message)?;
        let at = mailbox.display().to_string();
        run(Command::new("chown").args(["-R", &format!("{UNIX}:{UNIX}"), &at]))?;
        Ok(fs::rename(
            mailbox.join("tmp").join(&name),
            mailbox.join("new").join(&name),
        )?)
    }

    /// The server stops for a while.
    pub fn close(&mut self) {
        self.dovecot.kill();
    }

    /// It is there again.
    ///
    /// # Errors
    ///
    /// Where it does not start or answer.
    pub fn reopen(&mut self) -> anyhow::Result<()> {
        self.dovecot = start_dovecot(&self.directory)?;
        wait_for(&self.directory, self.imap.tls)
    }
}
