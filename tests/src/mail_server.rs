//! A mail server of a few lines, on this machine: it takes every email, and can go away before it
//! says so, as one does whose answer is lost on the way.
//!
//! Real servers are in [`post_office`](crate::post_office); none of them loses an answer when a
//! test wants it to.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use greenroom_protocol::mail_settings as settings;
use greenroomd::config::mail::{MailConfig, ServerConfig};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::post::Found;

/// The server. It listens as long as it lives.
pub struct MailServer {
    port: u16,
    desk: Arc<Mutex<Desk>>,
    listening: JoinHandle<()>,
}

/// What all connections share.
#[derive(Default)]
struct Desk {
    taken: Vec<Vec<u8>>,
    log_ins: Vec<String>,
    loses_answers: bool,
}

impl MailServer {
    /// Starts it on a free port.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub async fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let desk = Arc::<Mutex<Desk>>::default();
        let shared = desk.clone();
        let listening = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // A caller who goes away in the middle has said nothing that counts.
                tokio::spawn(serve(stream, shared.clone()));
            }
        });
        Ok(Self {
            port,
            desk,
            listening,
        })
    }

    /// The configuration of a daemon that sends through it.
    #[must_use]
    pub fn config(&self) -> MailConfig {
        MailConfig {
            transport: "smtp".to_owned(),
            from: "interviews@acme.example".to_owned(),
            smtp: ServerConfig {
                url: format!("smtp://127.0.0.1:{}", self.port),
                ..ServerConfig::default()
            },
            ..MailConfig::default()
        }
    }

    /// From now on it takes emails and goes away without a word, or says again that it took them.
    pub fn loses_answers(&self, loses: bool) {
        locked(&self.desk).loses_answers = loses;
    }

    /// The same server in a workspace's settings, with this user.
    #[must_use]
    pub fn settings(&self, user: &str) -> settings::MailServer {
        settings::MailServer {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            security: settings::MailSecurity::Plain,
            user: Some(user.to_owned()),
        }
    }

    /// Who logged in with which password, each time: the user, a space, the password.
    #[must_use]
    pub fn log_ins(&self) -> Vec<String> {
        locked(&self.desk).log_ins.clone()
    }

    /// The emails to this address, in the order in which they were taken.
    ///
    /// # Errors
    ///
    /// Where one of them is no email.
    pub fn taken_by(&self, address: &str) -> anyhow::Result<Vec<Found>> {
        let taken = locked(&self.desk).taken.clone();
        let found = taken.into_iter().enumerate();
        let found = found.map(|(number, bytes)| Found::read(number.to_string(), bytes));
        let mut found = found.collect::<anyhow::Result<Vec<_>>>()?;
        found.retain(|it| it.to == address);
        Ok(found)
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// One connection, to its end.
async fn serve(stream: TcpStream, desk: Arc<Mutex<Desk>>) -> anyhow::Result<()> {
    let mut stream = BufReader::new(stream);
    say(&mut stream, "220 mx.example ESMTP").await?;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let verb = line.split_whitespace().next().unwrap_or_default();
        match verb.to_ascii_uppercase().as_str() {
            "DATA" => {
                say(&mut stream, "354 go on").await?;
                let message = message(&mut stream).await?;
                let answers = {
                    let mut desk = locked(&desk);
                    desk.taken.push(message);
                    !desk.loses_answers
                };
                if !answers {
                    return Ok(());
                }
                say(&mut stream, "250 taken").await?;
            }
            "EHLO" => say(&mut stream, "250-mx.example\r\n250 AUTH PLAIN").await?,
            "AUTH" => {
                let words = line.split_whitespace().nth(2).unwrap_or_default();
                let plain = String::from_utf8(STANDARD.decode(words)?)?;
                let log_in = plain.trim_start_matches('\0').replace('\0', " ");
                locked(&desk).log_ins.push(log_in);
                say(&mut stream, "235 come in").await?;
            }
            "QUIT" => return say(&mut stream, "221 bye").await,
            _ => say(&mut stream, "250 ok").await?,
        }
    }
}

async fn say(stream: &mut BufReader<TcpStream>, words: &str) -> anyhow::Result<()> {
    let line = format!("{words}\r\n");
    Ok(stream.get_mut().write_all(line.as_bytes()).await?)
}

/// A message up to the line that ends it, without the dots that were put before its own.
async fn message(stream: &mut BufReader<TcpStream>) -> anyhow::Result<Vec<u8>> {
    let mut message = Vec::new();
    loop {
        let mut line = Vec::new();
        let read = stream.read_until(b'\n', &mut line).await?;
        anyhow::ensure!(read > 0, "the caller went away in the middle of a message");
        if line == b".\r\n" {
            return Ok(message);
        }
        let own = line.strip_prefix(b".").unwrap_or(&line);
        message.extend_from_slice(own);
    }
}

fn locked(desk: &Mutex<Desk>) -> MutexGuard<'_, Desk> {
    desk.lock().unwrap_or_else(PoisonError::into_inner)
}
