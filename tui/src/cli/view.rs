//! `greenroom candidate view`: one's own lists of candidates, saved under names.

use clap::{Args, Subcommand};
use greenroom_protocol::Error;
use greenroom_protocol::pipeline::{CandidateQuery, CandidateSort, CandidateView, Job, ViewDelete};

use super::candidates::Filters;
use super::session::Session;
use super::words::word;
use crate::client::Client;
use crate::output::{Lines, Stop, Table};

#[derive(Debug, Subcommand)]
pub(crate) enum View {
    /// List your saved views
    List,
    /// Save a list of candidates under a name, in place of your view of that name
    Save(Save),
    /// Show what a saved view lists
    Show {
        /// Its name
        name: String,
    },
    /// Remove a saved view
    Remove {
        /// Its name
        name: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Save {
    /// Its name
    name: String,
    /// Words that must all occur in name, email, job or stage
    query: Vec<String>,
    #[command(flatten)]
    filters: Filters,
}

impl View {
    pub(super) async fn run(self, session: &Session) -> Result<(), Stop> {
        let client = session.client().await?;
        let view = match self {
            Self::List => return list(session, &client).await,
            Self::Save(save) => {
                let query = CandidateQuery::default();
                let query = save.filters.over(query, save.query.join(" "));
                let name = save.name;
                let view = CandidateView { name, query };
                client.candidate_view_save(view).await?
            }
            Self::Show { name } => named(&client, &name).await?,
            Self::Remove { name } => client.candidate_view_delete(ViewDelete { name }).await?,
        };
        if session.output.is_json() {
            return session.output.json(&view);
        }
        let jobs = client.job_list().await?.items;
        session.output.record(&view, || lines(&view, &jobs))
    }
}

/// The caller's view of this name, in whatever case.
pub(super) async fn named(client: &Client, name: &str) -> Result<CandidateView, Stop> {
    let views = client.candidate_view_list().await?.items;
    let wanted = name.trim().to_lowercase();
    let mut views = views.into_iter();
    let found = views.find(|view| view.name.to_lowercase() == wanted);
    let unknown = || {
        let error = Error::not_found("You have no saved view of this name").field("name");
        error.hint("`greenroom candidate view list` lists yours")
    };
    Ok(found.ok_or_else(unknown)?)
}

async fn list(session: &Session, client: &Client) -> Result<(), Stop> {
    let page = client.candidate_view_list().await?;
    if session.output.is_json() {
        return session.output.json(&page);
    }
    let jobs = client.job_list().await?.items;
    session.output.list(&page, |views| {
        let mut table = Table::new(["NAME", "LISTS"]);
        for view in views {
            let parts = parts(&view.query, &jobs).into_iter();
            let parts: Vec<_> = parts
                .map(|(name, value)| format!("{name} {value}"))
                .collect();
            let lists = match parts.is_empty() {
                true => "all candidates".to_owned(),
                false => parts.join("; "),
            };
            table.row([&view.name, &lists]);
        }
        table
    })
}

fn lines(view: &CandidateView, jobs: &[Job]) -> Lines {
    let lines = Lines::new().line("view", &view.name);
    let parts = parts(&view.query, jobs).into_iter();
    parts.fold(lines, |lines, (name, value)| lines.line(name, value))
}

/// What a view asks for, each with what it is called.
fn parts(query: &CandidateQuery, jobs: &[Job]) -> Vec<(&'static str, String)> {
    let title = |id: &String| {
        let job = jobs.iter().find(|job| job.id.to_string() == *id);
        job.map_or_else(|| id.clone(), |job| job.title.clone())
    };
    let several = |texts: Vec<String>| (!texts.is_empty()).then(|| texts.join(", "));
    let states = query.states.iter().map(|state| state.words().to_owned());
    let states = match query.archived {
        true => Some("archived".to_owned()),
        false => several(states.collect()),
    };
    let sort = match (query.sort, query.reverse) {
        (CandidateSort::Name, false) => None,
        (sort, false) => Some(word(sort)),
        (sort, true) => Some(format!("{}, reversed", word(sort))),
    };
    let yes = |is: bool| is.then(|| "yes".to_owned());
    let older = query
        .older_than_days
        .map(|days| format!("over {days} days"));
    let all = [
        (
            "search",
            several(vec![query.text.clone()]).filter(|it| !it.is_empty()),
        ),
        ("job", several(query.jobs.iter().map(title).collect())),
        ("stage", several(query.stages.clone())),
        ("state", states),
        ("in stage", older),
        ("no interview", yes(query.no_interview)),
        ("zone", several(query.zones.clone())),
        ("sorted by", sort),
        ("near matches", yes(query.fuzzy)),
    ];
    let given = all.into_iter();
    given
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
}
