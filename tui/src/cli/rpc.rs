//! `greenroom rpc METHOD [JSON]`.

use std::io::Read;
use std::time::Duration;

use clap::Args;
use greenroom_protocol::strict::{argument_with, unknown_argument};
use greenroom_protocol::text::printable;
use greenroom_protocol::{Error, ErrorKind};
use serde_json::Value;

use super::session::Session;
use crate::client::{Raw, camel_case};
use crate::output::Stop;

/// The longest arguments that are read: more does not fit into a frame.
const LONGEST: u64 = 1 << 20;

/// From this protocol on a daemon refuses fields it does not know.
const STRICT: u64 = 2;

/// Arguments are by name: `greenroom rpc candidate_list '{"query":{"text":"ana"}}'`.
#[derive(Debug, Args)]
pub(crate) struct Rpc {
    /// The method, such as candidate_list or CandidateList
    method: String,
    /// Its arguments; `-` reads them from standard input
    #[arg(value_name = "JSON", default_value = "{}")]
    arguments: String,
    /// Only show what would happen; refused for methods without a dry run
    #[arg(long)]
    dry_run: bool,
}

impl Rpc {
    pub(crate) async fn run(self, session: &Session) -> Result<(), Stop> {
        let mut arguments = self.arguments()?;
        let method = camel_case(&self.method);
        if self.dry_run {
            set_dry_run(&method, &mut arguments)?;
        }
        // Starts a daemon where one is wanted; the call itself knows no types.
        drop(session.client().await?);
        let mut raw = Raw::open(&session.target).await.map_err(Error::from)?;
        let hello = raw.hello(&session.target).await?;
        refuse_what_is_ignored(&hello, &method, &arguments, self.dry_run)?;
        let time = session.patience_or(Duration::from_secs(60));
        let answer = raw.call(&method, arguments, time).await?;
        session.output.json(&answer)
    }

    fn arguments(&self) -> Result<Value, Error> {
        let mut text = self.arguments.clone();
        if text == "-" {
            text.clear();
            let mut stdin = std::io::stdin().take(LONGEST);
            stdin
                .read_to_string(&mut text)
                .map_err(|error| Error::usage(format!("Couldn't read the arguments: {error}")))?;
        }
        serde_json::from_str(&text)
            .map_err(|error| Error::usage(format!("Couldn't read the arguments: {error}")))
    }
}

/// Asks for a dry run, where the method has one.
fn set_dry_run(method: &str, arguments: &mut Value) -> Result<(), Error> {
    let Some(argument) = argument_with(method, "dry_run") else {
        return Err(
            Error::usage(format!("{method} has no dry run; nothing was called"))
                .hint("methods with a field `dry_run` have one: greenroom generate schema")
                .field("dry_run"),
        );
    };
    let fields = arguments.get_mut(argument).and_then(Value::as_object_mut);
    let Some(fields) = fields else {
        return Err(Error::usage(format!(
            "{method} needs its arguments for a dry run: {{\"{argument}\":{{…}}}}"
        ))
        .field(argument));
    };
    fields.insert("dry_run".to_owned(), Value::Bool(true));
    Ok(())
}

/// Daemons of protocol 1 ignore fields they do not know, and would do in earnest what was meant to
/// be tried out.
fn refuse_what_is_ignored(
    hello: &Value,
    method: &str,
    arguments: &Value,
    dry_run: bool,
) -> Result<(), Error> {
    if hello["protocol"].as_u64() >= Some(STRICT) {
        return Ok(());
    }
    let build = hello["build"].as_str().unwrap_or_default();
    let daemon = format!("{} (protocol 1)", printable(build, 40));
    if let Some(refusal) = unknown_argument(method, arguments, &daemon) {
        return Err(refusal);
    }
    if dry_run {
        return Err(Error::new(
            ErrorKind::Version,
            format!("The daemon {daemon} ignores unknown fields, so a dry run is not safe"),
        )
        .hint("restart it: greenroom daemon restart"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Case C4: `rpc --dry-run`.
    #[test]
    fn a_dry_run_is_set_where_the_method_has_one_and_refused_in_words_elsewhere() {
        let mut cancel = json!({"interview": {"reference": "int_1"}});
        set_dry_run("InterviewCancel", &mut cancel).unwrap();
        assert_eq!(cancel["interview"]["dry_run"], true);
        let mut said_otherwise = json!({"interview": {"reference": "int_1", "dry_run": false}});
        set_dry_run("InterviewCancel", &mut said_otherwise).unwrap();
        assert_eq!(said_otherwise, cancel);

        let refused = set_dry_run("JobAdd", &mut json!({"job": {"title": "x"}})).unwrap_err();
        assert_eq!(refused.kind, ErrorKind::Usage);
        assert!(
            refused.message.contains("JobAdd has no dry run"),
            "{refused}"
        );
        for nothing in [json!({}), json!({"interview": "int_1"}), json!([])] {
            let refused = set_dry_run("InterviewCancel", &mut nothing.clone()).unwrap_err();
            assert!(refused.message.contains("needs its arguments"), "{refused}");
        }
    }

    #[test]
    fn a_daemon_that_ignores_fields_gets_none_it_may_not_know() {
        let old = json!({"protocol": 1, "build": "0.1.0"});
        let new = json!({"protocol": 2, "build": "0.2.0"});
        let slip = json!({"interview": {"reference": "int_1", "dry-run": true}});
        let right = json!({"interview": {"reference": "int_1", "dry_run": true}});
        let refused = refuse_what_is_ignored(&old, "InterviewCancel", &slip, false).unwrap_err();
        assert!(
            refused.message.contains("did you mean `dry_run`?"),
            "{refused}"
        );
        assert!(
            refused
                .hint
                .unwrap()
                .contains("the daemon 0.1.0 (protocol 1)")
        );
        let refused = refuse_what_is_ignored(&old, "InterviewCancel", &right, true).unwrap_err();
        assert_eq!(refused.kind, ErrorKind::Version);
        refuse_what_is_ignored(&old, "InterviewCancel", &right, false).unwrap();
        // It refuses them itself.
        refuse_what_is_ignored(&new, "InterviewCancel", &slip, true).unwrap();
    }
}
