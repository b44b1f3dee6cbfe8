//! What a caller gets when something did not work.
//!
//! Owns the closed set of kinds and the exit code each one has. Must not carry a secret or the text
//! of a chain of causes: that is logged by the daemon.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::interview::Interview;

/// The kind of a failure: what a script branches on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorKind {
    /// The operation failed.
    Failed,
    /// Wrong usage: an argument, a time that does not exist or comes twice, an unknown method.
    Usage,
    /// The daemon cannot be reached or does not answer.
    Unreachable,
    /// The daemon or the client is too old or too new.
    Version,
    /// Zoom is not connected or must be reconnected; nothing was written.
    Zoom,
    /// A Google or Microsoft account is not connected or must be reconnected; nothing was written.
    Account,
    /// Not permitted.
    Denied,
    /// Taken, already connected, changed by someone else, or an idempotency key with other
    /// arguments.
    Conflict,
    /// Not found, or ambiguous.
    NotFound,
    /// Zoom or the mail server refused or could not be reached; kept and tried again.
    Upstream,
    /// Not done yet; kept and tried again.
    Pending,
}

impl ErrorKind {
    /// The process exit code this kind has.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Unreachable | Self::Version => 3,
            Self::Zoom | Self::Account => 4,
            Self::Denied => 5,
            Self::Conflict => 6,
            Self::NotFound => 7,
            Self::Upstream | Self::Pending => 8,
        }
    }
}

/// A failure, as a person or a script reads it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// What a script branches on.
    pub kind: ErrorKind,
    /// What failed and why.
    pub message: String,
    /// What to do next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The records a reference could have meant, one line each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub matches: Vec<String>,
    /// The field of the request that is wrong, for forms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The interview as it stands, where the failure is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interview: Option<Box<Interview>>,
}

impl Error {
    /// A failure of `kind` that says what failed and why.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            hint: None,
            matches: Vec::new(),
            field: None,
            interview: None,
        }
    }

    /// Wrong usage.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Usage, message)
    }

    /// Not found, or ambiguous.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::NotFound, message)
    }

    /// Not permitted.
    pub fn denied(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Denied, message)
    }

    /// Taken or changed by someone else.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Conflict, message)
    }

    /// The operation failed.
    pub fn failed(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Failed, message)
    }

    /// With what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// With the field of the request that is wrong.
    #[must_use]
    pub fn field(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }
}
