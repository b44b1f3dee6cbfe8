//! `greenroom interview invite`.

use clap::Args;
use greenroom_protocol::mail::InviteQuery;

use crate::cli::mail;
use crate::cli::session::Session;
use crate::client::Client;
use crate::output::Stop;

#[derive(Debug, Args)]
pub(crate) struct Invite {
    /// The interview's ID, or the last six or more characters of it
    id: String,
    /// As sent to this interviewer [default: as sent to the candidate]
    #[arg(long = "for", value_name = "EMAIL")]
    to: Option<String>,
    /// Print the email around it: sender, subject and text
    #[arg(long)]
    text: bool,
}

impl Invite {
    pub(super) async fn run(self, session: &Session, client: &Client) -> Result<(), Stop> {
        let query = InviteQuery {
            interview: self.id,
            to: self.to,
        };
        let written = client.interview_invite(query).await?;
        if session.output.is_json() {
            return session.output.json(&written);
        }
        match written.calendar.as_deref() {
            Some(calendar) if !self.text => session.output.print(calendar),
            _ => session.output.print(&mail::text(&written)),
        }
    }
}
