//! Dynamic configuration: a YAML file that is read when a client connects, and looked at
//! again and again while it is connected.
//!
//! aerospike-core lays what the file says over the policy of each command. What the file
//! says of the client itself is laid over its configuration here, before it connects. A
//! file that can't be used at first lets the client fail to connect; one that is changed
//! for the worse is told of in the log, and what was read before stays in effect.

use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::{env, fs};

use aerospike_core as core;
use aerospike_core::config::{
    BasePolicyConfig, CONFIG_URL_ENV, ConfigDocument, ConfigProvider, DynamicConfig,
};
use aerospike_core::policy::{ClientPolicy, TEND_INTERVAL_MIN_MS};
use arc_swap::ArcSwap;
use log::warn;
use serde_norway::{Mapping, Value};

use crate::convert::config::FileSource;
use crate::error::ErrorInfo;
use crate::observe::logging::CLIENT;
use crate::runtime::lock;

/// A file in use by a connected client.
#[derive(Debug)]
pub struct ConfigFile {
    source: FileSource,
    /// What was read last, whether it could be used or not, and what it said if aerospike-core
    /// has not taken it yet.
    last: Mutex<(Result<String, String>, Option<ConfigDocument>)>,
    current: ArcSwap<DynamicConfig>,
}

impl ConfigFile {
    /// The file of a configuration, or of the environment, if there is any.
    pub fn source(configured: Option<&FileSource>) -> Result<Option<FileSource>, ErrorInfo> {
        if let Some(source) = configured {
            return Ok(Some(source.clone()));
        }
        let Ok(url) = env::var(CONFIG_URL_ENV) else { return Ok(None) };
        match url.trim().split_once("://") {
            None if url.trim().is_empty() => Ok(None),
            None => Ok(Some(FileSource::new(url.trim()))),
            Some(("file", path)) => Ok(Some(FileSource::new(path))),
            Some((scheme, _)) => Err(ErrorInfo::client(&format!(
                "the variable {CONFIG_URL_ENV} must name a file, as file:///path, not {scheme}://"
            ))),
        }
    }

    /// Reads the file for a client that is about to connect, and changes its configuration as it
    /// says.
    pub fn open(source: FileSource, policy: &mut ClientPolicy) -> Result<Arc<Self>, ErrorInfo> {
        let text = read(&source.path).map_err(|why| ErrorInfo::client(&why))?;
        let document = parse(&source.path, &text).map_err(|why| ErrorInfo::client(&why))?;
        policy.config_interval = source.interval;
        *policy = changed(policy, &document, true);
        let dynamic = document.dynamic.clone().unwrap_or_default();
        Ok(Arc::new(Self {
            source,
            last: Mutex::new((Ok(text), Some(document))),
            current: ArcSwap::from_pointee(dynamic),
        }))
    }

    /// What is laid over the policies now.
    pub fn current(&self) -> Arc<DynamicConfig> {
        self.current.load_full()
    }

    /// What the file says, if it says something new since the last call.
    fn news(&self) -> Option<ConfigDocument> {
        let mut last = lock(&self.last);
        if let Some(document) = last.1.take() {
            return Some(document);
        }
        let found = read(&self.source.path);
        if found == last.0 {
            return None;
        }
        last.0.clone_from(&found);
        drop(last);
        match found.and_then(|text| parse(&self.source.path, &text)) {
            Ok(document) => {
                self.current.store(Arc::new(document.dynamic.clone().unwrap_or_default()));
                Some(document)
            }
            Err(why) => {
                warn!(target: CLIENT, "{why}; what it said before stays in effect");
                None
            }
        }
    }
}

type Loading<'a> =
    Pin<Box<dyn Future<Output = core::errors::Result<Option<ConfigDocument>>> + Send + 'a>>;

impl ConfigProvider for ConfigFile {
    fn load<'a, 'b>(&'a self) -> Loading<'b>
    where
        'a: 'b,
        Self: 'b,
    {
        Box::pin(async move { Ok(self.news()) })
    }
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| {
        format!("the file {} of the dynamic configuration can't be read: {error}", path.display())
    })
}

