//! A small office with a daemon, and the client in a terminal before it.

use std::path::Path;
use std::process::Command;

use greenroom::client::Client;
use greenroom_tests::harness::World;
use greenroom_tests::sandbox::Config;
use greenroom_tests::test_daemon::TestDaemon;

use crate::terminal::{Size, Terminal, WIDE};

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_demo");
pub const JOB: &str = "Backend Engineer";
pub const PRIYA: &str = "priya.nair@mail.example";

/// A workspace with one job and one candidate, and a client beside the terminal's.
pub async fn office() -> anyhow::Result<(World, Client)> {
    office_at(Config::default()).await
}

/// The same with a Zoom of one's own making.
pub async fn office_at(zoom: Config) -> anyhow::Result<(World, Client)> {
    let builder = TestDaemon::builder().zoom(zoom).job(JOB);
    let builder = builder.candidate("Priya Nair", PRIYA, JOB);
    builder.run(PROGRAM).await
}

/// The client, as a person starts it.
pub fn client(world: &World, arguments: &[&str]) -> Command {
    let mut command = client_of(world.directory(), &world.socket());
    command.args(arguments);
    command
}

/// The client of somebody with this home, of the daemon behind this socket.
pub fn client_of(home: &Path, socket: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    command
        .args(["client", "--no-start", "--socket"])
        .arg(socket);
    in_home(home, &mut command);
    command
}

/// The environment of somebody at a usual terminal; nothing of this process.
pub fn at_home(world: &World, command: &mut Command) {
    in_home(world.directory(), command);
}

fn in_home(home: &Path, command: &mut Command) {
    let path = std::env::var_os("PATH").unwrap_or_default();
    command
        .env_clear()
        .env("PATH", path)
        .env("HOME", home)
        .env("TERM", "xterm-256color")
        .env("LANG", "C.UTF-8")
        .env("TZ", "Europe/Berlin")
        // No browser opens.
        .env("BROWSER", "true");
}

/// The client in a terminal, with the first candidate on its screen.
pub async fn at_work(world: &World) -> anyhow::Result<Terminal> {
    at_work_in(world, WIDE).await
}

/// The same in a terminal of this size.
pub async fn at_work_in(world: &World, size: Size) -> anyhow::Result<Terminal> {
    let mut terminal = Terminal::open(&client(world, &[]), size)?;
    to_candidates(&mut terminal).await?;
    Ok(terminal)
}

/// From the screen the client opens with to the candidates.
pub async fn to_candidates(terminal: &mut Terminal) -> anyhow::Result<()> {
    terminal.shows("1 Today").await?;
    terminal.press("2").await?;
    terminal.shows("Priya Nair").await
}
