//! How an app is made at Zoom, Google or Microsoft, as it is printed.

use greenroom_protocol::Error;
use greenroom_protocol::setting_up::{AppGuide, AppGuideQuery, AppKind, GuideField};

use crate::client::Client;
use crate::output::Output;

/// The steps there.
pub(super) async fn of(client: &Client, app: AppKind) -> Result<AppGuide, Error> {
    let query = AppGuideQuery {
        app,
        email_to: None,
        dry_run: true,
    };
    client.app_guide(query).await
}

/// Prints them, each with what is copied or opened in it.
pub(super) fn show(output: Output, guide: &AppGuide) {
    for (number, step) in (1..).zip(&guide.steps) {
        output.note(&format!("{number}. {}", step.text));
        let values = match step.about {
            Some(GuideField::Link) => vec![guide.link.clone()],
            Some(GuideField::RedirectUri) => guide.redirect_uri.clone().into_iter().collect(),
            Some(GuideField::Scopes) => guide.scopes.clone(),
            _ => Vec::new(),
        };
        for value in values {
            output.note(&format!("   {value}"));
        }
    }
}
