use super::*;

fn load(text: &str, environment: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("config.toml");
    std::fs::write(&path, text).expect("write the file");
    let environment = environment
        .iter()
        .map(|(name, value)| ((*name).into(), (*value).into()))
        .collect();
    Config::load(&path, &environment)
}

#[test]
fn no_file_is_a_configuration() {
    let config = Config::load(Path::new("/does/not/exist"), &BTreeMap::new()).expect("defaults");
    assert_eq!(config, Config::default());
}

#[test]
fn the_environment_stands_over_the_file() {
    let file = "[zoom]\nclient_id = \"a\"\nredirect_port = 1\n[client]\ntheme = \"auto\"";
    let config = load(
        file,
        &[
            ("GREENROOM_ZOOM_REDIRECT_PORT", "4000"),
            ("GREENROOM_ZOOM_CLIENT_ID", "12"),
            ("GREENROOM_STORE_BACKUP_KEEP", "3"),
        ],
    );
    let config = config.expect("a configuration");
    assert_eq!(
        (config.zoom.client_id.as_str(), config.zoom.redirect_port),
        ("12", 4000)
    );
    assert_eq!(config.store.backup_keep, 3);
}

#[test]
fn calendars_are_read_from_the_private_networks_that_are_named() {
    let networks = |names: &[&str]| -> Vec<Network> {
        names
            .iter()
            .map(|it| it.parse().expect("a network"))
            .collect()
    };
    let file = "[calendars]\nallow = ['10.0.0.0/8', 'fd00::/8']";
    let config = load(file, &[]).expect("a configuration");
    assert_eq!(
        config.calendars.allow,
        networks(&["10.0.0.0/8", "fd00::/8"])
    );
    let environment = [("GREENROOM_CALENDARS_ALLOW", "['127.0.0.1']")];
    let config = load(file, &environment).expect("a configuration");
    assert_eq!(config.calendars.allow, networks(&["127.0.0.1/32"]));
    let refused = load("[calendars]\nallow = ['10.0.0.0/40']", &[]).expect_err("no network");
    let refused = refused.to_string();
    assert!(
        refused.contains("a network such as 10.0.0.0/8"),
        "{refused}"
    );
}

#[test]
fn unknown_keys_are_refused_with_a_suggestion() {
    let refused = load("[zoom]\nclientid = \"a\"", &[])
        .expect_err("unknown")
        .to_string();
    assert!(
        refused.contains("`zoom.clientid`; did you mean `zoom.client_id`?"),
        "{refused}"
    );
    let refused = load("[zom]\n", &[]).expect_err("unknown").to_string();
    assert!(refused.contains("`zom`; did you mean `zoom`?"), "{refused}");
}

#[test]
fn a_secret_comes_from_a_file_or_from_a_command() {
    let file = "[zoom]\nclient_secret_file = \"/etc/secret\"";
    let config = load(file, &[]).expect("a file").zoom;
    assert_eq!(config.client_secret(), Source::File("/etc/secret".into()));
    let command = (
        "GREENROOM_ZOOM_CLIENT_SECRET_COMMAND",
        r#"["pass", "zoom"]"#,
    );
    let refused = load(file, &[command]).expect_err("both").to_string();
    assert!(refused.contains("keep one of them"), "{refused}");
    let config = load("", &[command]).expect("a command").zoom;
    let words = vec!["pass".to_owned(), "zoom".to_owned()];
    assert_eq!(config.client_secret(), Source::Command(words));
    assert!(load("[secrets]\nkey = \"command\"", &[]).is_err());
}

#[test]
fn sections_below_sections_are_sections_too() {
    let file = "[mail.smtp]\nurl = \"smtps://mail.example\"";
    let password = [(
        "GREENROOM_MAIL_SMTP_PASSWORD_COMMAND",
        r#"["pass", "mail"]"#,
    )];
    let mail = load(file, &password).expect("a configuration").mail;
    assert_eq!(mail.smtp.url, "smtps://mail.example");
    assert_eq!(mail.smtp.password_command, ["pass", "mail"]);
    let refused = load("[mail.smtp]\npasword_file = \"x\"", &[]).expect_err("unknown");
    let refused = refused.to_string();
    let expected = "`mail.smtp.pasword_file`; did you mean `mail.smtp.password_file`?";
    assert!(refused.contains(expected), "{refused}");
}

/// Case M2
#[test]
fn what_the_machine_calls_itself_to_a_server_is_a_name_or_an_address() {
    let helo = |name: &str| load(&format!("[mail.smtp]\nhelo = \"{name}\""), &[]);
    for name in ["mx.acme.example", "[192.0.2.1]", "[IPv6:2001:db8::1]"] {
        assert_eq!(helo(name).expect(name).mail.smtp.helo, name);
    }
    for name in [
        "laptop",
        "10.0.0.1",
        "[laptop]",
        "mx acme.example",
        "a.b\\r\\nMAIL",
    ] {
        let refused = helo(name).expect_err(name).to_string();
        assert!(
            refused.contains("mail.smtp.helo is not a host name"),
            "{refused}"
        );
    }
    assert!(load("[mail.imap]\nhelo = \"mx.acme.example\"", &[]).is_err());
}