fn parse(path: &Path, text: &str) -> Result<ConfigDocument, String> {
    let wrong = |why: &str| {
        let why = why.replace('\n', " ");
        format!("the file {} of the dynamic configuration is not valid: {why}", path.display())
    };
    let mut value: Value =
        serde_norway::from_str(text).map_err(|error| wrong(&error.to_string()))?;
    let Some(top) = value.as_mapping_mut() else {
        return Err(wrong("it must be a mapping with the keys version, static and dynamic"));
    };
    let mut without_effect = Vec::new();
    for (section, parts) in [("static", STATIC), ("dynamic", DYNAMIC)] {
        if let Some(section_value) = top.get_mut(section).and_then(Value::as_mapping_mut) {
            prune(section_value, section, parts, &mut without_effect);
        }
    }
    for (section, keys) in DYNAMIC {
        // What is wrong with these is not told when the whole is read.
        if keys.contains(&BASE)
            && let Some(part) = top.get("dynamic").and_then(|dynamic| dynamic.get(*section))
        {
            serde_norway::from_value::<BasePolicyConfig>(part.clone())
                .map_err(|error| wrong(&format!("dynamic.{section}: {error}")))?;
        }
    }
    let document: ConfigDocument =
        serde_norway::from_value(value).map_err(|error| wrong(&error.to_string()))?;
    if document.version.is_none() {
        return Err(wrong("it has no key version"));
    }
    if let Some(interval) =
        document.dynamic.as_ref().and_then(|dynamic| dynamic.client.as_ref()?.tend_interval)
        && interval < TEND_INTERVAL_MIN_MS
    {
        return Err(wrong(&format!(
            "dynamic.client.tend_interval must be from {TEND_INTERVAL_MIN_MS} on, not {interval}"
        )));
    }
    if !without_effect.is_empty() {
        let names = without_effect.join(", ");
        warn!(target: CLIENT, "keys of the file {} that have no effect here: {names}", path.display());
    }
    Ok(document)
}

/// A client's own configuration, changed as the file says.
fn changed(policy: &ClientPolicy, document: &ConfigDocument, at_first: bool) -> ClientPolicy {
    let mut changed = policy.clone();
    if at_first
        && let Some(client) = document.static_config.as_ref().and_then(|of| of.client.clone())
    {
        client.merge_static_into(&mut changed);
    }
    if let Some(client) = document.dynamic.as_ref().and_then(|of| of.client.clone()) {
        client.merge_into(&mut changed);
    }
    changed
}

/// Removes keys that this client has not, and tells them: a file may be for clients in several
/// languages, with keys of theirs.
fn prune(section: &mut Mapping, name: &str, known: Parts, removed: &mut Vec<String>) {
    let names: Vec<Value> = section.keys().cloned().collect();
    for key in names {
        let path = format!("{name}.{}", key.as_str().unwrap_or("?"));
        let part = known.iter().find(|(part, _)| Some(*part) == key.as_str());
        match (part, section.get_mut(&key)) {
            (None, _) => {
                section.remove(&key);
                removed.push(path);
            }
            (Some((_, keys)), Some(Value::Mapping(part))) if !keys.is_empty() => {
                part.retain(|key, _| {
                    let kept =
                        key.as_str().is_some_and(|key| keys.iter().any(|of| of.contains(&key)));
                    if !kept {
                        removed.push(format!("{path}.{}", key.as_str().unwrap_or("?")));
                    }
                    kept
                });
            }
            _ => {}
        }
    }
}

/// The parts of a section, with the keys of each; none are looked at where none are listed.
type Parts = &'static [(&'static str, &'static [&'static [&'static str]])];

const STATIC: Parts =
    &[("client", &[&["config_interval", "max_connections_per_node", "min_connections_per_node"]])];

const DYNAMIC: Parts = &[
    (
        "client",
        &[&[
            "app_id",
            "error_rate_window",
            "login_timeout",
            "max_error_rate",
            "max_socket_idle",
            "rack_ids",
            "tend_interval",
            "timeout",
            "use_service_alternate",
        ]],
    ),
    ("read", &[BASE]),
    ("write", &[BASE, WRITTEN]),
    ("query", &[BASE, &["expected_duration", "include_bin_data", "record_queue_size"]]),
    ("batch", &[BASE, BATCH]),
    ("batch_read", &[BASE, BATCH]),
    ("batch_write", &[BASE, WRITTEN]),
    ("batch_delete", &[WRITTEN]),
    ("batch_udf", &[WRITTEN]),
    ("txn_verify", &[BASE]),
    ("txn_roll", &[BASE]),
    ("metrics", &[]),
];

const BASE: &[&str] = &[
    "error_detail_verbosity",
    "max_retries",
    "read_mode_ap",
    "read_mode_sc",
    "replica",
    "sleep_between_retries",
    "sleep_multiplier",
    "socket_timeout",
    "timeout_delay",
    "total_timeout",
];

const WRITTEN: &[&str] = &["durable_delete", "send_key"];

const BATCH: &[&str] = &["allow_inline", "allow_inline_ssd", "respond_all_keys"];
