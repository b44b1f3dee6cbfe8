//! Handing messages to a mail server: one connection a message, in private.
//!
//! Owns what a server's answers mean: whether the message was taken, was refused for good, was
//! certainly not taken, or may have been. What is wrong with the connection, the password or the
//! account is never the message's fault. Of an answer to logging in only the code is kept: a server may repeat
//! what it was sent.

use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use zeroize::Zeroizing;

use super::blame;
use super::log_in::{Credential, LogIn, xoauth2_in_base64};
use super::refusal::{Refusal, With};
use super::sender::Held;
use super::trouble::Trouble;
use super::wire::shape::Shape;
use super::wire::{self, Failure, Wire};
use crate::config::mail::{Privacy, Server};
use crate::outbox::{Handed, Message};
use crate::secrets::strike;

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

/// The code of a server that wants to hear more. Source: RFC 4954, 4.
const CHALLENGE: u16 = 334;

/// The code of a server that let somebody in. Source: RFC 4954, 4.
const WELCOME: u16 = 235;

/// A mail server that takes messages.
pub(super) struct Smtp {
    server: Server,
    log_in: LogIn,
    /// What this machine calls itself.
    hello: String,
}

/// A connection on which one has logged in.
struct Session {
    connection: AsyncSmtpConnection,
    /// What it was done with, which the server may repeat.
    credential: Credential,
}

impl Smtp {
    /// A server without a user is sent to without logging in.
    pub fn new(server: Server, log_in: LogIn, hello: String) -> Self {
        let user = log_in.user().map(str::to_owned);
        let server = Server {
            user: user.or(server.user),
            ..server
        };
        let log_in = match &server.user {
            Some(_) => log_in,
            None => LogIn::None,
        };
        Self {
            server,
            log_in,
            hello,
        }
    }

    /// The server's name, for people.
    pub fn name(&self) -> String {
        format!("{}:{}", self.server.host, self.server.port)
    }

    /// Hands a message over.
    pub async fn send(&self, message: &Message) -> Handed {
        let mut session = match tokio::time::timeout(WHOLE, self.open()).await {
            Ok(Ok(session)) => session,
            Ok(Err(why)) => return Handed::NotTaken(why.to_string()),
            Err(_) => {
                let why = self.told("connect to", Failure::Silent);
                return Handed::NotTaken(why.to_string());
            }
        };
        let handed = self.hand_over(&mut session.connection, message).await;
        // What a server says to a farewell changes nothing.
        let _ = tokio::time::timeout(FAREWELL, session.connection.quit()).await;
        without(handed, &session.credential.secret())
    }

    async fn hand_over(&self, connection: &mut AsyncSmtpConnection, message: &Message) -> Handed {
        let silent = || self.told("hand a message to", Failure::Silent).to_string();
        match tokio::time::timeout(WHOLE, self.announce(connection, message)).await {
            Ok(None) => {}
            Ok(Some(not_taken)) => return not_taken,
            Err(_) => return Handed::NotTaken(silent()),
        }
        let handing = connection.message(&message.bytes);
        match tokio::time::timeout(WHOLE, handing).await {
            Ok(Ok(_)) => Handed::Taken,
            Ok(Err(error)) => self.judged(&error, Said::Message),
            Err(_) => Handed::Unknown(silent()),
        }
    }

    /// Logs in and goes away again.
    pub async fn check(&self) -> Result<(), Trouble> {
        self.log_in.read_anew();
        let mut session = self.open().await?;
        let _ = session.connection.quit().await;
        Ok(())
    }

    /// A connection on which one has logged in.
    async fn open(&self) -> Result<Session, Trouble> {
        let doing = format!("log in to {}", self.name());
        self.log_in
            .log_in(&doing, |credential| self.connect(credential))
            .await
    }

    async fn connect(&self, credential: Credential) -> Result<Session, Trouble> {
        let host = &self.server.host;
        let reached = wire::reach(&self.server).await;
        let (stream, peer) = reached.map_err(|why| self.told("connect to", why))?;
        let bounded = || (peer, MOST_BYTES, Shape::lines(LONGEST_LINE, MOST_LINES));
        let wire = match self.server.privacy {
            Privacy::Plain => {
                let (peer, most, shape) = bounded();
                Wire::new(stream, peer, most, shape)
            }
            Privacy::Tls => {
                let private = wire::private(stream, host).await;
                let private = private.map_err(|why| self.told("connect to", why))?;
                let (peer, most, shape) = bounded();
                Wire::new(private, peer, most, shape)
            }
            Privacy::StartTls => {
                let private = async {
                    let stream = self.start_tls(stream).await?;
                    wire::private(stream, host).await
                };
                let private = private.await;
                let private = private.map_err(|why| self.told("start TLS with", why))?;
                let (peer, most, shape) = bounded();
                // It has greeted before TLS, and does not again.
                Wire::new(private, peer, most, shape).beginning_with("220 go on\r\n")
            }
        };
        let id = self.id();
        let connection = AsyncSmtpConnection::connect_with_transport(Box::new(wire), &id).await;
        let mut connection =
            connection.map_err(|error| self.told("connect to", failure(&error)))?;
        let user = self.server.user.as_deref().unwrap_or_default();
        let logged_in = match &credential {
            Credential::None => Ok(()),
            Credential::Password(password) => {
                log_in_by_password(&mut connection, user, password).await
            }
            Credential::Token(token) => log_in_by_token(&mut connection, user, token).await,
        };
        logged_in.map_err(|why| self.told("log in to", why))?;
        Ok(Session {
            connection,
            credential,
        })
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

    fn told(&self, what: &str, why: Failure) -> Trouble {
        let doing = format!("{what} {}", self.name());
        Trouble::new(doing, why, self.server.user.as_deref())
    }

    /// Tells the server what comes, from whom and to whom; what it says where it does not want it.
    async fn announce(
        &self,
        connection: &mut AsyncSmtpConnection,
        message: &Message,
    ) -> Option<Handed> {
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
            return Some(self.judged(&error, Said::Announcement));
        }
        let to = Rcpt::new(to, Vec::new());
        if let Err(error) = connection.command(to).await {
            return Some(self.judged(&error, Said::Address));
        }
        let comes = connection.command(Data).await.err();
        comes.map(|error| self.judged(&error, Said::Announcement))
    }

