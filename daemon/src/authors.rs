//! Wiring: which room writes which email.

use futures::future::BoxFuture;
use greenroom_protocol::id::MailId;

use crate::interviews::Letters;
use crate::mail::{Author, Written};
use crate::outbox::Settled;
use crate::outbox::record::{About, MessageRecord};
use crate::outreach::ProposalLetters;
use crate::pipeline::ApplicationLetters;
use crate::pipeline::retention::RetentionLetters;
use crate::setting_up::GuideLetters;
use crate::store::{StoreError, Tx};
use crate::workspace::accounts::AccountNotices;
use crate::workspace::{Alarms, Notices};

/// Every author, by what a letter is about.
pub(crate) struct Authors {
    /// Of letters about interviews.
    pub interviews: Letters,
    /// Of letters about connections.
    pub connections: Notices,
    /// Of emails about accounts.
    pub accounts: AccountNotices,
    /// Of email about what an admin is needed for.
    pub alarms: Alarms,
    /// Of email to candidates about their applications.
    pub applications: ApplicationLetters,
    /// Of email to admins about candidates who are to be erased.
    pub retention: RetentionLetters,
    /// Of email to candidates about proposed times.
    pub proposals: ProposalLetters,
    /// Of email to people who make an app.
    pub guides: GuideLetters,
}

impl Authors {
    fn of(&self, about: &About) -> &dyn Author {
        match about {
            About::Interview(_) => &self.interviews,
            About::Connection(_) => &self.connections,
            About::Account(..) => &self.accounts,
            About::Problem(_) => &self.alarms,
            About::Application(_) => &self.applications,
            About::Retention => &self.retention,
            About::App(_) => &self.guides,
            About::Outreach(_) => &self.proposals,
        }
    }
}

impl Author for Authors {
    fn write<'a>(
        &'a self,
        tx: &'a Tx,
        space: &'a str,
        mail: &'a MessageRecord,
    ) -> BoxFuture<'a, Result<Written, StoreError>> {
        self.of(&mail.about).write(tx, space, mail)
    }

    fn settled<'a>(
        &'a self,
        tx: &'a Tx,
        space: &'a str,
        id: MailId,
        mail: &'a MessageRecord,
        outcome: Settled,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        self.of(&mail.about).settled(tx, space, id, mail, outcome)
    }
}
