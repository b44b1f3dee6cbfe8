//! A connection to a mail server, and why it does not serve.
//!
//! Owns the way there: name, TCP, TLS. Invariants: nothing a server sends is read without a limit,
//! before TLS and after it, in bytes, in one line and in how deep it nests; and what goes wrong is
//! a plain sentence that holds nothing a server said unless it is an answer to a message, and that
//! without our secrets. Must not know a message.

pub(in crate::mail) mod hello;
#[cfg(test)]
pub(in crate::mail) mod peer;
pub(in crate::mail) mod shape;

use std::fmt;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use lettre::transport::smtp::client::AsyncTokioStream;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use rustls_platform_verifier::BuilderVerifierExt as _;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use self::shape::Shape;
use super::refusal::Refusal;
use crate::config::mail::Server;
use crate::secrets::strike;

/// The longest line of a server that is read where lines are short. Source: RFC 5321, 4.5.3.1.5
/// asks for 512 bytes.
const LONGEST_LINE: usize = 16 << 10;

/// The longest text of a server's answer that is kept, in characters.
const LONGEST_REASON: usize = 300;

/// Why a mail server does not serve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::mail) enum Failure {
    /// Nobody knows its name.
    Name,
    /// Nothing listens there.
    Refused,
    /// The network does not lead there.
    Unreachable,
    /// It says nothing.
    Silent,
    /// It has said nothing for so long.
    SilentFor(Duration),
    /// It ended the connection.
    Closed,
    /// It sends more than any answer has.
    TooMuch,
    /// What it sends is not its protocol.
    Garbled,
    /// It does not speak TLS where it should.
    NoTls,
    /// Its certificate is not to be trusted.
    Certificate(&'static str),
    /// It does not let us log in.
    LogIn(Refusal),
    /// The settings name nobody who logs in.
    NoUser,
    /// The user's name or the password cannot be said to it.
    Unsayable,
    /// The password or token is not to be had here; a sentence of its own.
    NoSecret(String),
    /// It refuses, in these words.
    Said(String),
    /// In words of our own.
    Told {
        /// Why.
        text: String,
        /// What to do about it.
        hint: Option<String>,
    },
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Name => "no server of that name was found; check the host in the configuration and the network",
            Self::Refused => "nothing accepts connections there; check host and port",
            Self::Unreachable => "the network does not lead there; check the network and any firewall",
            Self::Silent => "the server does not answer",
            Self::SilentFor(time) => {
                let seconds = time.as_secs();
                return write!(out, "the server does not answer within {seconds} seconds");
            }
            Self::Closed => "the server closed the connection",
            Self::TooMuch => "the server sent far more than an answer has; it may not be a mail server",
            Self::Garbled => "the answer could not be understood; it may not be a mail server",
            Self::NoTls => "the server does not offer TLS there; check the scheme and the port",
            Self::Certificate(why) => why,
            Self::LogIn(refusal) => return out.write_str(&refusal.text()),
            Self::NoUser => "the settings name no user",
            Self::Unsayable => "the user name or password has a character that IMAP cannot carry",
            Self::NoSecret(why) | Self::Said(why) | Self::Told { text: why, .. } => why,
        })
    }
}

impl std::error::Error for Failure {}

impl Failure {
    /// What the system or the stream says.
    pub fn of(error: &io::Error) -> Self {
        let inner = error.get_ref();
        // Libraries wrap what they were given.
        if let Some(io) = inner.and_then(|it| it.downcast_ref::<io::Error>()) {
            return Self::of(io);
        }
        if let Some(known) = inner.and_then(|it| it.downcast_ref::<Self>()) {
            return known.clone();
        }
        if let Some(tls) = inner.and_then(|it| it.downcast_ref::<rustls::Error>()) {
            return Self::of_tls(tls);
        }
        match error.kind() {
            ErrorKind::ConnectionRefused => Self::Refused,
            ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable => Self::Unreachable,
            ErrorKind::TimedOut | ErrorKind::WouldBlock => Self::Silent,
            ErrorKind::UnexpectedEof
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe
            | ErrorKind::NotConnected => Self::Closed,
            ErrorKind::InvalidData | ErrorKind::Other => Self::Garbled,
            _ => Self::Unreachable,
        }
    }

