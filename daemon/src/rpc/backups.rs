//! Backups taken and restored through the socket.

use greenroom_protocol::Error;
use greenroom_protocol::backup::{
    Backup, BackupForget, BackupPart, BackupRead, RestoreBegin, RestoreFinish, RestorePart,
    RestoreSlot, Restored,
};

use super::admission::Admitted;
use crate::services::Services;

pub(super) async fn take(_: &Services, call: &Admitted<'_>) -> Result<Backup, Error> {
    Ok(call.backups().take().await?)
}

pub(super) async fn read(
    _: &Services,
    call: &Admitted<'_>,
    part: BackupRead,
) -> Result<BackupPart, Error> {
    Ok(call.backups().read(part).await?)
}

pub(super) async fn forget(
    _: &Services,
    call: &Admitted<'_>,
    backup: BackupForget,
) -> Result<(), Error> {
    Ok(call.backups().forget(&backup.id).await?)
}

pub(super) async fn receive(
    _: &Services,
    call: &Admitted<'_>,
    restore: RestoreBegin,
) -> Result<RestoreSlot, Error> {
    Ok(call.backups().receive(restore).await?)
}

pub(super) async fn receive_part(
    _: &Services,
    call: &Admitted<'_>,
    part: RestorePart,
) -> Result<(), Error> {
    Ok(call.backups().receive_part(part).await?)
}

/// Once the store is another, the daemon begins again with it.
pub(super) async fn restore(
    _: &Services,
    call: &Admitted<'_>,
    finish: RestoreFinish,
) -> Result<Restored, Error> {
    let by = call.caller.attribution(&call.caller.via);
    let restored = call.backups().restore(finish, by).await?;
    if !restored.dry_run {
        call.connected.shutdown.begin_again();
    }
    Ok(restored)
}