    /// What an error after a good connection means. A message is taken only when all of it is answered
    /// well: where an answer to something earlier is missing it was not taken, and where that answer is
    /// missing, nobody knows.
    fn judged(&self, error: &smtp::Error, said: Said) -> Handed {
        let why = failure(error).to_string();
        match error.status().map(u16::from) {
            // Logging in is the administrator's affair. Source: RFC 4954, 6.
            Some(code @ (530 | 534 | 535 | 538)) => {
                let refusal = match Refusal::of_smtp(code, &why, self.log_in.with()) {
                    refusal @ Refusal::NotLoggedIn => refusal,
                    _ => Refusal::Code(code),
                };
                let why = self.told("hand a message to", Failure::LogIn(refusal));
                Handed::NotTaken(why.to_string())
            }
            Some(_) if error.is_permanent() => match Held::of_smtp(&why) {
                Some(held) => {
                    let user = self.server.user.as_deref().unwrap_or_default();
                    let why = self.told("hand a message to", held.failure(user));
                    Handed::NotTaken(why.to_string())
                }
                None => Handed::Refused {
                    address: said == Said::Address && !blame::is_ours(&why),
                    why,
                },
            },
            Some(_) => Handed::NotTaken(why),
            None if said == Said::Message => Handed::Unknown(why),
            None => Handed::NotTaken(why),
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

async fn log_in_by_password(
    connection: &mut AsyncSmtpConnection,
    user: &str,
    password: &SecretString,
) -> Result<(), Failure> {
    let credentials = Credentials::new(user.to_owned(), password.expose_secret().to_owned());
    let mechanisms = [Mechanism::Plain, Mechanism::Login];
    let answer = connection.auth(&mechanisms, &credentials).await;
    let refused = |error| login_failure(&error, With::Password);
    answer.map(drop).map_err(refused)
}

/// XOAUTH2. A server that refuses says so twice: first in a challenge, which is answered with
/// nothing, then with its code. `lettre` gives up at the challenge. Source:
/// <https://developers.google.com/workspace/gmail/imap/xoauth2-protocol>.
async fn log_in_by_token(
    connection: &mut AsyncSmtpConnection,
    user: &str,
    token: &SecretString,
) -> Result<(), Failure> {
    if !connection
        .server_info()
        .supports_auth_mechanism(Mechanism::Xoauth2)
    {
        return Err(Failure::LogIn(Refusal::NoMechanism(With::Token)));
    }
    let refused = |error| login_failure(&error, With::Token);
    let said = xoauth2_in_base64(user, token);
    let first = Zeroizing::new(format!("AUTH XOAUTH2 {}\r\n", said.as_str()));
    let mut answer = connection.command(first.as_str()).await;
    if matches!(&answer, Ok(answer) if answer.has_code(CHALLENGE)) {
        answer = connection.command("\r\n").await;
    }
    match answer.map_err(refused)?.has_code(WELCOME) {
        true => Ok(()),
        false => Err(Failure::Garbled),
    }
}

/// What became of a message, without a secret that the server may have repeated.
fn without(handed: Handed, secret: &str) -> Handed {
    let struck = |why: String| strike(&why, [secret]);
    match handed {
        Handed::Taken => Handed::Taken,
        Handed::Refused { why, address } => Handed::Refused {
            why: struck(why),
            address,
        },
        Handed::NotTaken(why) => Handed::NotTaken(struck(why)),
        later @ Handed::NotBefore { .. } => later,
        Handed::Unknown(why) => Handed::Unknown(struck(why)),
    }
}

/// Why logging in failed. Nothing the server said is kept but its code.
fn login_failure(error: &smtp::Error, with: With) -> Failure {
    match error.status().map(u16::from) {
        None if error.is_client() => Failure::LogIn(Refusal::NoMechanism(with)),
        None => failure(error),
        Some(code) => Failure::LogIn(Refusal::of_smtp(code, &error.to_string(), with)),
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
