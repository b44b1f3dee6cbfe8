//! A mail server for tests that behaves as badly as a test wants, on loopback.

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::config::mail::{Privacy, Server, ServerConfig};
use crate::mail::log_in::{LogIn, Protocol};

/// What a server that floods is stopped at.
const ENOUGH: usize = 64 << 20;

/// The password of these tests.
pub(in crate::mail) const PASSWORD: &str = "correct-horse-battery";

/// What a server does next.
#[derive(Debug, Clone)]
pub(in crate::mail) enum Act {
    /// Says this. `{line}` is what it heard last, `{tag}` its first word.
    Say(&'static str),
    /// Hears a line.
    Hear,
    /// Hears a message to its end.
    HearMessage,
    /// Says this again and again, until nobody listens.
    Flood(&'static str),
    /// Says nothing more, and waits until the other end goes.
    Wait,
}

/// What a server heard and said.
#[derive(Debug, Default)]
pub(in crate::mail) struct Story {
    /// Lines, in order.
    pub heard: Vec<String>,
    /// Bytes of a flood.
    pub flooded: usize,
}

/// A server that does these, once.
pub(in crate::mail) async fn peer(acts: Vec<Act>, privacy: Privacy) -> (Server, JoinHandle<Story>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let server = Server {
        host: "127.0.0.1".to_owned(),
        port,
        user: Some("robin".to_owned()),
        privacy,
    };
    let told = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("a caller");
        play(BufReader::new(stream), acts).await
    });
    (server, told)
}

async fn play(mut stream: BufReader<tokio::net::TcpStream>, acts: Vec<Act>) -> Story {
    let mut story = Story::default();
    for act in acts {
        match act {
            Act::Say(words) => {
                let line = story.heard.last().cloned().unwrap_or_default();
                let tag = line.split(' ').next().unwrap_or_default();
                let words = words.replace("{tag}", tag).replace("{line}", &line);
                let _ = stream.get_mut().write_all(words.as_bytes()).await;
            }
            Act::Hear => {
                let mut line = String::new();
                let _ = stream.read_line(&mut line).await;
                story.heard.push(line.trim_end().to_owned());
            }
            Act::HearMessage => loop {
                let mut line = String::new();
                let read = stream.read_line(&mut line).await.unwrap_or_default();
                if read == 0 || line == ".\r\n" {
                    break;
                }
            },
            Act::Flood(words) => {
                let chunk = words.repeat((64 << 10) / words.len());
                while story.flooded < ENOUGH {
                    if stream.get_mut().write_all(chunk.as_bytes()).await.is_err() {
                        break;
                    }
                    story.flooded += chunk.len();
                }
            }
            Act::Wait => {
                let mut rest = Vec::new();
                let _ = stream.read_to_end(&mut rest).await;
            }
        }
    }
    story
}

/// With the password of these tests.
pub(in crate::mail) fn by_password(protocol: Protocol) -> LogIn {
    let config = ServerConfig {
        password_command: printing(PASSWORD),
        ..ServerConfig::default()
    };
    LogIn::configured(&config, protocol)
}

/// With an access token, the password of these tests.
pub(in crate::mail) fn by_token(protocol: Protocol) -> LogIn {
    let config = ServerConfig {
        token_command: printing(PASSWORD),
        ..ServerConfig::default()
    };
    LogIn::configured(&config, protocol)
}

fn printing(text: &str) -> Vec<String> {
    ["printf", "%s", text].map(str::to_owned).into()
}

/// What a client says first with that token, in base64.
pub(in crate::mail) fn first_words() -> String {
    use base64::Engine as _;
    let words = format!("user=robin\u{1}auth=Bearer {PASSWORD}\u{1}\u{1}");
    base64::engine::general_purpose::STANDARD.encode(words)
}

/// Whether a text holds any of the password, in the forms it travels in.
pub(in crate::mail) fn holds_the_password(text: &str) -> bool {
    use base64::Engine as _;
    let base = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
    let forms = [
        PASSWORD.to_owned(),
        base(PASSWORD),
        base(&format!("\0robin\0{PASSWORD}")),
        base(&format!("user=robin\u{1}auth=Bearer {PASSWORD}")),
    ];
    let short = forms[..3].iter().any(|form| text.contains(&form[4..12]));
    short || text.contains(&forms[2][12..24]) || text.contains(&forms[3][32..44])
}
