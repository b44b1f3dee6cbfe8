//! `zoom-sandbox`: the sandbox Zoom as a process of its own. One JSON line when ready; stops on
//! SIGINT or SIGTERM.

use clap::Parser as _;
use greenroom_tests::sandbox::command::Command;

fn main() -> anyhow::Result<()> {
    Command::parse().run()
}
