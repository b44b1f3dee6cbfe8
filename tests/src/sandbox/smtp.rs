//! Owns SMTP as vendors take mail by it: one conversation, command by command. What is said, who may
//! log in and what becomes of a message are the vendor's [`Desk`].
//!
//! In the open, on 127.0.0.1; vendors want TLS first, which real servers test. Commands and
//! messages are bounded. Every message taken is kept as [`Sent`].

use std::collections::VecDeque;
use std::net::Ipv4Addr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A line of AUTH may be this long (RFC 4954, 4), in bytes.
const LONGEST_LINE: u64 = 12_288;
/// More than either vendor takes here, in bytes.
const LARGEST: usize = 32 << 20;
/// More recipients than either vendor lets one message have.
const MOST_RECIPIENTS: usize = 500;

/// A message a vendor took to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Whose account it was sent from.
    pub account: String,
    /// The envelope's sender; where there is no envelope, the account.
    pub from: String,
    /// The envelope's recipients.
    pub to: Vec<String>,
    /// The message, as it leaves.
    pub message: Vec<u8>,
    /// When it was taken.
    pub at: Timestamp,
}

/// Where in a conversation something is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The greeting.
    Connect,
    /// The log-in.
    Auth,
    /// MAIL FROM.
    Mail,
    /// RCPT TO.
    Rcpt,
    /// The end of a message.
    Data,
}

/// Something that goes wrong once in a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SmtpFault {
    /// Where.
    pub step: Step,
    /// What is said instead, without its end, `\r\n` between lines; `None` closes the connection.
    pub line: Option<String>,
    /// The message is taken all the same, and only the answer is another.
    #[serde(default)]
    pub taken: bool,
}

/// The faults waiting, the first of a step first.
#[derive(Default)]
pub(super) struct SmtpFaults(VecDeque<SmtpFault>);

impl SmtpFaults {
    pub(super) fn add(&mut self, fault: SmtpFault) {
        self.0.push_back(fault);
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) fn strike(&mut self, step: Step) -> Option<SmtpFault> {
        let at = self.0.iter().position(|fault| fault.step == step)?;
        self.0.remove(at)
    }
}

/// What comes of a log-in.
pub(super) enum LogIn {
    /// As this account; what is said.
    Welcome(String, String),
    /// Not at all.
    Refused(String),
    /// Not at all, and the client hears why before: what stands in the challenge, and what is said
    /// once it was answered.
    Challenged(String, String),
}

/// What a message comes with.
pub(super) struct Envelope {
    pub(super) account: String,
    pub(super) from: String,
    pub(super) to: Vec<String>,
}

/// A vendor at the other end. Every text is without its last `\r\n`.
pub(super) trait Desk: Clone + Send + Sync + 'static {
    fn greeting(&self) -> String;

    /// The lines of EHLO without their codes, the first one naming the server.
    fn extensions(&self) -> Vec<String>;

    /// `said` is what the client's words are in base64; of LOGIN the password.
    fn log_in(&self, mechanism: &str, said: &[u8]) -> LogIn;

    /// To who has not logged in.
    fn log_in_first(&self) -> String;

    fn sender_taken(&self) -> String;

    fn recipient_taken(&self) -> String;

    fn go_ahead(&self) -> String;

    fn goodbye(&self) -> String;

    /// Takes a message, or says why not.
    fn take(&self, envelope: Envelope, message: Vec<u8>) -> String;

    fn fault(&self, step: Step) -> Option<SmtpFault>;
}

/// User and token of XOAUTH2's first words
/// (<https://developers.google.com/workspace/gmail/imap/xoauth2-protocol>).
pub(super) fn xoauth2(said: &[u8]) -> Option<(String, String)> {
    let said = std::str::from_utf8(said).ok()?;
    let said = said.strip_prefix("user=")?.strip_suffix("\u{1}\u{1}")?;
    let (user, auth) = said.split_once('\u{1}')?;
    let token = auth.strip_prefix("auth=Bearer ")?;
    let whole = !user.is_empty() && !token.is_empty() && !token.contains('\u{1}');
    whole.then(|| (user.to_owned(), token.to_owned()))
}

/// An open port. Dropping it closes it at once; conversations go on.
pub(super) struct SmtpPort {
    port: u16,
    stop: watch::Sender<bool>,
}

impl SmtpPort {
    pub(super) async fn start<D: Desk>(desk: D) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        let (stop, mut stopped) = watch::channel(false);
        tokio::spawn(async move {
            loop {
                let accepted = tokio::select! {
                    accepted = listener.accept() => accepted,
                    _ = stopped.wait_for(|stop| *stop) => return,
                };
                let Ok((stream, _)) = accepted else { continue };
                let conversation = Conversation::new(stream, desk.clone());
                // Its error is a caller that went away.
                tokio::spawn(async move { conversation.hold().await.ok() });
            }
        });
        Ok(Self { port, stop })
    }

    pub(super) fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Closes the port.
    pub(super) async fn hang_up(&self) {
        self.stop.send_replace(true);
        self.stop.closed().await;
    }
}

