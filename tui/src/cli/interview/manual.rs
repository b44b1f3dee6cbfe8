//! How people join, entered manually: what scheduling and editing an interview share.

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct ManualDetails {
    /// The join link, entered manually; with zoom, no connection is needed then
    #[arg(long)]
    pub(crate) url: Option<String>,
    /// The meeting ID, entered manually
    #[arg(long, value_name = "ID")]
    pub(crate) meeting_id: Option<String>,
    /// The passcode, entered manually
    #[arg(long)]
    pub(crate) passcode: Option<String>,
    /// The phone number or location
    #[arg(long, value_name = "TEXT")]
    pub(crate) details: Option<String>,
}
