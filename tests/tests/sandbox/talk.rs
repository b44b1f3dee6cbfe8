//! A conversation by lines, as with mail servers.

use anyhow::{Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

pub struct Talk(BufReader<TcpStream>);

impl Talk {
    /// With the server at `smtp://HOST:PORT` or `imap://HOST:PORT`.
    pub async fn with(url: &str) -> Result<Self> {
        let (_, place) = url.split_once("://").unwrap_or(("", url));
        Ok(Self(BufReader::new(TcpStream::connect(place).await?)))
    }

    pub async fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        ensure!(self.0.read_line(&mut line).await? > 0, "hung up");
        Ok(line.trim_end().to_owned())
    }

    /// Every line up to the one that has a space behind its code.
    pub async fn reply(&mut self) -> Result<String> {
        let mut lines = Vec::new();
        loop {
            let line = self.line().await?;
            let last = line.as_bytes().get(3) != Some(&b'-');
            lines.push(line);
            if last {
                return Ok(lines.join("\n"));
            }
        }
    }

    pub async fn say(&mut self, line: &str) -> Result<()> {
        Ok(self.0.write_all(format!("{line}\r\n").as_bytes()).await?)
    }

    /// Says a line and hears the reply.
    pub async fn ask(&mut self, line: &str) -> Result<String> {
        self.say(line).await?;
        self.reply().await
    }
}

/// A conversation by SMTP that has begun.
pub async fn smtp(url: &str) -> Result<Talk> {
    let mut talk = Talk::with(url).await?;
    let greeting = talk.reply().await?;
    ensure!(greeting.starts_with("220 "), "{greeting}");
    let extensions = talk.ask("EHLO client.example").await?;
    ensure!(extensions.contains("XOAUTH2"), "{extensions}");
    Ok(talk)
}

/// What XOAUTH2 says first.
pub fn xoauth2(user: &str, token: &str) -> String {
    STANDARD.encode(format!("user={user}\u{1}auth=Bearer {token}\u{1}\u{1}"))
}

/// A conversation by SMTP in which this user has logged in.
pub async fn logged_in(url: &str, user: &str, token: &str) -> Result<Talk> {
    let mut talk = smtp(url).await?;
    let said = talk
        .ask(&format!("AUTH XOAUTH2 {}", xoauth2(user, token)))
        .await?;
    ensure!(said.starts_with("235 "), "{said}");
    Ok(talk)
}

/// A short message with these heads.
pub fn message(from: &str, to: &str) -> String {
    format!(
        "From: {from}\r\nTo: {to}\r\nSubject: Interview\r\nMessage-ID: <1@acme.example>\r\n\r\nHello\r\n"
    )
}

/// Hands a message in; returns what is said at its end.
pub async fn hand_in(talk: &mut Talk, from: &str, to: &str, message: &str) -> Result<String> {
    for line in [&format!("MAIL FROM:<{from}>"), &format!("RCPT TO:<{to}>")] {
        let said = talk.ask(line).await?;
        ensure!(said.starts_with("250 "), "{line}: {said}");
    }
    let said = talk.ask("DATA").await?;
    ensure!(said.starts_with("354 "), "{said}");
    talk.ask(&format!("{message}.")).await
}
