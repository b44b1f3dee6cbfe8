//! `greenroom mcp`.

use std::io::IsTerminal;

use clap::{Args, ValueEnum};

use super::session::Session;
use crate::mcp::{Allowed, serve};
use crate::output::Stop;

/// It speaks the Model Context Protocol on standard input and output, so an MCP client starts it;
/// messages for people go to stderr. It has your rights, and the audit log names the client. Names of
/// candidates and reasons that quote them are marked as untrusted; addresses, phone numbers, links,
/// notes and emails are not shared.
#[derive(Debug, Args)]
pub(crate) struct McpVerb {
    /// What it may do besides reading: "book" adds proposing an interview and booking it after a
    /// person has confirmed
    #[arg(long, value_name = "WHAT")]
    allow: Option<AllowWord>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum AllowWord {
    Book,
}

impl McpVerb {
    pub(crate) async fn run(self, session: &Session) -> Result<(), Stop> {
        let allowed = match self.allow {
            None => Allowed::Reading,
            Some(AllowWord::Book) => Allowed::Booking,
        };
        if std::io::stdin().is_terminal() {
            session.output.note(
                "This speaks MCP, which programs do: enter `greenroom mcp` as a command in an MCP client",
            );
        }
        serve(session.target.clone(), allowed).await?;
        Ok(())
    }
}
