//! `greenroom candidate list`: searched, filtered and sorted.

use clap::{Args, ValueEnum};
use greenroom_protocol::page::Page;
use greenroom_protocol::pipeline::{CandidatePage, CandidateQuery, CandidateRow, CandidateSort};

use super::paging::Paging;
use super::session::Session;
use super::view;
use super::words::StateWord;
use crate::output::{Stop, Table};

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Words that must all occur in name, email, job or stage
    query: Vec<String>,
    /// Begin with this saved view; what else is given here replaces its own
    #[arg(long, value_name = "NAME")]
    view: Option<String>,
    #[command(flatten)]
    filters: Filters,
    #[command(flatten)]
    paging: Paging,
}

/// Which candidates, in which order.
#[derive(Debug, Args)]
pub(crate) struct Filters {
    /// Only this job's candidates; repeatable
    #[arg(long = "job", value_name = "JOB")]
    jobs: Vec<String>,
    /// Only candidates in this stage, of every job that has one of this name; repeatable
    #[arg(long = "stage", value_name = "STAGE")]
    stages: Vec<String>,
    /// Only those with an application in this state; repeatable [default: active, or none]
    #[arg(long = "state", value_name = "STATE")]
    states: Vec<StateWord>,
    /// Those on hold, rejected, withdrawn or hired
    #[arg(long, conflicts_with = "states")]
    archived: bool,
    /// Only candidates in this time zone, such as Asia/Kolkata, Asia or "New York"; repeatable
    #[arg(long = "zone", value_name = "ZONE")]
    zones: Vec<String>,
    /// Only candidates who have been in their stage for longer, such as 5d or 2w
    #[arg(long, value_name = "DAYS")]
    older_than: Option<Days>,
    /// Only candidates without an upcoming interview
    #[arg(long)]
    no_interview: bool,
    /// Sort by name, stage, time in the stage (longest first), or when they were added (newest
    /// first) [default: name]
    #[arg(long, value_enum)]
    sort: Option<SortWord>,
    /// Reverse the order
    #[arg(long)]
    reverse: bool,
    /// Also list near matches (one typing error, or initials) if exact ones do not fill a page
    #[arg(long)]
    fuzzy: bool,
}

/// `--sort`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SortWord {
    Name,
    Stage,
    Since,
    Added,
}

impl From<SortWord> for CandidateSort {
    fn from(word: SortWord) -> Self {
        match word {
            SortWord::Name => Self::Name,
            SortWord::Stage => Self::Stage,
            SortWord::Since => Self::Since,
            SortWord::Added => Self::Added,
        }
    }
}

/// Whole days: `5d` or `2w`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Days(u32);

impl std::str::FromStr for Days {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let unit = |unit: char, days: u32| {
            let number: u32 = text.strip_suffix(unit)?.parse().ok()?;
            number.checked_mul(days)
        };
        let days = unit('d', 1).or_else(|| unit('w', 7));
        days.map(Self)
            .ok_or_else(|| "write it as 5d or 2w".to_owned())
    }
}

impl Filters {
    /// What is asked for: what is given here, else as `view` has it.
    pub(super) fn over(self, view: CandidateQuery, text: String) -> CandidateQuery {
        let or = |own: Vec<String>, else_: Vec<String>| if own.is_empty() { else_ } else { own };
        let (states, archived) = match (self.archived, self.states.is_empty()) {
            (true, _) => (Vec::new(), true),
            (false, true) => (view.states, view.archived),
            (false, false) => (self.states.into_iter().map(Into::into).collect(), false),
        };
        CandidateQuery {
            text: if text.is_empty() { view.text } else { text },
            jobs: or(self.jobs, view.jobs),
            stages: or(self.stages, view.stages),
            states,
            archived,
            zones: or(self.zones, view.zones),
            older_than_days: self.older_than.map(|days| days.0).or(view.older_than_days),
            no_interview: self.no_interview || view.no_interview,
            sort: self.sort.map_or(view.sort, Into::into),
            reverse: self.reverse || view.reverse,
            fuzzy: self.fuzzy || view.fuzzy,
            ..CandidateQuery::default()
        }
    }
}

impl List {
    pub(crate) async fn run(self, session: &Session) -> Result<(), Stop> {
        let client = session.client().await?;
        let view = match &self.view {
            Some(name) => view::named(&client, name).await?.query,
            None => CandidateQuery::default(),
        };
        let query = self.filters.over(view, self.query.join(" "));
        let (mut near, mut nearest) = (0, false);
        let page = self.paging.fetch(async |cursor, limit| {
            let limit = Some(limit);
            let query = CandidateQuery {
                cursor,
                limit,
                ..query.clone()
            };
            let page = client.candidate_list(query).await?;
            (near, nearest) = (page.near, page.nearest);
            Ok(Page::from(page))
        });
        let page = page.await?;
        if nearest {
            session.output.note("No candidates match. The nearest:");
        }
        if session.output.is_json() {
            let page = CandidatePage {
                near,
                nearest,
                ..page.into()
            };
            return session.output.json(&page);
        }
        session.output.list(&page, table)
    }
}

fn table(candidates: &[CandidateRow]) -> Table {
    let mut table = Table::new(["NAME", "ADDRESS", "JOB", "STAGE", "STATE", "ZONE"]);
    for candidate in candidates {
        let application = candidate.application.as_ref();
        let job = application.map_or("", |application| &application.job_title);
        let stage = application.map_or("", |application| &application.stage_name);
        let state = application.map_or("", |application| application.state.words());
        let zone = candidate.zone.as_deref().unwrap_or_default();
        table.row([&candidate.name, &candidate.email, job, stage, state, zone]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_replaces_what_a_view_has() {
        use clap::Parser;

        #[derive(Debug, Parser)]
        struct Line {
            #[command(flatten)]
            filters: Filters,
        }
        let over = |arguments: &[&str], text: &str| {
            let view = CandidateQuery {
                text: "rust".into(),
                jobs: vec!["Designer".into()],
                archived: true,
                older_than_days: Some(5),
                sort: CandidateSort::Since,
                ..CandidateQuery::default()
            };
            let line = Line::parse_from([&["list"], arguments].concat());
            line.filters.over(view, text.into())
        };
        let same = over(&[], "");
        assert_eq!((same.text.as_str(), same.archived), ("rust", true));
        assert_eq!(
            (same.older_than_days, same.sort),
            (Some(5), CandidateSort::Since)
        );
        let other = over(
            &["--job", "Welder", "--state", "rejected", "--sort", "name"],
            "go",
        );
        assert_eq!(
            (other.text.as_str(), other.jobs),
            ("go", vec!["Welder".to_owned()])
        );
        assert!(!other.archived && other.states.len() == 1);
        assert_eq!(
            (other.older_than_days, other.sort),
            (Some(5), CandidateSort::Name)
        );
    }

    #[test]
    fn an_age_is_whole_days_or_weeks() {
        for (text, days) in [
            ("5d", Some(5)),
            ("2w", Some(14)),
            ("0d", Some(0)),
            ("5", None),
            ("5h", None),
            ("-1d", None),
            ("99999999999d", None),
            ("4294967295w", None),
        ] {
            assert_eq!(text.parse().ok(), days.map(Days), "{text:?}");
        }
    }
}
