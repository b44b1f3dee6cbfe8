//! Owns the command line of the sandbox Google: its options and its one line of output.

use serde_json::json;

use super::{Account, CLIENT_ID, CLIENT_SECRET, Config, Sandbox};
use crate::sandbox::program;

const CONTROL: &str = "\
Steering it while it runs, under /sandbox (JSON bodies):
  GET    state                          everything but the tokens
  POST   domains                        {\"name\":\"acme.example\",\"access\":\"limited\"} or \"trusted\",
                                         \"blocked\"
  POST   accounts                       {\"email\":\"li@acme.example\",\"domain\":\"acme.example\",
                                         \"only_scopes\":[]}
  DELETE accounts/EMAIL, grants/EMAIL   they are deleted; they remove the app
  POST   accounts/EMAIL/password        another password: grants with mail end
  POST   accounts/EMAIL/sign-in         admins want a fresh sign-in
  POST   access-lifetime                {\"seconds\":60}
  POST   clock                          {\"ahead\":3600} or {\"stopped\":\"2026-12-01T09:00:00Z\"}
  POST   faults                         {\"endpoint\":\"refresh\",\"kind\":\"lost_after\",
                                         \"often\":{\"times\":1}}
  DELETE faults                         all is well again";

/// A Google on this machine: OAuth, mail and free/busy, for tests and for trying Greenroom out.
#[derive(Debug, clap::Parser)]
#[command(name = "google-sandbox", version, after_help = CONTROL)]
pub struct Command {
    /// The port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Somebody with a Google account, in the Workspace of their address; may be repeated.
    #[arg(long = "account", value_name = "EMAIL")]
    accounts: Vec<String>,
}

impl Command {
    /// Runs until SIGINT or SIGTERM.
    ///
    /// # Errors
    ///
    /// Where the port is taken, or standard output is closed.
    pub fn run(self) -> anyhow::Result<()> {
        let mut config = Config {
            port: self.port,
            ..Config::default()
        };
        for account in &self.accounts {
            config = config.with_account(Account::new(account));
        }
        program::run(async {
            let sandbox = Sandbox::start(config).await?;
            let ready = json!({
                "url": sandbox.url(),
                "config": sandbox.config(None),
                "client_id": CLIENT_ID,
                "client_secret": CLIENT_SECRET,
            });
            Ok((sandbox, ready))
        })
    }
}
