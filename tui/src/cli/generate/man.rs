//! The manual: a page for every command, out of the same words as `--help`, and what a command line
//! does not say.

use std::path::Path;
use std::{fs, io};

use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

const FILES: &[(&str, &str)] = &[
    (
        "$XDG_CONFIG_HOME/greenroom/config.toml",
        "The configuration; greenroom generate config prints it with every key explained.",
    ),
    (
        "/etc/greenroom/config.toml",
        "The configuration of the system service.",
    ),
    (
        "/run/greenroom/greenroom.sock",
        "The socket of the system service, which is used where it is there and open to you; else one of your own is.",
    ),
];

const ENVIRONMENT: &[(&str, &str)] = &[
    ("GREENROOM_SOCKET", "The daemon's socket, as --socket."),
    (
        "GREENROOM_CLIENT_THEME",
        "What [client] theme says in the configuration; GREENROOM_CLIENT_MOUSE likewise.",
    ),
    ("NO_COLOR", "No colours, as --plain."),
];

/// Writes a page for `command` and each below it.
pub(super) fn write(command: &Command, directory: &Path) -> io::Result<usize> {
    let mut pages = 1;
    for inner in command.get_subcommands().filter(|it| !it.is_hide_set()) {
        pages += write(inner, directory)?;
    }
    let man = Man::new(command.clone()).manual("Greenroom");
    let mut page = Vec::new();
    man.render(&mut page)?;
    if command.get_name() == "greenroom" {
        list("FILES", FILES).to_writer(&mut page)?;
        list("ENVIRONMENT", ENVIRONMENT).to_writer(&mut page)?;
        let mut also = Roff::new();
        also.control("SH", ["SEE ALSO"]);
        also.text([bold("greenroomd"), roman("(8)")]);
        also.to_writer(&mut page)?;
    }
    fs::write(directory.join(man.get_filename()), page)?;
    Ok(pages)
}

fn list(heading: &str, entries: &[(&str, &str)]) -> Roff {
    let mut section = Roff::new();
    section.control("SH", [heading]);
    for (name, what) in entries {
        section.control("TP", []);
        section.text([bold(*name)]);
        section.text([roman(*what)]);
    }
    section
}
