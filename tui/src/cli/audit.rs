//! `greenroom audit …`.

use clap::Subcommand;
use greenroom_protocol::audit::{AuditEntry, AuditQuery};

use super::paging::Paging;
use super::session::Session;
use super::words::here;
use crate::output::{Stop, Table};

#[derive(Debug, Subcommand)]
pub(crate) enum Audit {
    /// List entries, newest first
    List {
        /// Only entries about this record
        #[arg(long, value_name = "ID")]
        record: Option<String>,
        #[command(flatten)]
        paging: Paging,
    },
}

impl Audit {
    pub(crate) async fn run(self, session: &Session) -> Result<(), Stop> {
        let Self::List { record, paging } = self;
        let client = session.client().await?;
        let page = paging
            .fetch(async |cursor, limit| {
                let record = record.clone();
                let limit = Some(limit);
                client
                    .audit_list(AuditQuery {
                        record,
                        cursor,
                        limit,
                    })
                    .await
            })
            .await?;
        session.output.list(&page, table)
    }
}

fn table(entries: &[AuditEntry]) -> Table {
    let mut table = Table::new(["WHEN", "WHO", "CALL", "RECORD", "CHANGED"]);
    for entry in entries {
        let mut who = match &entry.acting_as {
            Some(member) => format!("{} as {member}", entry.actor),
            None => entry.actor.clone(),
        };
        // The usual way needs no word.
        if let Some(program) = entry.source.strip_prefix("mcp:") {
            who.push_str(&format!(" via {program} (MCP)"));
        }
        let values = entry
            .values
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        let bare = entry
            .fields
            .iter()
            .filter(|field| !entry.values.contains_key(*field));
        let changed: Vec<String> = values.chain(bare.cloned()).collect();
        let at = here(entry.at);
        table.row([&at, &who, &entry.call, &entry.record, &changed.join(" ")]);
    }
    table
}
