//! `greenroom zoom request-approval`: what a Zoom admin has to read before anybody can connect.

use std::path::PathBuf;

use clap::Args;
use greenroom_protocol::Error;
use greenroom_protocol::zoom::ApprovalAsk;

use super::session::Session;
use crate::output::Stop;

#[derive(Debug, Args)]
pub(crate) struct RequestApproval {
    /// The Zoom admin's email; the workspace remembers it [default: the remembered one]
    #[arg(long, value_name = "EMAIL")]
    admin: Option<String>,
    /// For whom: email, name or ID [default: you]
    #[arg(long, value_name = "EMAIL")]
    member: Option<String>,
    /// Save the request to a file instead of printing it
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Only show the request; nothing is stored or sent
    #[arg(long)]
    dry_run: bool,
}

impl RequestApproval {
    pub(crate) async fn run(self, session: &Session) -> Result<(), Stop> {
        let ask = ApprovalAsk {
            member: self.member,
            admin: self.admin,
            dry_run: self.dry_run,
        };
        let client = session.client().await?;
        let request = client.zoom_request_approval(ask).await?;
        let output = session.output;
        let letter = format!("Subject: {}\n\n{}\n", request.subject, request.text);
        if let Some(file) = &self.save {
            std::fs::write(file, &letter).map_err(|error| {
                Error::failed(format!(
                    "Couldn't save the request in {}: {error}",
                    file.display()
                ))
            })?;
            output.note(&format!("saved in {}", file.display()));
        }
        match (&request.admin, request.sent) {
            _ if request.dry_run => output.note("dry run: nothing was sent"),
            (Some(admin), true) => output.note(&format!("request emailed to {admin}")),
            (Some(admin), false) => output.note(&format!(
                "Email isn't set up: send this to {admin} yourself"
            )),
            (None, _) => {
                output.note("No Zoom admin is known: send this to yours, or name one with --admin")
            }
        }
        if !request.dry_run {
            output.note("once it is approved: greenroom zoom connect");
        }
        if output.is_json() {
            return output.json(&request);
        }
        match self.save {
            Some(_) => Ok(()),
            None => output.print(&letter),
        }
    }
}
