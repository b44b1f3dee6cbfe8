//! How far setting up is, and how an app is made.

use greenroom_protocol::setting_up::{
    AppGuide, AppGuideQuery, GuideField, GuideStep, SetupItem, SetupProgress, SetupSkip,
    SetupState, SetupStep,
};
use greenroom_protocol::zoom::PERMISSIONS;

/// Steps that are not done, and those that were skipped.
#[derive(Default)]
pub(crate) struct Setup {
    pub(crate) open: Vec<SetupStep>,
    pub(crate) skipped: Vec<SetupStep>,
    /// What the daemon's configuration decides.
    pub(crate) configured: Vec<SetupStep>,
}

impl Setup {
    pub(super) fn progress(&self) -> SetupProgress {
        let item = |step: SetupStep| {
            let state = match (self.open.contains(&step), self.skipped.contains(&step)) {
                (false, _) => SetupState::Done,
                (true, true) => SetupState::Skipped,
                (true, false) => SetupState::Open,
            };
            let detail = match step {
                SetupStep::Workspace => "Acme",
                SetupStep::ZoomApp => "q7Jw2uVdRzS_x-k0mB1cQw",
                SetupStep::Email => "interviews@acme.example",
                SetupStep::Job => "2 jobs",
                SetupStep::Candidates => "12 candidates",
                SetupStep::Hours => "2 of 7 members",
            };
            let done = state == SetupState::Done;
            SetupItem {
                step,
                state,
                detail: done.then(|| detail.to_owned()),
                from_configuration: self.configured.contains(&step),
            }
        };
        let steps: Vec<SetupItem> = SetupStep::ALL.into_iter().map(item).collect();
        let open = |it: &&SetupItem| it.state == SetupState::Open;
        SetupProgress {
            next: steps.iter().find(open).map(|it| it.step),
            steps,
        }
    }

    pub(super) fn skip(&mut self, skip: &SetupSkip) {
        self.skipped.retain(|it| *it != skip.step);
        if !skip.undo {
            self.skipped.push(skip.step);
        }
    }

    /// Somebody did it.
    pub(crate) fn does(&mut self, step: SetupStep) {
        self.open.retain(|it| *it != step);
    }
}

pub(super) fn guide(query: &AppGuideQuery, delivers: bool) -> AppGuide {
    let step = |about, text: &str| GuideStep {
        text: text.to_owned(),
        about,
    };
    let steps = vec![
        step(
            Some(GuideField::Link),
            "Sign in with your company's Zoom account, as an owner, admin or developer. Choose Develop, Build App, General App, and \
             have it User-managed.",
        ),
        step(
            None,
            "Turn on Use Public Client OAuth. It shows a client ID that needs no secret.",
        ),
        step(
            Some(GuideField::RedirectUri),
            "Enter this as the OAuth redirect URL, and again in the OAuth allow list.",
        ),
        step(Some(GuideField::Scopes), "Under Scopes, add all of these."),
        step(
            Some(GuideField::ClientId),
            "Copy the client ID of Use Public Client OAuth. The app can stay private: it needs no review.",
        ),
    ];
    AppGuide {
        app: query.app,
        link: "https://marketplace.zoom.us/".into(),
        steps,
        redirect_uri: Some("http://127.0.0.1/callback".into()),
        scopes: PERMISSIONS.iter().map(|it| it.scope.to_owned()).collect(),
        client_id: None,
        from_configuration: false,
        subject: "Please create a Zoom app for Greenroom at Acme".into(),
        text: "Dana Reyes <dana@acme.example> would like to use Zoom with Greenroom.\n\n1. Sign in with your company's Zoom account."
            .into(),
        sent: query.email_to.is_some() && delivers,
        dry_run: query.dry_run,
    }
}