#[test]
fn mail_that_leaves_needs_a_server_and_an_address() {
    let smtp = "[mail]\ntransport = \"smtp\"\n";
    let server = "[mail.smtp]\nurl = \"smtps://mail.example\"";
    for (file, why) in [
        (smtp.to_owned(), "mail.smtp.url is missing"),
        (format!("{smtp}{server}"), "mail.from is missing"),
        (
            format!("{smtp}from = \"acme\"\n{server}"),
            "mail.from is not an address",
        ),
        (
            "[mail]\ntransport = \"pigeon\"".to_owned(),
            "must be maildir or smtp",
        ),
    ] {
        let refused = load(&file, &[]).expect_err(why).to_string();
        assert!(refused.contains(why), "{refused}");
    }
    let whole = format!("{smtp}from = \"interviews@acme.example\"\n{server}");
    assert!(load(&whole, &[]).is_ok());
}

#[test]
fn plain_http_is_for_loopback() {
    for (url, fine) in [
        ("http://127.0.0.1:8080/oauth", true),
        ("http://[::1]:8080/oauth", true),
        ("https://zoom.example/oauth", true),
        ("http://zoom.example/oauth", false),
        ("ftp://127.0.0.1/", false),
        ("zoom", false),
    ] {
        let loaded = load(&format!("[zoom]\noauth_url = \"{url}\""), &[]);
        assert_eq!(loaded.is_ok(), fine, "{url}");
    }
}

#[test]
fn keys_that_differ_are_named_and_the_clients_are_not_ours() {
    let loaded = |text: &str| {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("config.toml");
        std::fs::write(&path, text).expect("write the file");
        Config::load_keys(&path, &BTreeMap::new()).expect("a configuration")
    };
    let before = loaded("[log]\nlevel = 'warn'\n[store]\nbackup_keep = 3\n[client]\nmouse = true");
    let after = loaded("[log]\nlevel = 'debug'\n[mail.smtp]\nurl = ''\n[client]\nmouse = false");
    assert_eq!(
        before.differing(&after),
        ["log.level", "mail.smtp.url", "store.backup_keep"]
    );
    assert_eq!(before.differing(&before), Vec::<String>::new());
    let refused = load("[log]\nlevel = 'loud'", &[]).expect_err("no level");
    assert!(
        refused.to_string().contains("log.level must be"),
        "{refused}"
    );
}

#[test]
fn google_and_microsoft_are_themselves_unless_an_address_says_otherwise() {
    let config = load("", &[]).expect("defaults");
    assert_eq!(config.google.sandbox(), None);
    assert_eq!(config.microsoft.sandbox(), None);
    let environment = [
        ("GREENROOM_GOOGLE_TOKEN_URL", "http://127.0.0.1:4100/token"),
        ("GREENROOM_MICROSOFT_IMAP_URL", "imap://127.0.0.1:4143"),
    ];
    let config = load("", &environment).expect("a sandbox");
    let google = config.google.sandbox();
    assert_eq!(google.as_deref(), Some("http://127.0.0.1:4100"));
    let microsoft = config.microsoft.sandbox();
    assert_eq!(microsoft.as_deref(), Some("imap://127.0.0.1:4143"));
}

#[test]
fn the_addresses_of_google_and_microsoft_are_private_or_on_this_machine() {
    for (key, url, fine) in [
        ("google]\nauth_url", "http://accounts.example/auth", false),
        ("google]\nauth_url", "http://[::1]:1/auth", true),
        ("google]\ngmail_smtp_url", "smtp://mail.example", false),
        ("google]\ngmail_smtp_url", "smtp://localhost:2525", true),
        (
            "google]\ngmail_imap_url",
            "imaps://dana@mail.example",
            false,
        ),
        ("google]\ngmail_imap_url", "smtps://mail.example", false),
        ("microsoft]\nlogin_url", "https://login.example", true),
        ("microsoft]\ngraph_url", "http://graph.example", false),
        ("microsoft]\nsmtp_url", "smtp+starttls://mail.example", true),
    ] {
        let loaded = load(&format!("[{key} = \"{url}\""), &[]);
        assert_eq!(loaded.is_ok(), fine, "{key} {url}");
    }
}

#[test]
fn a_microsoft_app_stands_beside_its_tenant() {
    let app = |tenant: &str| {
        let file = format!("[microsoft]\nclient_id = \"app\"\ntenant = \"{tenant}\"");
        load(&file, &[])
    };
    for tenant in [
        "acme.example",
        "acme.onmicrosoft.com",
        "0b5ba7fa-9f4c-4d4a-9d3e-2f7c1d6c8e11",
        "organizations",
    ] {
        assert_eq!(app(tenant).expect(tenant).microsoft.tenant, tenant);
    }
    for tenant in ["", "acme/../common", "..", "acme example", "acme?x"] {
        let refused = app(tenant).expect_err(tenant).to_string();
        assert!(refused.contains("microsoft.tenant"), "{refused}");
    }
}
