//! How both servers are configured.

use super::{PASSWORD, Ports, UNIX, USER};

/// Exim, which lets nobody log in before TLS.
pub(super) fn exim(at: &str, Ports { tls, open }: Ports) -> String {
    format!(
        "exim_user = {UNIX}
exim_group = {UNIX}
deliver_drop_privilege = true
primary_hostname = mx.example
spool_directory = {at}/spool
log_file_path = {at}/spool/%slog
pid_file_path = {at}/exim.pid
local_interfaces = 127.0.0.1
daemon_smtp_ports = {tls} : {open}
tls_on_connect_ports = {tls}
tls_advertise_hosts = *
tls_certificate = {at}/cert.pem
tls_privatekey = {at}/key.pem
auth_advertise_hosts = ${{if def:tls_in_cipher {{*}}{{}}}}
acl_smtp_rcpt = rcpt
host_lookup =
keep_environment =
queue_only_load = 1000
begin acl
rcpt:
  deny    message = 550 5.7.1 log in first
         !authenticated = *
  deny    message = 550 5.1.1 no such user here
          local_parts = refused
  defer   message = 451 4.7.1 come back later
          local_parts = later
  accept
begin routers
gone:
  driver = redirect
  local_parts = gone
  allow_fail
  data = :fail: no such user any more
interviews:
  driver = accept
  local_parts = interviews
  transport = interviews
people:
  driver = accept
  transport = people
begin transports
interviews:
  driver = appendfile
  directory = {at}/interviews
  maildir_format
people:
  driver = appendfile
  directory = {at}/people
  maildir_format
begin retry
* * F,1h,1m
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and {{{{eq{{$auth2}}{{{USER}}}}}{{eq{{$auth3}}{{{PASSWORD}}}}}}}}}
  server_set_id = $auth2
xoauth2:
  driver = plaintext
  public_name = XOAUTH2
  server_condition = ${{if eq{{$auth1}}{{user={USER}\\x01auth=Bearer ${{readfile{{{at}/fresh}}{{}}}}\\x01\\x01}}}}
  server_set_id = {USER}
"
    )
}

/// Dovecot's judge of tokens: signed here, for a user that `email` names, and not ended.
pub(super) fn tokens(at: &str) -> String {
    format!(
        "introspection_mode = local
local_validation_key_dict = fs:posix:prefix={at}/keys/
username_attribute = email
"
    )
}

/// How one logs in at Dovecot.
#[derive(Debug, Clone, Copy)]
pub(super) enum By {
    /// By the one user's password or a token signed here, to the one mailbox.
    Password,
    /// By an access token, to a mailbox of one's own.
    Token,
}

/// Dovecot.
pub(super) fn dovecot(at: &str, Ports { tls, open }: Ports, by: By) -> String {
    let by = match by {
        By::Password => format!(
            "ssl = required
mail_location = maildir:{at}/interviews
auth_mechanisms = plain login xoauth2
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {at}/oauth2.conf
}}
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = scheme=PLAIN username_format=%u {at}/users
}}
"
        ),
        By::Token => format!(
            "ssl = yes
disable_plaintext_auth = no
auth_mechanisms = xoauth2
mail_location = maildir:{at}/mailboxes/%u
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {at}/oauth2.conf
}}
"
        ),
    };
    format!(
        "{by}protocols = imap
listen = 127.0.0.1
base_dir = {at}/run
state_dir = {at}/state
log_path = {at}/dovecot.log
ssl_cert = <{at}/cert.pem
ssl_key = <{at}/key.pem
default_internal_user = dovecot
default_internal_group = dovecot
default_login_user = dovenull
first_valid_uid = 1
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {open}
  }}
  inet_listener imaps {{
    port = {tls}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
auth_failure_delay = 6 secs
userdb {{
  driver = static
  args = uid={UNIX} gid={UNIX} home={at}/home
}}
"
    )
}

/// How Dovecot asks whose token it was given: at this address, with the token behind it.
pub(super) fn introspection(url: &str) -> String {
    format!(
        "introspection_mode = get
introspection_url = {url}
username_attribute = email
active_attribute = active
active_value = true
"
    )
}
