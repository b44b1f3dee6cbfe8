//! The command line: one file a family of verbs.
//!
//! Owns the grammar (the doc comments are the `--help`), the global options and the way from
//! arguments to an exit code. A verb is: arguments to one call, the answer to one print. Must not
//! decide anything the daemon decides.

mod account;
mod application;
mod approval;
mod ask;
mod assistant;
mod audit;
mod backup;
mod busy;
mod calendar;
mod candidate;
mod candidates;
mod company;
mod connect;
mod conversation;
mod daemon;
mod days_off;
mod draft;
mod export;
mod generate;
mod guide;
mod held;
mod host;
mod hours;
mod import;
mod insight;
mod interview;
mod job;
mod journal;
mod log;
mod mail;
mod mail_setup;
mod mailing;
mod mcp;
mod meeting_state;
mod member;
mod note;
mod outreach;
mod paging;
mod place;
mod plan;
mod received;
mod reply;
mod report;
mod restore;
mod rpc;
mod scheduling;
mod secret_command;
mod session;
mod setup;
mod slots;
mod stage;
mod status;
mod template;
mod time;
mod today;
mod view;
mod words;
mod workspace;
mod zoom;
mod zoom_test;

use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind as Misuse;
use clap::{Args, Parser, Subcommand};
use greenroom_protocol::Error;
use greenroom_protocol::account::AccountProvider;
use session::{OpenClient, Session};

use crate::client::DaemonCommand;
use crate::output::{Output, Stop, exit_code};

/// Schedule job interviews from the terminal
///
/// Without a command it opens the client, on a terminal. Data goes to stdout, everything else to
/// stderr.
///
/// Exit codes: 0 done, 1 failed, 2 usage error, 3 daemon unreachable or of another version, 4 Zoom
/// or an account not connected, 5 not permitted, 6 conflict, 7 not found or ambiguous, 8 not finished yet or
/// refused by Zoom or the mail server, saved and retried.
#[derive(Debug, Parser)]
#[command(name = "greenroom", version, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    verb: Option<Verb>,
}

