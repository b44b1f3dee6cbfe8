//! Handing messages to a mail server: one connection a message, in private.
//!
//! Owns what a server's answers mean: whether the message was taken, was refused for good, was
//! certainly not taken, or may have been. What is wrong with the connection or the password is
//! never the message's fault. Of an answer to logging in only the code is kept: a server may repeat
//! what it was sent.

use std::sync::Mutex;
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};

use super::blame;
use super::wire::shape::Shape;
use super::wire::{self, Failure, Wire};
use crate::config::mail::{Privacy, Server};
use crate::outbox::{Handed, Message};
use crate::secrets::Source;

/// How long a message may take in all.
const WHOLE: Duration = Duration::from_secs(120);

/// How long a farewell may take.
const FAREWELL: Duration = Duration::from_secs(5);

/// The most that is read of a server while one message is handed over, in bytes: a hundred times
/// what one says.
const MOST_BYTES: usize = 64 << 10;

/// The most lines, of all answers. `lettre` parses an answer anew with every line of it.
const MOST_LINES: usize = 500;

/// The longest line of an answer, in bytes. Source: RFC 5321, 4.5.3.1.5 asks for 512.
const LONGEST_LINE: usize = 16 << 10;

/// A mail server that takes messages.
pub(super) struct Smtp {
    server: Server,
    password: Source,
    /// What this machine calls itself.
    hello: String,
    /// Read when first needed, and again after it was refused.
    kept: Mutex<Option<SecretString>>,
}

impl Smtp {
    pub fn new(server: Server, password: Source, hello: String) -> Self {
        Self {
            server,
            password,
            hello,
            kept: Mutex::default(),
        }
    }

    /// The server's name, for people.
    pub fn name(&self) -> String {
        format!("{}:{}", self.server.host, self.server.port)
    }

    /// Hands a message over.
    pub async fn send(&self, message: &Message) -> Handed {
        let mut connection = match tokio::time::timeout(WHOLE, self.connect()).await {
            Ok(Ok(connection)) => connection,
            Ok(Err(why)) => return Handed::NotTaken(why),
            Err(_) => return Handed::NotTaken(self.told("connect to", &Failure::Silent)),
        };
        let handed = match tokio::time::timeout(WHOLE, announce(&mut connection, message)).await {
            Ok(None) => {
                let handing = connection.message(&message.bytes);
                match tokio::time::timeout(WHOLE, handing).await {
                    Ok(Ok(_)) => Handed::Taken,
                    Ok(Err(error)) => judged(&error, Said::Message),
                    Err(_) => Handed::Unknown(self.told("hand a message to", &Failure::Silent)),
                }
            }
            Ok(Some(not_taken)) => not_taken,
            Err(_) => Handed::NotTaken(self.told("hand a message to", &Failure::Silent)),
        };
        // What a server says to a farewell changes nothing.
        let _ = tokio::time::timeout(FAREWELL, connection.quit()).await;
        handed
    }

    /// Logs in and goes away again.
    pub async fn check(&self) -> Result<(), String> {
        let mut connection = self.connect().await?;
        let _ = connection.quit().await;
        Ok(())
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, String> {
        let Server {
            host,
            user,
            privacy,
            ..
        } = &self.server;
        let reached = wire::reach(&self.server).await;
        let (stream, peer) = reached.map_err(|why| self.told("connect to", &why))?;
        let bounded = || (peer, MOST_BYTES, Shape::lines(LONGEST_LINE, MOST_LINES));
        let wire = match privacy {
            Privacy::Plain => {
                let (peer, most, shape) = bounded();
                Wire::new(stream, peer, most, shape)
            }
            Privacy::Tls => {
                let private = wire::private(stream, host).await;
                let private = private.map_err(|why| self.told("connect to", &why))?;
                let (peer, most, shape) = bounded();
                Wire::new(private, peer, most, shape)
            }
            Privacy::StartTls => {
                let private = async {
                    let stream = self.start_tls(stream).await?;
                    wire::private(stream, host).await
                };
                let private = private.await;
                let private = private.map_err(|why| self.told("start TLS with", &why))?;
                let (peer, most, shape) = bounded();
                // It has greeted before TLS, and does not again.
                Wire::new(private, peer, most, shape).beginning_with("220 go on\r\n")
            }
        };
        let id = self.id();
        let connection = AsyncSmtpConnection::connect_with_transport(Box::new(wire), &id).await;
        let mut connection =
            connection.map_err(|error| self.told("connect to", &failure(&error)))?;
        if let Some(user) = user {
            let password = self.password().await?;
            let credentials = Credentials::new(user.clone(), password.expose_secret().to_owned());
            let mechanisms = [Mechanism::Plain, Mechanism::Login];
            if let Err(error) = connection.auth(&mechanisms, &credentials).await {
                self.forget_password();
                return Err(self.told("log in to", &login_failure(&error)));
            }
        }
        Ok(connection)
    }

    /// Agrees on TLS. Read byte by byte, so that nothing said before TLS is taken for something
    /// said in it.
    async fn start_tls<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        mut stream: S,
    ) -> Result<S, Failure> {
        expect(&mut stream, 220).await?;
        let hello = format!("EHLO {}\r\n", self.id());
        stream
            .write_all(hello.as_bytes())
            .await
            .map_err(|error| Failure::of(&error))?;
        let offers = expect(&mut stream, 250).await?;
        if !offers
            .iter()
            .any(|it| it.trim().eq_ignore_ascii_case("STARTTLS"))
        {
            return Err(Failure::NoTls);
        }
        let begin = stream.write_all(b"STARTTLS\r\n").await;
        begin.map_err(|error| Failure::of(&error))?;
        expect(&mut stream, 220).await?;
        Ok(stream)
    }