impl Drop for SmtpPort {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

/// The conversation is over.
struct Over;

impl From<std::io::Error> for Over {
    fn from(_: std::io::Error) -> Self {
        Self
    }
}

struct Conversation<D> {
    stream: BufReader<TcpStream>,
    desk: D,
    account: Option<String>,
    from: Option<String>,
    to: Vec<String>,
}

impl<D: Desk> Conversation<D> {
    fn new(stream: TcpStream, desk: D) -> Self {
        Self {
            stream: BufReader::new(stream),
            desk,
            account: None,
            from: None,
            to: Vec::new(),
        }
    }

    async fn hold(mut self) -> Result<(), Over> {
        let greeting = self.desk.greeting();
        self.say_at(Step::Connect, greeting).await?;
        loop {
            let line = self.line().await?;
            let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
            match verb.to_ascii_uppercase().as_str() {
                "EHLO" => self.extensions().await?,
                "HELO" => self.say("250 at your service").await?,
                "AUTH" => self.auth(rest).await?,
                "MAIL" => self.mail(rest).await?,
                "RCPT" => self.rcpt(rest).await?,
                "DATA" => self.data().await?,
                "RSET" => {
                    self.forget();
                    self.say("250 2.1.5 Flushed").await?;
                }
                "NOOP" => self.say("250 2.0.0 OK").await?,
                "QUIT" => {
                    let goodbye = self.desk.goodbye();
                    self.say(&goodbye).await?;
                    return Ok(());
                }
                _ => self.say("502 5.5.1 Unrecognized command").await?,
            }
        }
    }

    fn forget(&mut self) {
        self.from = None;
        self.to.clear();
    }

    async fn extensions(&mut self) -> Result<(), Over> {
        self.forget();
        let lines = self.desk.extensions();
        let last = lines.len().saturating_sub(1);
        let lines = lines.iter().enumerate().map(|(at, line)| {
            let mark = if at == last { ' ' } else { '-' };
            format!("250{mark}{line}")
        });
        let lines: Vec<String> = lines.collect();
        self.say(&lines.join("\r\n")).await
    }

    async fn auth(&mut self, rest: &str) -> Result<(), Over> {
        if self.account.is_some() {
            return self.say("503 5.5.1 Already authenticated").await;
        }
        let (mechanism, first) = rest.split_once(' ').unwrap_or((rest, ""));
        let mechanism = mechanism.to_ascii_uppercase();
        let offered = self.desk.extensions();
        let offered = offered.iter().filter_map(|line| line.strip_prefix("AUTH "));
        if !offered
            .flat_map(|line| line.split(' '))
            .any(|it| it == mechanism)
        {
            return self.say("504 5.7.4 Unrecognized authentication type").await;
        }
        let words = match (mechanism.as_str(), first) {
            ("LOGIN", _) => {
                self.say("334 VXNlcm5hbWU6").await?;
                self.line().await?;
                self.say("334 UGFzc3dvcmQ6").await?;
                self.line().await?
            }
            (_, "") => {
                self.say("334 ").await?;
                self.line().await?
            }
            (_, first) => first.to_owned(),
        };
        let Ok(said) = STANDARD.decode(words) else {
            return self.say("501 5.5.2 Cannot Decode response").await;
        };
        match self.desk.log_in(&mechanism, &said) {
            LogIn::Welcome(account, welcome) => {
                if self.fault(Step::Auth).await? {
                    return Ok(());
                }
                self.account = Some(account);
                self.say(&welcome).await
            }
            LogIn::Refused(refusal) => self.say_at(Step::Auth, refusal).await,
            LogIn::Challenged(challenge, refusal) => {
                let challenge = STANDARD.encode(challenge);
                self.say(&format!("334 {challenge}")).await?;
                let answer = self.line().await?;
                if !answer.is_empty() {
                    return self.say("501 5.5.2 Cannot Decode response").await;
                }
                self.say_at(Step::Auth, refusal).await
            }
        }
    }

    async fn mail(&mut self, rest: &str) -> Result<(), Over> {
        if self.account.is_none() {
            let refusal = self.desk.log_in_first();
            return self.say(&refusal).await;
        }
        let Some(from) = address(rest, "FROM:") else {
            return self.say("555 5.5.2 Syntax error").await;
        };
        if self.fault(Step::Mail).await? {
            return Ok(());
        }
        self.forget();
        self.from = Some(from);
        let taken = self.desk.sender_taken();
        self.say(&taken).await
    }

