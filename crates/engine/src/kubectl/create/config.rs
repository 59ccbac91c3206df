//! `kubectl create configmap` and `create secret`. There are no files here but the editor's text.

use super::{made, name, Made};
use crate::go_format::quote;
use crate::kubectl::args::Args;
use crate::kubectl::failure::Failure;
use crate::kubectl::flags::{switch, value, Flag, GENERATE, NONE};
use crate::kubectl::object::base64;
use crate::kubectl::output::{map, quoted, Map};
use crate::kubectl::view::View;
use crate::kubectl::{Output, Verb};
use crate::manifest::config_key;

const APPEND_HASH: Flag = switch("append-hash", NONE).absent();

const FROM: &[Flag] = &[
    value("from-literal", NONE),
    value("from-file", NONE),
    value("from-env-file", NONE),
    APPEND_HASH,
];

pub const CONFIG_MAP: Verb = Verb::new(
    "create configmap",
    "Create a config map from a local file, directory or literal value",
    &[GENERATE, FROM],
    config_map,
);

pub const GENERIC: Verb = Verb::new(
    "create secret generic",
    "Create a secret from a local file, directory, or literal value",
    &[GENERATE, FROM, &[value("type", NONE)]],
    generic,
);

pub const DOCKER_REGISTRY: Verb = Verb::new(
    "create secret docker-registry",
    "Create a secret for use with a Docker registry",
    &[
        GENERATE,
        &[
            value("docker-server", NONE),
            value("docker-username", NONE),
            value("docker-password", NONE),
            value("docker-email", NONE),
            value("from-file", NONE),
            APPEND_HASH,
        ],
    ],
    docker_registry,
);

pub const TLS: Verb = Verb::new(
    "create secret tls",
    "Create a TLS secret",
    &[
        GENERATE,
        &[value("cert", NONE), value("key", NONE), APPEND_HASH],
    ],
    tls,
);

fn no_file(before: &str, path: &str) -> Failure {
    Failure::client(format!("{before} {path}: no such file or directory"))
}

/// `--from-literal`, in order; files are not there.
fn literals(args: &Args, kind: &str) -> Result<Vec<(String, String)>, Failure> {
    let env_file = args.get("from-env-file");
    let others = ["from-file", "from-literal"];
    if env_file.is_some() && others.iter().any(|flag| args.get(flag).is_some()) {
        let text = "from-env-file cannot be combined with from-file or from-literal";
        return Err(Failure::client(text));
    }
    let files = args.all("from-file").map(path);
    let paths = files
        .chain(env_file.map(Ok))
        .collect::<Result<Vec<_>, _>>()?;
    if let Some(path) = paths.first() {
        return Err(no_file("error reading", path));
    }
    let mut pairs: Vec<(String, String)> = Vec::new();
    for given in args.all("from-literal") {
        let Some((key, value)) = given.split_once('=').filter(|(key, _)| !key.is_empty()) else {
            let text = format!("invalid literal source {given}, expected key=value");
            return Err(Failure::client(text));
        };
        let faults = config_key(key).join(",");
        let is_known = pairs.iter().any(|(known, _)| known == key);
        let quoted = quote(key);
        match (kind, faults.is_empty(), is_known) {
            (_, true, false) => {}
            ("ConfigMap", false, _) => {
                let text = format!("{quoted} is not a valid key name for a ConfigMap: {faults}");
                return Err(Failure::client(text));
            }
            ("ConfigMap", ..) => {
                let name = args.names.first().map_or("", String::as_str);
                return Err(Failure::client(format!(
                    "cannot add key {quoted}, another key by that name already exists in Data for \
                     ConfigMap \"{name}\""
                )));
            }
            (_, false, _) => {
                let text = format!("{quoted} is not valid key name for a Secret {faults}");
                return Err(Failure::client(text));
            }
            _ => {
                let text = format!("cannot add key {key}, another key by that name already exists");
                return Err(Failure::client(text));
            }
        }
        pairs.push((key.to_owned(), value.trim_matches(['"', '\'']).to_owned()));
    }
    Ok(pairs)
}

