//! The client before a daemon that misbehaves: this test program started once more, in a terminal.
//!
//! Everything but the misbehaviour is real; the answers come from the daemon of the story that
//! plays this.

use std::process::Command;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use greenroom::app::{self, Backend, Daemon, Options};
use greenroom::client::Target;
use greenroom_protocol::Error;
use greenroom_protocol::hello::ServerHello;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::socket::SocketPath;
use greenroom_tests::harness::World;

use crate::fixture::at_home;

/// Sets the terminal's title, colours what follows (in eight bits), and turns the writing round.
pub const HOSTILE: &str = "Eve\x1b]0;owned\x07\u{9b}41m\u{202e} Adams";

const PART: &str = "GREENROOM_TEST_PART";
const SOCKET: &str = "GREENROOM_TEST_SOCKET";

/// What goes wrong.
#[derive(Clone, Copy, PartialEq)]
pub enum Part {
    /// A defect: a panic as soon as a board is asked for.
    Panics,
    /// Candidates have names that a daemon would never keep.
    Steers,
}

impl Part {
    const ALL: [Self; 2] = [Self::Panics, Self::Steers];

    fn name(self) -> &'static str {
        match self {
            Self::Panics => "panics",
            Self::Steers => "steers",
        }
    }

    /// The program that plays this part before the daemon of `world`.
    pub fn program(self, world: &World) -> anyhow::Result<Command> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args([
            "--exact",
            "stand_in::plays_its_part",
            "--ignored",
            "--nocapture",
        ]);
        at_home(world, &mut command);
        command.env(PART, self.name()).env(SOCKET, world.socket());
        Ok(command)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "runs in a terminal that other tests open"]
async fn plays_its_part() -> anyhow::Result<()> {
    let named = std::env::var(PART).unwrap_or_default();
    let part = Part::ALL.into_iter().find(|part| part.name() == named);
    let (Some(part), Some(socket)) = (part, std::env::var_os(SOCKET)) else {
        return Ok(());
    };
    let daemon = Daemon::new(Target {
        socket: SocketPath {
            path: socket.into(),
            system: false,
        },
        workspace: None,
        acting_as: None,
        mcp: None,
        daemon: None,
    });
    app::run(Options::default(), Arc::new(StandIn { part, daemon })).await
}

struct StandIn {
    part: Part,
    daemon: Daemon,
}

impl Backend for StandIn {
    fn connect(&self, workspace: Option<String>) -> BoxFuture<'_, Result<ServerHello, Error>> {
        self.daemon.connect(workspace)
    }

    fn call(&self, request: Q) -> BoxFuture<'_, Result<R, Error>> {
        let board = matches!(&request, Q::CandidateList { query } if query.job.is_some());
        async move {
            assert!(
                self.part != Part::Panics || !board,
                "a defect in the client"
            );
            let mut answer = self.daemon.call(request).await?;
            if let (Part::Steers, R::CandidateList(Ok(page))) = (self.part, &mut answer) {
                page.items
                    .iter_mut()
                    .for_each(|row| row.name = HOSTILE.into());
            }
            Ok(answer)
        }
        .boxed()
    }
}
