//! Which candidates the list shows, beside what is searched for.

use greenroom_protocol::pipeline::CandidateQuery;

/// The filters of the list; the default lets everybody through.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Filters {
    /// A job's id, and its title.
    pub(crate) job: Option<(String, String)>,
    /// A stage's name, of whichever job.
    pub(crate) stage: Option<String>,
    /// Longer in their stage than so many days.
    pub(crate) older_than_days: Option<u32>,
    /// Without an upcoming interview.
    pub(crate) no_interview: bool,
    /// In time zones of this part of the world.
    pub(crate) zone: Option<String>,
}

impl Filters {
    pub(crate) fn is_open(&self) -> bool {
        *self == Self::default()
    }

    /// The same in what the daemon is asked.
    pub(crate) fn narrow(&self, query: CandidateQuery) -> CandidateQuery {
        let job = self.job.as_ref().map(|(id, _)| id.clone());
        CandidateQuery {
            jobs: job.into_iter().collect(),
            stages: self.stage.iter().cloned().collect(),
            zones: self.zone.iter().cloned().collect(),
            older_than_days: self.older_than_days,
            no_interview: self.no_interview,
            ..query
        }
    }

    /// Each in a few words.
    pub(crate) fn words(&self) -> Vec<String> {
        let job = self.job.as_ref().map(|(_, title)| title.clone());
        let older = self.older_than_days.map(|days| format!("over {days} days"));
        let idle = self.no_interview.then(|| "no interview".to_owned());
        let parts = [job, self.stage.clone(), older, idle, self.zone.clone()];
        parts.into_iter().flatten().collect()
    }
}