    async fn rcpt(&mut self, rest: &str) -> Result<(), Over> {
        if self.from.is_none() {
            return self.say("503 5.5.1 MAIL first").await;
        }
        let to = address(rest, "TO:").filter(|to| to.contains('@'));
        let Some(to) = to else {
            return self
                .say("553 5.1.3 The recipient address is not a valid RFC 5321 address")
                .await;
        };
        if self.to.len() >= MOST_RECIPIENTS {
            return self.say("452 4.5.3 Too many recipients").await;
        }
        if self.fault(Step::Rcpt).await? {
            return Ok(());
        }
        self.to.push(to);
        let taken = self.desk.recipient_taken();
        self.say(&taken).await
    }

    async fn data(&mut self) -> Result<(), Over> {
        let (Some(account), Some(from)) = (self.account.clone(), self.from.clone()) else {
            return self.say("503 5.5.1 MAIL first").await;
        };
        if self.to.is_empty() {
            return self.say("503 5.5.1 RCPT first").await;
        }
        let go_ahead = self.desk.go_ahead();
        self.say(&go_ahead).await?;
        let message = self.message().await?;
        let to = std::mem::take(&mut self.to);
        self.forget();
        let fault = self.desk.fault(Step::Data);
        let envelope = Envelope { account, from, to };
        let lost = fault.as_ref().is_some_and(|fault| !fault.taken);
        let taken = match lost {
            true => String::new(),
            false => self.desk.take(envelope, message),
        };
        match fault {
            None => self.say(&taken).await,
            Some(fault) => self.say_instead(fault.line).await,
        }
    }

    /// Until the dot that stands alone.
    async fn message(&mut self) -> Result<Vec<u8>, Over> {
        let mut message = Vec::new();
        loop {
            let mut line = Vec::new();
            let mut limited = (&mut self.stream).take(LARGEST as u64);
            if limited.read_until(b'\n', &mut line).await? == 0 {
                return Err(Over);
            }
            if line == b".\r\n" {
                return Ok(message);
            }
            let stuffed = line.starts_with(b".");
            message.extend_from_slice(&line[usize::from(stuffed)..]);
            if message.len() > LARGEST {
                return Err(Over);
            }
        }
    }

    async fn line(&mut self) -> Result<String, Over> {
        let mut line = Vec::new();
        let mut limited = (&mut self.stream).take(LONGEST_LINE);
        limited.read_until(b'\n', &mut line).await?;
        let line = line.strip_suffix(b"\r\n").ok_or(Over)?;
        String::from_utf8(line.to_vec()).map_err(|_| Over)
    }

    async fn say(&mut self, text: &str) -> Result<(), Over> {
        let stream = self.stream.get_mut();
        stream.write_all(format!("{text}\r\n").as_bytes()).await?;
        Ok(stream.flush().await?)
    }

    async fn say_at(&mut self, step: Step, text: String) -> Result<(), Over> {
        match self.fault(step).await? {
            true => Ok(()),
            false => self.say(&text).await,
        }
    }

    /// Whether something else was said here.
    async fn fault(&mut self, step: Step) -> Result<bool, Over> {
        let Some(fault) = self.desk.fault(step) else {
            return Ok(false);
        };
        self.say_instead(fault.line).await?;
        Ok(true)
    }

    async fn say_instead(&mut self, line: Option<String>) -> Result<(), Over> {
        match line {
            Some(line) => self.say(&line).await,
            None => Err(Over),
        }
    }
}

/// The address of MAIL or RCPT; its parameters are not read.
fn address(rest: &str, begins: &str) -> Option<String> {
    let head = rest.get(..begins.len())?;
    if !head.eq_ignore_ascii_case(begins) {
        return None;
    }
    let rest = rest[begins.len()..].trim_start().strip_prefix('<')?;
    let (address, _) = rest.split_once('>')?;
    Some(address.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xoauth2_is_read_to_the_letter() {
        let good = b"user=dana@acme.example\x01auth=Bearer ya29.token\x01\x01";
        let read = ("dana@acme.example".to_owned(), "ya29.token".to_owned());
        assert_eq!(xoauth2(good), Some(read));
        for bad in [
            &b"user=dana@acme.example\x01auth=Bearer ya29.token\x01"[..],
            b"user=dana@acme.example\x01auth=ya29.token\x01\x01",
            b"user=\x01auth=Bearer ya29.token\x01\x01",
            b"\0dana\0password",
            b"",
        ] {
            assert_eq!(xoauth2(bad), None);
        }
    }

    #[test]
    fn an_address_stands_in_angle_brackets() {
        assert_eq!(
            address("FROM:<a@b.example> SIZE=5", "FROM:"),
            Some("a@b.example".into())
        );
        assert_eq!(address("to:<>", "TO:"), Some(String::new()));
        assert_eq!(address("FROM:a@b.example", "FROM:"), None);
        assert_eq!(address("TO", "TO:"), None);
    }
}
