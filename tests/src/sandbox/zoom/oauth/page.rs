//! Owns the HTML a person sees at Zoom.

use crate::sandbox::page::{Page, escaped};
use crate::sandbox::zoom::directory::SCOPES;

const ZOOM: Page = Page("Zoom");

/// The consent page. Its form goes back to the same address, query and all.
pub(super) fn consent(app: &str, scopes: &[String], zoom_user: &str) -> String {
    let permissions: String = scopes.iter().map(|scope| permission(scope)).collect();
    let title = format!("Authorize {app}");
    let (app, zoom_user) = (escaped(app), escaped(zoom_user));
    ZOOM.framed(
        &title,
        &format!(
            "<h1>{app} is requesting access to your Zoom account</h1>\n\
             <ul>\n{permissions}</ul>\n\
             <form method=\"post\">\n\
             <label>Zoom user\n\
             <input type=\"text\" name=\"zoom_user\" value=\"{zoom_user}\"></label>\n\
             <button name=\"decision\" value=\"allow\">Allow</button>\n\
             <button name=\"decision\" value=\"decline\">Decline</button>\n\
             </form>"
        ),
    )
}

/// A page that only says something.
pub(in crate::sandbox::zoom) fn plain(title: &str, text: &str) -> String {
    ZOOM.plain(title, text)
}

/// What an admin sees: the apps asked for, each with its button.
pub(in crate::sandbox::zoom) fn requests(waiting: &[(&str, &str)]) -> String {
    if waiting.is_empty() {
        return plain("App requests", "Nobody waits for an approval.");
    }
    let request = |(account, app): &(&str, &str)| {
        let (account, app) = (escaped(account), escaped(app));
        format!(
            "<form method=\"post\">\n<p>{app}, asked for by users of {account}\n\
             <input type=\"hidden\" name=\"account\" value=\"{account}\">\n\
             <button>Approve</button></p>\n</form>\n"
        )
    };
    let requests: String = waiting.iter().map(request).collect();
    ZOOM.framed(
        "App requests",
        &format!("<h1>App requests</h1>\n{requests}"),
    )
}

fn permission(scope: &str) -> String {
    let known = SCOPES.iter().find(|(name, _)| *name == scope);
    let meaning = known.map_or("", |(_, meaning)| meaning);
    format!("<li>{meaning} <code>{}</code></li>\n", escaped(scope))
}
