//! Backups taken and restored through the socket.

use greenroom_protocol::Error;
use greenroom_protocol::backup::{
    Backup, BackupForget, BackupPart, BackupRead, RestoreBegin, RestoreFinish, RestorePart,
    RestoreSlot, Restored,
};

use super::admission::Admitted;
use crate::access::Caller;
use crate::services::Services;

pub(super) async fn take(services: &Services, _: &Caller) -> Result<Backup, Error> {
    Ok(services.backups.take().await?)
}

pub(super) async fn read(
    services: &Services,
    _: &Caller,
    part: BackupRead,
) -> Result<BackupPart, Error> {
    Ok(services.backups.read(part).await?)
}

pub(super) async fn forget(
    services: &Services,
    _: &Caller,
    backup: BackupForget,
) -> Result<(), Error> {
    Ok(services.backups.forget(&backup.id).await?)
}

pub(super) async fn receive(
    services: &Services,
    _: &Caller,
    restore: RestoreBegin,
) -> Result<RestoreSlot, Error> {
    Ok(services.backups.receive(restore).await?)
}

pub(super) async fn receive_part(
    services: &Services,
    _: &Caller,
    part: RestorePart,
) -> Result<(), Error> {
    Ok(services.backups.receive_part(part).await?)
}

/// Once the store is another, the daemon begins again with it.
pub(super) async fn restore(
    services: &Services,
    call: &Admitted<'_>,
    finish: RestoreFinish,
) -> Result<Restored, Error> {
    let by = call.caller.actor("socket");
    let restored = services.backups.restore(finish, by).await?;
    if !restored.dry_run {
        call.connected.shutdown.begin_again();
    }
    Ok(restored)
}
