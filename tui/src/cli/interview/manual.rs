//! How people join, typed by hand: what planning and editing an interview share.

use clap::Args;

#[derive(Debug, Args)]
pub(super) struct ManualDetails {
    /// The link, by hand; for zoom too: then no connection is needed
    #[arg(long)]
    pub(super) url: Option<String>,
    /// The meeting's number, by hand
    #[arg(long, value_name = "ID")]
    pub(super) meeting_id: Option<String>,
    /// The passcode, by hand
    #[arg(long)]
    pub(super) passcode: Option<String>,
    /// The telephone number or the place
    #[arg(long, value_name = "TEXT")]
    pub(super) details: Option<String>,
}