    fn id(&self) -> ClientId {
        ClientId::Domain(self.hello.clone())
    }

    fn told(&self, what: &str, why: &Failure) -> String {
        format!("Couldn't {what} {}: {why}", self.name())
    }

    async fn password(&self) -> Result<SecretString, String> {
        let kept = self
            .kept
            .lock()
            .map(|kept| kept.clone())
            .unwrap_or_default();
        if let Some(kept) = kept {
            return Ok(kept);
        }
        let password = self.password.password("mail.smtp.password").await?;
        if let Ok(mut kept) = self.kept.lock() {
            *kept = Some(password.clone());
        }
        Ok(password)
    }

    fn forget_password(&self) {
        if let Ok(mut kept) = self.kept.lock() {
            *kept = None;
        }
    }
}

/// What was said last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    /// Whom it comes from, or that it comes.
    Announcement,
    /// Where it goes.
    Address,
    /// All of it.
    Message,
}

/// Tells the server what comes, from whom and to whom; what it says where it does not want it.
async fn announce(connection: &mut AsyncSmtpConnection, message: &Message) -> Option<Handed> {
    let addresses = (
        message.from.parse::<Address>(),
        message.to.parse::<Address>(),
    );
    let (Ok(from), Ok(to)) = addresses else {
        return Some(Handed::Refused {
            why: "the address is not one mail can be sent to".to_owned(),
            address: true,
        });
    };
    let mut parameters = Vec::new();
    let plain = |address: &Address| AsRef::<str>::as_ref(address).is_ascii();
    if !plain(&from) || !plain(&to) {
        if !connection
            .server_info()
            .supports_feature(Extension::SmtpUtfEight)
        {
            let why = "the mail server takes only ASCII addresses".to_owned();
            return Some(Handed::Refused { why, address: true });
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if !message.bytes.is_ascii() {
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    let from = Mail::new(Some(from), parameters);
    if let Err(error) = connection.command(from).await {
        return Some(judged(&error, Said::Announcement));
    }
    let to = Rcpt::new(to, Vec::new());
    if let Err(error) = connection.command(to).await {
        return Some(judged(&error, Said::Address));
    }
    let comes = connection.command(Data).await.err();
    comes.map(|error| judged(&error, Said::Announcement))
}

/// What an error after a good connection means. A message is taken only when all of it is answered
/// well: where an answer to something earlier is missing it was not taken, and where that answer is
/// missing, nobody knows.
fn judged(error: &smtp::Error, said: Said) -> Handed {
    let why = failure(error).to_string();
    match error.status().map(u16::from) {
        // Logging in is the administrator's affair. Source: RFC 4954, 6.
        Some(code @ (530 | 534 | 535 | 538)) => Handed::NotTaken(Failure::Login(code).to_string()),
        Some(_) if error.is_permanent() => Handed::Refused {
            address: said == Said::Address && !blame::is_ours(&why),
            why,
        },
        Some(_) => Handed::NotTaken(why),
        None if said == Said::Message => Handed::Unknown(why),
        None => Handed::NotTaken(why),
    }
}

/// Why an exchange failed; a refusal with its code and words.
fn failure(error: &smtp::Error) -> Failure {
    if let Some(code) = error.status() {
        let words = std::error::Error::source(error).map(ToString::to_string);
        return Failure::Said(wire::said(&format!("{code} {}", words.unwrap_or_default())));
    }
    match Failure::in_causes(error) {
        Some(why) => why,
        // The one answer of lettre to a connection that ends in the middle of a line.
        None if error.to_string().contains("incomplete") => Failure::Closed,
        None => Failure::Garbled,
    }
}

/// Why logging in failed. Nothing the server said is kept but its code.
fn login_failure(error: &smtp::Error) -> Failure {
    let said = error.to_string().to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|it| said.contains(it));
    match error.status().map(u16::from) {
        None if error.is_client() => Failure::NoMechanism,
        None => failure(error),
        Some(_) if says(&["application-specific", "app password", "5.7.9 "]) => {
            Failure::AppPassword
        }
        // Microsoft's word for a tenant or mailbox that takes no passwords:
        // https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/authenticated-client-smtp-submission
        Some(code) if says(&["5.7.139", "disabled"]) => Failure::Login(code),
        Some(400..=499) => Failure::CannotCheck,
        // Source: RFC 4954, 6.
        Some(535) => Failure::Password,
        Some(_) if says(&["5.7.8", "authentication failed", "authentication failure"]) => {
            Failure::Password
        }
        Some(code) => Failure::Login(code),
    }
}

/// Reads an answer that has to have this code, and what it says, line by line.
async fn expect(
    stream: &mut (impl AsyncRead + Unpin),
    expected: u16,
) -> Result<Vec<String>, Failure> {
    let mut lines = Vec::new();
    loop {
        let line = wire::line(stream).await?;
        let line = String::from_utf8_lossy(&line).into_owned();
        let (code, rest) = line.split_at_checked(3).ok_or(Failure::Garbled)?;
        let code: u16 = code.parse().map_err(|_| Failure::Garbled)?;
        let goes_on = rest.starts_with('-');
        lines.push(rest.get(1..).unwrap_or_default().to_owned());
        match goes_on {
            true if lines.len() == MOST_LINES => return Err(Failure::TooMuch),
            true => {}
            false if code == expected => return Ok(lines),
            false => {
                let words = format!("{code} {}", lines.join(" "));
                return Err(Failure::Said(wire::said(&words)));
            }
        }
    }
}

#[cfg(test)]
mod tests;