/// What every verb understands.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// The daemon's socket [default: $GREENROOM_SOCKET, else the system's, else your own]
    #[arg(long, global = true, value_name = "PATH")]
    socket: Option<PathBuf>,
    /// The workspace to work in, by name or id
    #[arg(long, global = true, value_name = "NAME")]
    workspace: Option<String>,
    /// Act for this member (admins and the operator only; recorded in the audit log)
    #[arg(long = "as", global = true, value_name = "EMAIL")]
    acting_as: Option<String>,
    /// Print JSON, failures too
    #[arg(long, global = true)]
    json: bool,
    /// No colours
    #[arg(long, global = true)]
    plain: bool,
    /// Do not start a daemon if none is running
    #[arg(long, global = true)]
    no_start: bool,
    /// How many seconds to wait for Zoom and email [default: 30; `zoom connect`: 600]
    #[arg(long, global = true, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: Option<u64>,
    /// Do not wait for Zoom or email
    #[arg(long, global = true)]
    no_wait: bool,
    /// Answer yes to all questions
    #[arg(long, short = 'y', global = true)]
    yes: bool,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Set up step by step: workspace, Zoom app, email, first job and candidates; again at any time
    Setup(setup::Setup),
    /// Show the daemon, workspace, your account, connections, and pending work
    Status {
        /// For monitoring: exit 1 if an admin is needed, with one line per problem
        #[arg(long)]
        check: bool,
    },
    /// Run all checks and say how to fix what is wrong; exit 1 if anything is
    Doctor,
    /// Start, stop and inspect your own daemon
    #[command(subcommand)]
    Daemon(daemon::Daemon),
    /// Connect Zoom, check connections, disconnect
    #[command(subcommand)]
    Zoom(zoom::Zoom),
    /// Connect Google accounts: the workspace's own and members'
    #[command(subcommand)]
    Google(account::AccountVerb),
    /// Connect Microsoft accounts: the workspace's own and members'
    #[command(subcommand)]
    Microsoft(account::AccountVerb),
    /// Manage workspaces and their Zoom, Google and Microsoft apps
    #[command(subcommand)]
    Workspace(workspace::Workspace),
    /// Manage members, their roles and their Unix users
    #[command(subcommand)]
    Member(member::Member),
    /// Jobs
    #[command(subcommand)]
    Job(job::Job),
    /// Manage a job's stages and how their interviews are scheduled
    #[command(subcommand)]
    Stage(stage::Stage),
    /// Candidates
    #[command(subcommand)]
    Candidate(candidate::Candidate),
    /// Show what is next, what needs you, and which candidates wait too long
    Today(today::Today),
    /// Interviews
    #[command(subcommand)]
    Interview(interview::Interview),
    /// Propose times to candidates, and book the one they choose
    #[command(subcommand)]
    Outreach(outreach::Outreach),
    /// List times that work for everyone, or explain why one does or does not
    Slots(Box<slots::SlotsVerb>),
    /// Meeting summaries and interview notes
    #[command(subcommand)]
    Insight(insight::Insight),
    /// Times as people write them
    #[command(subcommand)]
    Time(time::Time),
    Ask(conversation::Ask),
    /// The assistant
    #[command(subcommand)]
    Assistant(assistant::Assistant),
    /// Calendars of others
    #[command(subcommand)]
    Calendar(calendar::Calendar),
    /// Emails: waiting, sent, refused and received
    #[command(subcommand)]
    Mail(mail::Mail),
    /// The words of emails: the built-in ones, the workspace's and single stages'
    #[command(subcommand)]
    Template(template::Template),
    /// Reports
    #[command(subcommand)]
    Report(report::Report),
    /// The audit log: every change
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Back up everything to a sealed file while the daemon runs
    Backup(backup::Backup),
    /// Replace all data with a backup; the current data is set aside
    Restore(restore::Restore),
    /// Export the workspace to JSON files, one per type, plus a CSV of candidates
    Export(export::Export),
    /// Let an MCP client, such as a language model in an editor, read what you may read
    Mcp(mcp::McpVerb),
    /// Make one raw API call and print the reply as JSON
    Rpc(rpc::Rpc),
    /// Generate shell completions, the API schema, a commented configuration, or manual pages
    #[command(subcommand)]
    Generate(generate::Generate),
}

/// From arguments (the program's name first) to an exit code; without a verb `open` is called.
pub(crate) fn run(args: Vec<OsString>, daemon: DaemonCommand, open: OpenClient) -> ExitCode {
    let cli = match Cli::try_parse_from(&args) {
        Ok(cli) => cli,
        Err(misuse) => return misused(&misuse, wants_json(&args)),
    };
    // Where the protocol stands on stdout, nothing else does.
    let json = cli.global.json && !matches!(cli.verb, Some(Verb::Mcp(_)));
    let output = Output::new(json, cli.global.plain);
    let ended = match cli.verb {
        Some(verb) => in_runtime(verb, cli.global, daemon),
        None => open_client(cli.global, daemon, open),
    };
    if let Err(Stop::Failed(failure)) = &ended {
        output.failure(failure);
    }
    exit_code(&ended)
}

/// Help and version go to stdout as they are; a mistake is a failure like any other.
fn misused(misuse: &clap::Error, json: bool) -> ExitCode {
    let help = matches!(misuse.kind(), Misuse::DisplayHelp | Misuse::DisplayVersion);
    if help || !json {
        // A reader who is gone has seen enough.
        misuse.print().ok();
        return if help {
            ExitCode::SUCCESS
        } else {
            ExitCode::from(2)
        };
    }
    let text = misuse.render().to_string();
    let line = text.lines().next().unwrap_or_default();
    let error = Error::usage(line.trim_start_matches("error: ")).hint("see: greenroom --help");
    Output::new(true, true).failure(&error.into());
    ExitCode::from(2)
}

