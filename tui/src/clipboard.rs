//! Handing text to the person's own machine: the clipboard and the browser.
//!
//! The clipboard is reached with OSC 52, which the terminal carries out where the person sits, also
//! over ssh. Terminals give no answer to it, so a copy is said to be *sent*. The browser is
//! whatever `$BROWSER` or `xdg-open` starts; only `http` and `https` addresses are passed on.

use std::io::{self, Write};
use std::process::Stdio;

use crossterm::clipboard::CopyToClipboard;
use crossterm::execute;
use tokio::process::Command;

/// Why an address was not opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BrowseError {
    /// It is not a web address.
    #[error("This is not a web address")]
    NotWeb,
    /// No browser could be started.
    #[error("No browser can be started here ({0})")]
    Start(String, #[source] io::Error),
}

/// Sends `text` to the terminal's clipboard.
pub(crate) fn copy(text: &str) -> io::Result<()> {
    let mut out = io::stdout();
    execute!(out, CopyToClipboard::to_clipboard_from(text))?;
    out.flush()
}

/// Opens a web address in the person's browser, detached from this terminal.
pub(crate) fn browse(address: &str) -> Result<(), BrowseError> {
    let web = url::Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if !web {
        return Err(BrowseError::NotWeb);
    }
    let opener = std::env::var("BROWSER")
        .ok()
        .filter(|name| !name.is_empty());
    let opener = opener.unwrap_or_else(|| "xdg-open".to_owned());
    Command::new(&opener)
        .arg(address)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map(drop)
        .map_err(|error| BrowseError::Start(opener, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_reach_a_browser() {
        for address in ["file:///etc/passwd", "zoommtg://zoom.us/join", "--help", ""] {
            assert!(
                matches!(browse(address), Err(BrowseError::NotWeb)),
                "{address}"
            );
        }
    }
}
