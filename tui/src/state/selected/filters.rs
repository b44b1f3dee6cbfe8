//! Which candidates the list shows, beside what is searched for.

use greenroom_protocol::pipeline::{
    ApplicationState, CandidateQuery, CandidateSort, CandidateView,
};

/// The filters of the list; the default lets everybody through.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Filters {
    /// Jobs' ids, and their titles.
    pub(crate) jobs: Vec<(String, String)>,
    /// Stages' names, of whichever job.
    pub(crate) stages: Vec<String>,
    /// Longer in their stage than so many days.
    pub(crate) older_than_days: Option<u32>,
    /// Without an upcoming interview.
    pub(crate) no_interview: bool,
    /// In time zones of these parts of the world.
    pub(crate) zones: Vec<String>,
    /// In these states; empty: active. Only a saved view says so.
    pub(crate) states: Vec<ApplicationState>,
    /// The order is the other way round. Only a saved view says so.
    pub(crate) reverse: bool,
}

impl Filters {
    /// What a query filters by. `title` knows the titles of jobs.
    pub(crate) fn of(query: &CandidateQuery, title: impl Fn(&str) -> Option<String>) -> Self {
        let job = |id: &String| (id.clone(), title(id).unwrap_or_else(|| id.clone()));
        Self {
            jobs: query.job.iter().chain(&query.jobs).map(job).collect(),
            stages: query.stage.iter().chain(&query.stages).cloned().collect(),
            older_than_days: query.older_than_days,
            no_interview: query.no_interview,
            zones: query.zones.clone(),
            states: query.states.clone(),
            reverse: query.reverse,
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        *self == Self::default()
    }

    /// The same in what the daemon is asked.
    pub(crate) fn narrow(&self, query: CandidateQuery) -> CandidateQuery {
        CandidateQuery {
            jobs: self.jobs.iter().map(|(id, _)| id.clone()).collect(),
            stages: self.stages.clone(),
            zones: self.zones.clone(),
            states: self.states.clone(),
            older_than_days: self.older_than_days,
            no_interview: self.no_interview,
            reverse: self.reverse,
            ..query
        }
    }

    /// Each in a few words.
    pub(crate) fn words(&self) -> Vec<String> {
        let titles: Vec<_> = self.jobs.iter().map(|(_, title)| title.as_str()).collect();
        let states = self.states.iter().map(|state| state.words());
        let several = |texts: Vec<&str>| (!texts.is_empty()).then(|| texts.join(", "));
        let of = |texts: &[String]| (!texts.is_empty()).then(|| texts.join(", "));
        let parts = [
            several(titles),
            of(&self.stages),
            several(states.collect()),
            self.older_than_days.map(|days| format!("over {days} days")),
            self.no_interview.then(|| "no interview".to_owned()),
            of(&self.zones),
            self.reverse.then(|| "reversed".to_owned()),
        ];
        parts.into_iter().flatten().collect()
    }
}

/// The list as a form or a saved view wants it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Wanted {
    pub(crate) filters: Filters,
    /// What is searched for.
    pub(crate) text: String,
    pub(crate) sort: CandidateSort,
    pub(crate) archived: bool,
    /// The saved view that this is, while it is.
    pub(crate) view: Option<String>,
}

impl Wanted {
    /// What a saved view asks for. `title` knows the titles of jobs.
    pub(crate) fn of(view: &CandidateView, title: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            filters: Filters::of(&view.query, title),
            text: view.query.text.clone(),
            sort: view.query.sort,
            archived: view.query.archived,
            view: Some(view.name.clone()),
        }
    }

    /// The same as it is stored in a saved view.
    pub(crate) fn query(&self) -> CandidateQuery {
        self.filters.narrow(CandidateQuery {
            text: self.text.trim().to_owned(),
            sort: self.sort,
            archived: self.archived,
            ..CandidateQuery::default()
        })
    }

    /// Whether a saved view asks for just this. Near matches are always looked for here.
    pub(crate) fn is(&self, view: &CandidateView) -> bool {
        let mut query = self.query();
        query.fuzzy = view.query.fuzzy;
        query == view.query
    }
}
