//! The modules that are registered.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use parking_lot::Mutex;
use sha1::{Digest, Sha1};

use super::Failure;
use super::state::State;

/// As many states of all modules together are kept for the next calls.
const MAX_IDLE: usize = 16;

/// A state that has grown beyond this is not kept, in bytes.
const MAX_IDLE_SIZE: usize = 8 * 1024 * 1024;

/// As many modules can be registered.
const MAX_MODULES: usize = 256;

/// The modules of a server, by file name.
#[derive(Debug, Default)]
pub struct Modules {
    registered: Mutex<Registered>,
    log: bool,
    /// Of a copy: the files that it had at first.
    inherited: Files,
}

type Files = BTreeMap<String, Arc<Vec<u8>>>;

#[derive(Debug, Default)]
struct Registered {
    files: Files,
    /// States that wait to be used, with the name of their module.
    idle: Vec<(String, State)>,
    /// Changes with every change of the files: older states are not used again.
    version: u64,
}

/// Why a module can't be registered.
#[derive(Debug, PartialEq, Eq)]
pub enum Rejected {
    TooMany,
    Compile { line: u64, message: String },
}

impl Modules {
    pub fn new(log: bool) -> Modules {
        Modules { log, ..Modules::default() }
    }

    /// A copy that goes ways of its own.
    pub fn fork(&self) -> Modules {
        let files = self.registered.lock().files.clone();
        let registered = Registered { files: files.clone(), ..Registered::default() };
        Modules { registered: Mutex::new(registered), log: self.log, inherited: files }
    }

    /// Takes back what became of a copy: files that were registered or removed there.
    pub fn reunite(&self, copy: &Modules) {
        let theirs = &copy.registered.lock().files;
        let is_gone =
            |file: &String| copy.inherited.contains_key(file) && !theirs.contains_key(file);
        let is_new = |file: &String, source| copy.inherited.get(file) != Some(source);
        let mut registered = self.registered.lock();
        registered.files.retain(|file, _| !is_gone(file));
        for (file, source) in theirs.iter().filter(|(file, source)| is_new(file, source)) {
            if registered.files.len() < MAX_MODULES || registered.files.contains_key(file) {
                registered.files.insert(file.clone(), Arc::clone(source));
            }
        }
        registered.forget_states();
    }

    /// Registers a module, in place of the one that has the file name.
    pub fn put(self: &Arc<Modules>, file: &str, source: Vec<u8>) -> Result<(), Rejected> {
        let name = file.split('.').next().unwrap_or(file);
        let checked = State::new(self, false).and_then(|state| state.load(name, &source));
        if let Err(error) = checked {
            return Err(rejected(&error));
        }
        let mut registered = self.registered.lock();
        if registered.files.len() >= MAX_MODULES && !registered.files.contains_key(file) {
            return Err(Rejected::TooMany);
        }
        registered.files.insert(file.to_owned(), Arc::new(source));
        registered.forget_states();
        Ok(())
    }

    pub fn remove(&self, file: &str) {
        let mut registered = self.registered.lock();
        registered.files.remove(file);
        registered.forget_states();
    }

    /// The source of a file.
    pub fn get(&self, file: &str) -> Option<Arc<Vec<u8>>> {
        self.registered.lock().files.get(file).cloned()
    }

    /// All files with their sources.
    pub fn all(&self) -> Vec<(String, Arc<Vec<u8>>)> {
        let registered = self.registered.lock();
        registered.files.iter().map(|(file, source)| (file.clone(), Arc::clone(source))).collect()
    }

    /// The source of the module with this name.
    pub fn source(&self, name: &str) -> Option<Arc<Vec<u8>>> {
        self.get(&format!("{name}.lua"))
    }

    /// The files, each with a hash of what it is stored as.
    pub fn list(&self) -> String {
        let mut list = String::new();
        for (file, source) in &self.registered.lock().files {
            let content = STANDARD.encode(&**source);
            let stored =
                format!(r#"{{"content64": "{content}", "type": "LUA", "name": "{file}"}}"#);
            let _ = write!(list, "filename={file},hash=");
            for byte in Sha1::digest(stored) {
                let _ = write!(list, "{byte:02x}");
            }
            list.push_str(",type=LUA;");
        }
        list
    }

    /// Works with a state that has loaded a module.
    pub fn with<R>(
        self: &Arc<Modules>,
        name: &str,
        work: impl FnOnce(&State) -> Result<R, Failure>,
    ) -> Result<R, Failure> {
        let (idle, version) = self.registered.lock().take(name);
        let state = match idle {
            Some(state) => state,
            None => {
                let source = self.source(name).ok_or_else(|| Failure::not_run(1))?;
                let state = State::new(self, self.log).map_err(|_| Failure::not_run(1))?;
                state.load(name, &source).map_err(|_| Failure::not_run(1))?;
                state
            }
        };
        let result = work(&state);
        self.registered.lock().give_back(name, state, version);
        result
    }
}

impl Registered {
    fn take(&mut self, name: &str) -> (Option<State>, u64) {
        let position = self.idle.iter().position(|(module, _)| module == name);
        (position.map(|position| self.idle.swap_remove(position).1), self.version)
    }

    fn give_back(&mut self, name: &str, state: State, version: u64) {
        let is_small = state.lua.used_memory() < MAX_IDLE_SIZE;
        if version == self.version && self.idle.len() < MAX_IDLE && is_small {
            self.idle.push((name.to_owned(), state));
        }
    }

    fn forget_states(&mut self) {
        self.version += 1;
        self.idle.clear();
    }
}

/// The line and message of an error, which begins with the file name.
fn rejected(error: &mlua::Error) -> Rejected {
    let text = match error {
        mlua::Error::SyntaxError { message, .. } => message.clone(),
        other => other.to_string(),
    };
    let text = text.lines().next().unwrap_or_default();
    let text = text.strip_prefix("runtime error: ").unwrap_or(text);
    let mut parts = text.splitn(3, ':');
    let (_, line, message) = (parts.next(), parts.next(), parts.next());
    match line.and_then(|line| line.parse().ok()).zip(message) {
        Some((line, message)) => Rejected::Compile { line, message: message.trim().to_owned() },
        None => Rejected::Compile { line: 0, message: text.to_owned() },
    }
}