    /// The first of an error's causes that the network or the stream had.
    pub fn in_causes(error: &(dyn std::error::Error + 'static)) -> Option<Self> {
        let mut cause = Some(error);
        while let Some(error) = cause {
            if let Some(io) = error.downcast_ref::<io::Error>() {
                return Some(Self::of(io));
            }
            cause = error.source();
        }
        None
    }

    /// What to do about it, and who does it, where that is known. `user` is who logs in.
    pub fn hint(&self, user: &str) -> Option<String> {
        match self {
            Self::LogIn(refusal) => refusal.hint(user),
            Self::Told { hint, .. } => hint.clone(),
            _ => None,
        }
    }

    /// The same without a secret that the server may have repeated.
    pub fn without(self, secret: &str) -> Self {
        match self {
            Self::Said(text) => Self::Said(strike(&text, [secret])),
            why => why,
        }
    }

    fn of_tls(error: &rustls::Error) -> Self {
        use rustls::CertificateError as C;
        match error {
            rustls::Error::InvalidCertificate(why) => Self::Certificate(match why {
                C::Expired | C::ExpiredContext { .. } => {
                    "its certificate has expired; if it has not, check this machine's clock"
                }
                C::NotValidYet | C::NotValidYetContext { .. } => {
                    "its certificate is not valid yet; check this machine's clock"
                }
                C::NotValidForName | C::NotValidForNameContext { .. } => {
                    "its certificate is for another name; check the host in the configuration"
                }
                C::Revoked => "its certificate was revoked",
                _ => "its certificate is not signed by an authority that this machine trusts",
            }),
            rustls::Error::InvalidMessage(_) => Self::NoTls,
            _ => Self::Garbled,
        }
    }
}

/// What a server said, made plain and without secrets: one line of at most 300 characters.
pub(in crate::mail) fn said(text: &str) -> String {
    let plain = |letter: char| if letter.is_control() { ' ' } else { letter };
    let text: String = strike(text, []).chars().map(plain).collect();
    text.trim().chars().take(LONGEST_REASON).collect()
}

/// Bytes both ways.
pub(in crate::mail) trait Transport:
    AsyncRead + AsyncWrite + fmt::Debug + Send + Sync + Unpin
{
}
impl<T: AsyncRead + AsyncWrite + fmt::Debug + Send + Sync + Unpin> Transport for T {}

/// What a server sends, as far as anybody wants to read it.
#[derive(Debug)]
pub(in crate::mail) struct Wire {
    inner: Box<dyn Transport>,
    peer: SocketAddr,
    /// Read before anything else.
    prefix: Vec<u8>,
    /// The bytes that may still be read.
    left: usize,
    /// Whether more was sent than may be read.
    exceeded: bool,
    shape: Shape,
}

impl Wire {
    /// A connection on which at most `most` bytes are read, in lines as short as `shape` says.
    pub fn new(
        inner: impl Transport + 'static,
        peer: SocketAddr,
        most: usize,
        shape: Shape,
    ) -> Self {
        Self {
            inner: Box::new(inner),
            peer,
            prefix: Vec::new(),
            left: most,
            exceeded: false,
            shape,
        }
    }

    /// The same, on which this is read first.
    pub fn beginning_with(mut self, prefix: &str) -> Self {
        self.prefix = prefix.as_bytes().to_vec();
        self
    }

    /// Whether more was sent than may be read. Nothing is read any more.
    pub fn is_exceeded(&self) -> bool {
        self.exceeded
    }

    /// From now on so many bytes may be read, and no more.
    pub fn allow(&mut self, most: usize) {
        self.left = most;
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if !this.prefix.is_empty() {
            let count = out.remaining().min(this.prefix.len());
            out.put_slice(&this.prefix[..count]);
            this.prefix.drain(..count);
            return Poll::Ready(Ok(()));
        }
        let before = out.filled().len();
        ready!(Pin::new(&mut this.inner).poll_read(context, out))?;
        let read = &out.filled()[before..];
        if read.len() > this.left || !this.shape.allows(read) {
            this.exceeded = true;
            return Poll::Ready(Err(too_much()));
        }
        this.left -= read.len();
        Poll::Ready(Ok(()))
    }
}

fn too_much() -> io::Error {
    io::Error::new(ErrorKind::InvalidData, Failure::TooMuch)
}

impl AsyncWrite for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().inner).poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(context)
    }
}

impl AsyncTokioStream for Wire {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.peer)
    }
}

/// A connection to a server, in the open.
pub(in crate::mail) async fn reach(server: &Server) -> Result<(TcpStream, SocketAddr), Failure> {
    let found = tokio::net::lookup_host((server.host.as_str(), server.port)).await;
    let places: Vec<SocketAddr> = found.map_err(|_| Failure::Name)?.collect();
    let mut why = Failure::Name;
    for place in places {
        match TcpStream::connect(place).await {
            Ok(stream) => return Ok((stream, place)),
            Err(error) => why = Failure::of(&error),
        }
    }
    Err(why)
}

/// The same connection in private.
pub(in crate::mail) async fn private(
    stream: impl Transport + 'static,
    host: &str,
) -> Result<impl Transport + 'static, Failure> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_platform_verifier());
    let config = config.map_err(|error| Failure::of_tls(&error))?;
    let connector = TlsConnector::from(Arc::new(config.with_no_client_auth()));
    let name = ServerName::try_from(host.to_owned()).map_err(|_| Failure::Name)?;
    let private = connector.connect(name, stream).await;
    private.map_err(|error| Failure::of(&error))
}

/// One line of a server that nothing was read from before, byte by byte, so that nothing after it
/// is read.
pub(in crate::mail) async fn line(
    stream: &mut (impl AsyncRead + Unpin),
) -> Result<Vec<u8>, Failure> {
    let mut line = Vec::new();
    loop {
        let byte = stream
            .read_u8()
            .await
            .map_err(|error| Failure::of(&error))?;
        match byte {
            b'\n' => return Ok(line),
            _ if line.len() == LONGEST_LINE => return Err(Failure::TooMuch),
            byte => line.push(byte),
        }
    }
}