fn wants_json(args: &[OsString]) -> bool {
    args.iter()
        .take_while(|arg| *arg != "--")
        .any(|arg| arg == "--json")
}

fn in_runtime(verb: Verb, global: Global, daemon: DaemonCommand) -> Result<(), Stop> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::failed(format!("Couldn't start: {error}")))?;
    runtime.block_on(async { verb.run(&Session::new(global, daemon)?).await })
}

/// No verb: the client, where somebody can see it.
fn open_client(global: Global, daemon: DaemonCommand, open: OpenClient) -> Result<(), Stop> {
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Err(Error::usage("The client needs a terminal")
            .hint("for commands see: greenroom --help")
            .into());
    }
    let session = Session::new(global, daemon)?;
    session.open_client(open)
}

impl Verb {
    async fn run(self, session: &Session) -> Result<(), Stop> {
        match self {
            Self::Setup(setup) => setup.run(session).await,
            Self::Status { check: true } => status::check(session).await,
            Self::Status { check: false } => status::status(session).await,
            Self::Doctor => status::doctor(session).await,
            Self::Daemon(verb) => verb.run(session).await,
            Self::Zoom(verb) => verb.run(session).await,
            Self::Google(verb) => verb.run(session, AccountProvider::Google).await,
            Self::Microsoft(verb) => verb.run(session, AccountProvider::Microsoft).await,
            Self::Workspace(verb) => verb.run(session).await,
            Self::Member(verb) => verb.run(session).await,
            Self::Job(verb) => verb.run(session).await,
            Self::Stage(verb) => verb.run(session).await,
            Self::Candidate(verb) => verb.run(session).await,
            Self::Today(today) => today.run(session).await,
            Self::Interview(verb) => verb.run(session).await,
            Self::Outreach(verb) => verb.run(session).await,
            Self::Slots(verb) => verb.run(session).await,
            Self::Insight(verb) => verb.run(session).await,
            Self::Time(verb) => verb.run(session).await,
            Self::Ask(ask) => ask.run(session).await,
            Self::Assistant(verb) => verb.run(session).await,
            Self::Calendar(verb) => verb.run(session).await,
            Self::Mail(verb) => verb.run(session).await,
            Self::Template(verb) => verb.run(session).await,
            Self::Report(report) => report.run(session).await,
            Self::Audit(verb) => verb.run(session).await,
            Self::Backup(backup) => backup.run(session).await,
            Self::Restore(restore) => restore.run(session).await,
            Self::Export(export) => export.run(session).await,
            Self::Mcp(mcp) => mcp.run(session).await,
            Self::Rpc(rpc) => rpc.run(session).await,
            Self::Generate(verb) => verb.run(session),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::{Command, CommandFactory};

    use super::*;

    /// Every command with its `--help`, depth first.
    fn helps(command: &mut Command, path: &str, all: &mut String) {
        let path = format!("{path} {}", command.get_name());
        let help = command.render_help().to_string();
        // The global options are the same everywhere: once, at the top, is enough.
        let own = match help.split_once("Global options:") {
            Some((own, _)) if path != " greenroom" => own,
            _ => &help,
        };
        all.push_str(&format!("======{path}\n{own}\n"));
        for inner in command.get_subcommands_mut() {
            if inner.get_name() != "help" {
                helps(inner, &path, all);
            }
        }
    }

    #[test]
    fn help_says_what_every_command_does() {
        let mut command = Cli::command();
        command.build();
        let mut all = String::new();
        helps(&mut command, "", &mut all);
        insta::assert_snapshot!(all);
    }

    #[test]
    fn the_grammar_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn mistakes_are_told_to_programs_as_json() {
        let args = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        assert!(wants_json(&args("greenroom status --json")));
        assert!(!wants_json(&args("greenroom candidate list -- --json")));
    }
}
