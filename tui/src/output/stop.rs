//! How a command ends early, and what its failure looks like to a person and to a program.

use std::collections::BTreeMap;
use std::process::ExitCode;

use greenroom_protocol::{Error, ErrorKind};
use serde::Serialize;
use serde_json::Value;

use crate::widgets::text::clean;

/// Why a command ends before its end.
#[derive(Debug)]
pub(crate) enum Stop {
    /// It failed.
    Failed(Box<Failure>),
    /// Nobody reads what it prints.
    ReaderGone,
}

/// A failure, with the records it is about beside it.
#[derive(Debug)]
pub(crate) struct Failure {
    error: Error,
    beside: BTreeMap<&'static str, Value>,
}

#[derive(Serialize)]
struct FailureJson<'a> {
    error: ErrorJson<'a>,
    #[serde(flatten)]
    beside: BTreeMap<&'static str, &'a Value>,
}

#[derive(Serialize)]
struct ErrorJson<'a> {
    kind: ErrorKind,
    message: &'a str,
    hint: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    matches: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(Box::new(error.into()))
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failed(Box::new(failure))
    }
}

impl From<Error> for Failure {
    fn from(mut error: Error) -> Self {
        let interview = error.interview.take();
        let beside = interview.and_then(|interview| serde_json::to_value(interview).ok());
        Self {
            error,
            beside: beside
                .map(|interview| ("interview", interview))
                .into_iter()
                .collect(),
        }
    }
}

impl Failure {
    /// A failure with `record` under `name` beside it.
    pub(crate) fn with(error: Error, name: &'static str, record: &impl Serialize) -> Self {
        Self::from(error).and(name, record)
    }

    /// The same with another record beside it.
    #[must_use]
    pub(crate) fn and(mut self, name: &'static str, record: &impl Serialize) -> Self {
        if let Ok(record) = serde_json::to_value(record) {
            self.beside.insert(name, record);
        }
        self
    }

    /// What was wrong.
    pub(crate) fn kind(&self) -> ErrorKind {
        self.error.kind
    }

    /// `{"error":{"kind","message","hint"}}`, with the record beside it.
    pub(super) fn to_json(&self) -> impl Serialize {
        let Error {
            kind,
            message,
            hint,
            matches,
            field,
            ..
        } = &self.error;
        let hint = hint.as_deref();
        let field = field.as_deref();
        FailureJson {
            error: ErrorJson {
                kind: *kind,
                message,
                hint,
                matches,
                field,
            },
            beside: self
                .beside
                .iter()
                .map(|(name, record)| (*name, record))
                .collect(),
        }
    }

    /// What failed and why, what it could have meant, what to do next.
    pub(super) fn to_text(&self, colour: bool) -> String {
        let (red, normal) = if colour {
            ("\u{1b}[31m", "\u{1b}[0m")
        } else {
            ("", "")
        };
        let mut text = format!("{red}greenroom:{normal} {}\n", clean(&self.error.message));
        for candidate in &self.error.matches {
            text.push_str(&format!("  {}\n", clean(candidate)));
        }
        if let Some(hint) = &self.error.hint {
            text.push_str(&format!("hint: {}\n", clean(hint)));
        }
        text
    }
}

/// What the shell sees.
pub(crate) fn exit_code(ended: &Result<(), Stop>) -> ExitCode {
    match ended {
        Ok(()) | Err(Stop::ReaderGone) => ExitCode::SUCCESS,
        Err(Stop::Failed(failure)) => failure.kind().exit_code().into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{json, to_string};

    use super::*;

    #[test]
    fn programs_find_the_kind_the_hint_and_the_record() {
        let error = Error::new(ErrorKind::Pending, "not yet").hint("wait");
        let failure = Failure::with(error, "interview", &json!({ "id": 1 }));
        assert_eq!(
            to_string(&failure.to_json()).unwrap(),
            concat!(
                r#"{"error":{"kind":"pending","message":"not yet","hint":"wait"},"#,
                r#""interview":{"id":1}}"#
            )
        );
        let bare = Failure::from(Error::usage("no"));
        assert_eq!(
            to_string(&bare.to_json()).unwrap(),
            r#"{"error":{"kind":"usage","message":"no","hint":null}}"#
        );
    }

    #[test]
    fn people_read_one_line_each() {
        let mut error = Error::not_found("candidate Ann\u{1b}[2J: two match").hint("say which");
        error.matches = vec!["Ann Lee\nann@x.example".to_owned()];
        let text = Failure::from(error).to_text(false);
        assert_eq!(
            text,
            "greenroom: candidate Ann[2J: two match\n  Ann Lee ann@x.example\nhint: say which\n"
        );
    }

    #[test]
    fn every_kind_has_its_exit_code() {
        let code = |kind| exit_code(&Err(Error::new(kind, "").into()));
        for (kind, expected) in [
            (ErrorKind::Failed, 1),
            (ErrorKind::Usage, 2),
            (ErrorKind::Unreachable, 3),
            (ErrorKind::Version, 3),
            (ErrorKind::Zoom, 4),
            (ErrorKind::Denied, 5),
            (ErrorKind::Conflict, 6),
            (ErrorKind::NotFound, 7),
            (ErrorKind::Upstream, 8),
            (ErrorKind::Pending, 8),
        ] {
            assert_eq!(code(kind), ExitCode::from(expected), "{kind:?}");
        }
        assert_eq!(exit_code(&Err(Stop::ReaderGone)), ExitCode::SUCCESS);
    }
}