/// The path of `--from-file=[KEY=]PATH`.
fn path(given: &str) -> Result<&str, Failure> {
    let text = match given.split_once('=') {
        None => return Ok(given),
        Some(("", path)) => format!("key name for file path {path} missing"),
        Some((key, "")) => format!("file path for key name {key} missing"),
        Some((_, path)) if path.contains('=') => {
            "key names or file paths cannot contain '='".to_owned()
        }
        Some((_, path)) => return Ok(path),
    };
    Err(Failure::client(text))
}

fn config_map(view: &View, args: &Args) -> Result<Output, Failure> {
    let name = name("create configmap", args)?;
    let pairs = literals(args, "ConfigMap")?.into_iter();
    let data = pairs.fold(map(), |data, (key, value)| data.set(&key, value));
    let object = Made {
        kind: "ConfigMap",
        name,
        word: "created",
        dry_word: "created",
        before: "failed to create configmap: ".into(),
        object: map()
            .some("data", data)
            .set("metadata", map().set("name", name)),
    };
    made(view, args, object)
}

fn secret(
    view: &View,
    args: &Args,
    name: &str,
    data: Map,
    secret_type: Option<&str>,
) -> Result<Output, Failure> {
    let object = Made {
        kind: "Secret",
        name,
        word: "created",
        dry_word: "created",
        before: "failed to create secret ".into(),
        object: map()
            .some("data", data)
            .set("metadata", map().set("name", name))
            .maybe("type", secret_type),
    };
    made(view, args, object)
}

fn generic(view: &View, args: &Args) -> Result<Output, Failure> {
    let name = name("create secret generic", args)?;
    let pairs = literals(args, "Secret")?.into_iter();
    let data = pairs.fold(map(), |data, (key, value)| {
        data.set(&key, base64(value.as_bytes()))
    });
    secret(view, args, name, data, args.get("type"))
}

fn docker_registry(view: &View, args: &Args) -> Result<Output, Failure> {
    let name = name("create secret docker-registry", args)?;
    if let Some(given) = args.get("from-file") {
        return Err(no_file("error reading", path(given)?));
    }
    let word = |flag: &str| args.get(flag).unwrap_or("");
    let (user, password) = (word("docker-username"), word("docker-password"));
    let server = args
        .get("docker-server")
        .unwrap_or("https://index.docker.io/v1/");
    if user.is_empty() || password.is_empty() || server.is_empty() {
        let text = "either --from-file or the combination of --docker-username, --docker-password \
                    and --docker-server is required";
        return Err(Failure::client(text));
    }
    let auth = base64([user, ":", password].concat().as_bytes());
    // In Go's order of the fields.
    let mut json = String::from("{\"auths\":{");
    quoted(server, &mut json);
    let mut before = ":{";
    for (key, value) in [
        ("username", user),
        ("password", password),
        ("email", word("docker-email")),
        ("auth", &auth),
    ] {
        if !value.is_empty() {
            json.push_str(before);
            quoted(key, &mut json);
            json.push(':');
            quoted(value, &mut json);
            before = ",";
        }
    }
    json.push_str("}}}");
    let data = map().set(".dockerconfigjson", base64(json.as_bytes()));
    secret(
        view,
        args,
        name,
        data,
        Some("kubernetes.io/dockerconfigjson"),
    )
}

fn tls(_: &View, args: &Args) -> Result<Output, Failure> {
    name("create secret tls", args)?;
    let is_missing = |flag: &&str| args.get(flag).unwrap_or("").is_empty();
    if ["key", "cert"].iter().any(is_missing) {
        return Err(Failure::client("key and cert must be specified"));
    }
    let cert = args.get("cert").unwrap_or("");
    Err(no_file(&format!("Cannot read file {cert}, open"), cert))
}
