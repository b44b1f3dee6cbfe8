//! Which mail system an address has: by its domain's names, or as the person says.
//!
//! Owns the looking up, which has an end: without a network nothing is known, which is said and is
//! no error. What the domain name system answers is untrusted: names are checked before anybody is
//! shown one, and nobody logs in anywhere before a person has agreed.

mod decide;
mod dns;

use greenroom_protocol::Error;
use greenroom_protocol::mail_settings::{MailDiscover, MailDiscovered, MailSystem};

use super::systems;
use crate::access::RequestContext;
use crate::input;
use crate::services::Services;

/// What is known of an address's mail system, and how to set it up.
///
/// # Errors
/// The address is none.
pub async fn discover(
    services: &Services,
    _: &RequestContext,
    request: MailDiscover,
) -> Result<MailDiscovered, Error> {
    let address = input::address("address", &request.address)?;
    let domain = address
        .rsplit_once('@')
        .map(|(_, domain)| domain.to_ascii_lowercase())
        .unwrap_or_default();
    let known = request.system.or_else(|| systems::of_domain(&domain));
    if let Some(system) = known.filter(|it| is_complete(*it)) {
        let because = match request.system {
            Some(_) => None,
            None => Some(format!("{domain} is {}", systems::name(system))),
        };
        return Ok(MailDiscovered {
            because,
            ..systems::described(system, &address, None)
        });
    }
    let found = dns::look_up(&services.config.mail.resolver, &domain).await;
    Ok(decide::decide(&address, &domain, known, &found))
}

/// Whether the servers of a system are known without looking.
fn is_complete(system: MailSystem) -> bool {
    !matches!(
        system,
        MailSystem::Exchange | MailSystem::Other | MailSystem::Zoho
    )
}
