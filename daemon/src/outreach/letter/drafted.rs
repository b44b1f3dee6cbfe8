//! The email with the times of a draft, as it would leave now.

use greenroom_protocol::Error;
use greenroom_protocol::id::OutreachId;

use super::parts::Parts;
use super::{ProposalLetters, template_of};
use crate::access::RequestContext;
use crate::interviews;
use crate::mail::message::Letter;
use crate::outreach::clock;
use crate::records::outreach::{OutreachRecord, OutreachState};
use crate::services::Services;
use crate::store::{StoreError, Tx};

/// How the email with the times of a draft would read now.
///
/// # Errors
/// The store can't be read.
pub async fn written_now(
    services: &Services,
    context: &RequestContext,
    id: OutreachId,
) -> Result<Option<greenroom_protocol::mail::Written>, Error> {
    let (space, key) = (&context.space(), &id.to_string());
    let (written, _) = services
        .store
        .transact(|tx| async move {
            let record = tx.get::<OutreachRecord>(space, key).await?;
            match record.filter(|it| it.state == OutreachState::Draft) {
                Some(record) => drafted(services, &tx, space, (id, &record)).await,
                None => Ok(None),
            }
        })
        .await?;
    let written = written.map(|letter| interviews::written(services, context, &letter));
    written.transpose()
}

/// The email with the times of a draft, as of now; `None`: the candidate is gone.
pub(in crate::outreach) async fn drafted(
    services: &Services,
    tx: &Tx,
    space: &str,
    (id, record): (OutreachId, &OutreachRecord),
) -> Result<Option<Letter>, StoreError> {
    let letters = ProposalLetters {
        clock: services.clock.clone(),
        assistant: services.config.assistant.name.clone(),
    };
    let Some(parts) = Parts::read(tx, space, record, None).await? else {
        return Ok(None);
    };
    let now = letters.clock.now();
    let until = clock::held(&record.purpose, now, parts.zone(record));
    let drafted = (template_of(record), record.drafted().collect());
    let written = letters.proposal(tx, space, (id, record), parts, drafted, (now, until));
    written.await.map(Some)
}
