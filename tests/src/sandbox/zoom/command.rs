//! Owns the command line of `zoom-sandbox`: its options, its one line of output, its end.

use anyhow::bail;
use serde_json::json;

use super::{CLIENT_ID, Config, Licence, PUBLIC_CLIENT_ID, Sandbox, User};
use crate::sandbox::program;

const CONTROL: &str = "\
Steering it while it runs, under /sandbox (JSON bodies):
  GET    state, counters, meetings      everything but the tokens
  POST   users                          {\"email\":\"mina@acme.example\",\"licence\":\"basic\"}
  DELETE users/EMAIL, grants/EMAIL      they leave Zoom; they remove the app
  POST   accounts                       {\"id\":\"north\",\"plan\":\"pro\",\"needs_approval\":true}
  POST   approvals                      {\"account\":\"north\",\"approved\":true}
  PATCH  meetings/ID                    {\"start_time\":\"2026-12-01T09:00:00Z\"}; DELETE removes it
  POST   meetings/ID/summary            {\"content\":\"...\"}
  POST   access-lifetime                {\"seconds\":60}
  POST   decline                        {\"decline\":\"silence\"} or \"access_denied\"
  POST   clock                          {\"ahead\":3600} or {\"stopped\":\"2026-12-01T09:00:00Z\"}
  POST   faults                         {\"endpoint\":\"create_meeting\",\"kind\":\"lost_after\",
                                         \"often\":{\"times\":1}}
  DELETE faults                         all is well again";

/// A Zoom on this machine: OAuth, meetings, limits and faults, for tests and for trying Greenroom
/// out.
#[derive(Debug, clap::Parser)]
#[command(name = "zoom-sandbox", version, after_help = CONTROL)]
pub struct Command {
    /// The port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Stands in the consent page's field when the client names no one.
    #[arg(long, value_name = "EMAIL")]
    default_user: Option<String>,
    /// Nobody can connect before an admin has approved the app, at the `marketplace_url` it
    /// prints.
    #[arg(long)]
    needs_approval: bool,
    /// Someone with a Zoom login; may be repeated.
    #[arg(long = "user", value_name = "EMAIL[:basic|licensed]", value_parser = user)]
    users: Vec<User>,
}

impl Command {
    /// Runs until SIGINT or SIGTERM.
    ///
    /// # Errors
    ///
    /// Where the port is taken, or standard output is closed.
    pub fn run(self) -> anyhow::Result<()> {
        program::run(async {
            let sandbox = Sandbox::start(self.config()).await?;
            let ready = json!({
                "zoom_url": sandbox.url(),
                "oauth_url": sandbox.oauth_url(),
                "api_url": sandbox.api_url(),
                "marketplace_url": sandbox.marketplace_url(),
                "public_client_id": PUBLIC_CLIENT_ID,
                "client_id": CLIENT_ID,
            });
            Ok((sandbox, ready))
        })
    }

    fn config(self) -> Config {
        let mut config = Config {
            port: self.port,
            ..Config::default()
        };
        for account in &mut config.accounts {
            account.needs_approval = self.needs_approval;
        }
        let default_user = self.default_user.map(|email| User::new(&email));
        if let Some(user) = &default_user {
            config.default_user = user.email.clone();
        }
        // The same address with a licence of its own wins.
        config.users.extend(default_user);
        config.users.extend(self.users);
        config
    }
}

fn user(text: &str) -> anyhow::Result<User> {
    let (email, licence) = match text.rsplit_once(':') {
        None => (text, Licence::Licensed),
        Some((email, "licensed")) => (email, Licence::Licensed),
        Some((email, "basic")) => (email, Licence::Basic),
        Some((_, other)) => bail!("{other} is no licence; write basic or licensed"),
    };
    if !email.contains('@') {
        bail!("{email} is no address; write EMAIL, EMAIL:basic or EMAIL:licensed");
    }
    Ok(User::new(email).licensed_as(licence))
}
