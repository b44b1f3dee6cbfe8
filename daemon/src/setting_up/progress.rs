//! ★ From what there is to how far setting up is.

use greenroom_protocol::setting_up::{SetupItem, SetupProgress, SetupState, SetupStep};

/// What there is of a workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Facts {
    /// Its name; `None`: there is none yet, nor anything below.
    pub workspace: Option<String>,
    /// The client id of the Zoom app.
    pub zoom_app: Option<Found>,
    /// How email leaves.
    pub email: Option<Found>,
    /// Titles of its jobs.
    pub jobs: Vec<String>,
    /// How many candidates it has.
    pub candidates: u64,
    /// How many members it has.
    pub members: usize,
    /// How many of them have set when they work.
    pub hours_set: usize,
}

/// Something that is there, in a few words, and who decided it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub detail: String,
    pub from_configuration: bool,
}

impl Facts {
    fn of(&self, step: SetupStep) -> Option<Found> {
        let own = |detail: String| Found {
            detail,
            from_configuration: false,
        };
        match step {
            SetupStep::Workspace => self.workspace.clone().map(own),
            SetupStep::ZoomApp => self.zoom_app.clone(),
            SetupStep::Email => self.email.clone(),
            SetupStep::Job => match self.jobs.as_slice() {
                [] => None,
                [one] => Some(own(one.clone())),
                many => Some(own(format!("{} jobs", many.len()))),
            },
            SetupStep::Candidates => match self.candidates {
                0 => None,
                1 => Some(own("1 candidate".to_owned())),
                many => Some(own(format!("{many} candidates"))),
            },
            // For the rest hours are assumed, and each sets their own.
            SetupStep::Hours => match (self.hours_set, self.members) {
                (0, _) => None,
                (1, 1) => Some(own("yours are set".to_owned())),
                (set, all) => Some(own(format!("{set} of {all} members"))),
            },
        }
    }
}

/// Every step, and how it stands: what is there is done, whether it was skipped before or not.
pub(super) fn progress(facts: &Facts, skipped: &[SetupStep]) -> SetupProgress {
    let item = |step: SetupStep| {
        let found = facts.of(step);
        let state = match &found {
            Some(_) => SetupState::Done,
            None if skipped.contains(&step) => SetupState::Skipped,
            None => SetupState::Open,
        };
        SetupItem {
            step,
            state,
            from_configuration: found.as_ref().is_some_and(|it| it.from_configuration),
            detail: found.map(|found| found.detail),
        }
    };
    let steps: Vec<SetupItem> = SetupStep::ALL.into_iter().map(item).collect();
    let mut open = steps.iter().filter(|it| it.state == SetupState::Open);
    SetupProgress {
        next: open.next().map(|it| it.step),
        steps,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn states(progress: &SetupProgress) -> String {
        let sign = |it: &SetupItem| match it.state {
            SetupState::Open => 'o',
            SetupState::Skipped => 's',
            SetupState::Done => 'd',
        };
        progress.steps.iter().map(sign).collect()
    }

    #[test]
    fn what_is_there_is_done_and_the_first_open_step_is_next() {
        let found = |detail: &str, from_configuration| {
            Some(Found {
                detail: detail.to_owned(),
                from_configuration,
            })
        };
        let acme = Facts {
            workspace: Some("Acme".into()),
            ..Facts::default()
        };
        let with_app = Facts {
            zoom_app: found("q7Jw", true),
            ..acme.clone()
        };
        let all = Facts {
            email: found("jobs@acme.example", false),
            jobs: vec!["Welder".into()],
            candidates: 3,
            members: 2,
            hours_set: 1,
            ..with_app.clone()
        };
        use SetupStep as S;
        for (facts, skipped, expected, next) in [
            (&Facts::default(), &[][..], "oooooo", Some(S::Workspace)),
            (&acme, &[][..], "dooooo", Some(S::ZoomApp)),
            (&acme, &[S::ZoomApp, S::Job][..], "dsosoo", Some(S::Email)),
            (&with_app, &[S::ZoomApp][..], "ddoooo", Some(S::Email)),
            (&all, &[S::Email][..], "dddddd", None),
            (
                &acme,
                &[S::ZoomApp, S::Email, S::Job, S::Candidates][..],
                "dsssso",
                Some(S::Hours),
            ),
        ] {
            let told = progress(facts, skipped);
            assert_eq!((states(&told).as_str(), told.next), (expected, next));
        }
    }

    #[test]
    fn a_step_says_what_there_is_and_who_decided_it() {
        let facts = Facts {
            workspace: Some("Acme".into()),
            zoom_app: Some(Found {
                detail: "q7Jw".into(),
                from_configuration: true,
            }),
            email: None,
            jobs: vec!["Welder".into(), "Painter".into()],
            candidates: 1,
            members: 3,
            hours_set: 2,
        };
        let told = progress(&facts, &[]);
        let told: Vec<_> = told
            .steps
            .iter()
            .map(|it| (it.detail.as_deref().unwrap_or(""), it.from_configuration))
            .collect();
        let expected = [
            ("Acme", false),
            ("q7Jw", true),
            ("", false),
            ("2 jobs", false),
            ("1 candidate", false),
            ("2 of 3 members", false),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn the_only_member_reads_that_their_hours_are_set() {
        let facts = Facts {
            members: 1,
            hours_set: 1,
            ..Facts::default()
        };
        let told = progress(&facts, &[]);
        let hours = told.steps.last().expect("a step");
        assert_eq!(hours.detail.as_deref(), Some("yours are set"));
    }
}
