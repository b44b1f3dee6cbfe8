//! Owns the command line of the sandbox Microsoft: its options and its one line of output.

use serde_json::json;

use super::{Account, CLIENT_ID, Config, Sandbox, TENANT, UserConsent};
use crate::sandbox::program;

const CONTROL: &str = "\
Steering it while it runs, under /sandbox (JSON bodies):
  GET    state                          everything but the tokens
  POST   tenants                        {\"id\":\"…\",\"domain\":\"acme.example\",\"name\":\"Acme\",
                                         \"consent\":\"managed\",\"smtp\":false}
  POST   accounts                       {\"email\":\"li@acme.example\",\"tenant\":\"acme.example\"}
  DELETE accounts/EMAIL, consents/EMAIL they are deleted; they remove the app
  POST   accounts/EMAIL/block           {\"block\":\"conditional_access\"}, \"disabled\" or null
  POST   grants/EMAIL                   {\"how\":\"revoked\"}, \"second_factor\" or
                                         \"set_up_second_factor\"
  POST   access-lifetime                {\"seconds\":60}
  POST   clock                          {\"ahead\":3600} or {\"stopped\":\"2026-12-01T09:00:00Z\"}
  POST   faults                         {\"endpoint\":\"send_mail\",\"kind\":\"lost_after\",
                                         \"often\":{\"times\":1}}
  DELETE faults                         all is well again";

/// A Microsoft on this machine: Entra's OAuth, SMTP and Graph, for tests and for trying Greenroom
/// out.
#[derive(Debug, clap::Parser)]
#[command(name = "microsoft-sandbox", version, after_help = CONTROL)]
pub struct Command {
    /// The port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Somebody with an account in Acme's tenant; may be repeated. `:admin` behind it makes them an
    /// admin.
    #[arg(long = "account", value_name = "EMAIL[:admin]")]
    accounts: Vec<String>,
    /// Users need an admin's consent for mail and calendars, as Microsoft's own policy has it.
    #[arg(long)]
    needs_approval: bool,
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
            let account = match account.strip_suffix(":admin") {
                Some(email) => Account::new(email).admin(),
                None => Account::new(account),
            };
            // Who is there already stays an admin.
            let mut there = config.accounts.iter();
            if account.admin || !there.any(|known| known.email == account.email) {
                config = config.with_account(account);
            }
        }
        if self.needs_approval {
            config = config.consenting(UserConsent::Managed);
        }
        program::run(async {
            let sandbox = Sandbox::start(config).await?;
            let ready = json!({
                "url": sandbox.url(),
                "config": sandbox.config(None),
                "client_id": CLIENT_ID,
                "tenant": TENANT,
            });
            Ok((sandbox, ready))
        })
    }
}
