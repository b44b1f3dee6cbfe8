//! The manual page of the daemon, for administrators: its verbs as `--help` has them, and its files
//! and environment.

use std::fs;
use std::path::Path;

use anyhow::Context;
use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

const FILES: &[(&str, &str)] = &[
    (
        "$XDG_CONFIG_HOME/greenroom/config.toml",
        "The configuration; /etc/greenroom/config.toml for the system service. greenroom generate config prints it with every key \
         explained.",
    ),
    (
        "$XDG_DATA_HOME/greenroom",
        "The data; $STATE_DIRECTORY for the system service. Who copies it has everything but the secrets.",
    ),
    (
        "vault.key",
        "In the configuration's directory: the key that seals the secrets, where it comes neither from the systemd credential vault-key \
         nor from a command. Keep a copy, and keep it apart from copies of the data.",
    ),
    (
        "$XDG_STATE_HOME/greenroom/greenroomd.log",
        "What a daemon logs that was started by a client; the journal, for a service.",
    ),
];

const ENVIRONMENT: &[(&str, &str)] = &[
    (
        "GREENROOM_ZOOM_CLIENT_ID",
        "What [zoom] client_id says in the configuration; so for every other key.",
    ),
    ("GREENROOM_SOCKET", "The socket, as --socket."),
    (
        "GREENROOM_LOG",
        "What is logged, such as debug; it never has a secret in it.",
    ),
    (
        "CREDENTIALS_DIRECTORY",
        "Where systemd puts the credential vault-key.",
    ),
];

/// Writes `greenroomd.8`, and a page for each verb.
pub(super) fn write(command: Command, directory: &Path) -> anyhow::Result<()> {
    let wrote = || format!("Couldn't write the manual into {}", directory.display());
    fs::create_dir_all(directory).with_context(wrote)?;
    let mut command = command.disable_help_subcommand(true);
    command.build();
    for verb in command.get_subcommands().cloned() {
        page(verb).generate_to(directory).with_context(wrote)?;
    }
    let man = page(command);
    let mut text = Vec::new();
    man.render(&mut text).with_context(wrote)?;
    let mut more = Roff::new();
    for (heading, entries) in [("FILES", FILES), ("ENVIRONMENT", ENVIRONMENT)] {
        more.control("SH", [heading]);
        for (name, what) in entries {
            more.control("TP", []);
            more.text([bold(*name)]);
            more.text([roman(*what)]);
        }
    }
    more.control("SH", ["SEE ALSO"]);
    more.text([
        bold("greenroom"),
        roman("(1), "),
        bold("systemd-creds"),
        roman("(1)"),
    ]);
    more.to_writer(&mut text).with_context(wrote)?;
    fs::write(directory.join(man.get_filename()), text).with_context(wrote)
}

fn page(command: Command) -> Man {
    Man::new(command).section("8").manual("Greenroom")
}
