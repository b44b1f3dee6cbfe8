//! Access tokens as Dovecot checks them: JSON Web Tokens, signed with a key it knows.

use std::io::Write as _;
use std::process::{Command, Stdio};

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::USER;

/// What tokens are signed with.
const KEY: &str = "a-key-of-this-test-alone";

/// The same, as Dovecot reads it.
pub(super) const KEY_IN_BASE64: &str = "YS1rZXktb2YtdGhpcy10ZXN0LWFsb25l";

/// An access token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token(pub(super) String);

impl Token {
    /// One for the user of the mailbox, which ends at `end`, in seconds since 1970.
    ///
    /// # Errors
    ///
    /// Where it can't be signed.
    pub fn ending(end: i64) -> anyhow::Result<Self> {
        let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let head = encode(r#"{"alg":"HS256","typ":"JWT"}"#);
        let claims = format!(
            r#"{{"email":"{USER}","sub":"{USER}","iat":1700000000,"nbf":1700000000,"exp":{end}}}"#
        );
        let signed = format!("{head}.{}", encode(&claims));
        let signature = URL_SAFE_NO_PAD.encode(sign(&signed)?);
        Ok(Self(format!("{signed}.{signature}")))
    }

    /// One that ended long ago.
    ///
    /// # Errors
    ///
    /// Where it can't be signed.
    pub fn ended() -> anyhow::Result<Self> {
        Self::ending(1_700_000_060)
    }

    /// One that goes on for years.
    ///
    /// # Errors
    ///
    /// Where it can't be signed.
    pub fn good() -> anyhow::Result<Self> {
        Self::ending(2_500_000_000)
    }

    /// What it says.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

fn sign(text: &str) -> anyhow::Result<Vec<u8>> {
    let mut command = Command::new("openssl");
    command.args(["dgst", "-sha256", "-hmac", KEY, "-binary"]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("run openssl")?;
    let input = child.stdin.take().context("openssl takes no input")?;
    (&input).write_all(text.as_bytes())?;
    drop(input);
    let output = child.wait_with_output()?;
    anyhow::ensure!(output.status.success(), "openssl did not sign");
    Ok(output.stdout)
}
