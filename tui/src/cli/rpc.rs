//! `greenroom rpc METHOD [JSON]`.

use std::io::Read;
use std::time::Duration;

use clap::Args;
use greenroom_protocol::Error;
use serde_json::Value;

use super::session::Session;
use crate::client::Raw;
use crate::output::Stop;

/// The longest arguments that are read: more does not fit into a frame.
const LONGEST: u64 = 1 << 20;

/// Arguments are by name: `greenroom rpc candidate_list '{"query":{"text":"ana"}}'`.
#[derive(Debug, Args)]
pub(crate) struct Rpc {
    /// The method, such as candidate_list or CandidateList
    method: String,
    /// Its arguments; `-` reads them from stdin
    #[arg(value_name = "JSON", default_value = "{}")]
    arguments: String,
}

impl Rpc {
    pub(crate) async fn run(self, session: &Session) -> Result<(), Stop> {
        let arguments = self.arguments()?;
        // Starts a daemon where one is wanted; the call itself knows no types.
        drop(session.client().await?);
        let mut raw = Raw::open(&session.target).await.map_err(Error::from)?;
        raw.hello(&session.target).await?;
        let time = session.patience_or(Duration::from_secs(60));
        let answer = raw.call(&self.method, arguments, time).await?;
        session.output.json(&answer)
    }

    fn arguments(&self) -> Result<Value, Error> {
        let mut text = self.arguments.clone();
        if text == "-" {
            text.clear();
            let mut stdin = std::io::stdin().take(LONGEST);
            stdin
                .read_to_string(&mut text)
                .map_err(|error| Error::usage(format!("read the arguments: {error}")))?;
        }
        serde_json::from_str(&text)
            .map_err(|error| Error::usage(format!("read the arguments: {error}")))
    }
}
