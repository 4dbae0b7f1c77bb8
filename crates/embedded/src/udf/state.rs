//! A Lua state with a module in it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use mlua::ChunkMode;
use mlua::{Function, HookTriggers, Lua, LuaOptions, MultiValue, StdLib, Table, Value, VmState};
use parking_lot::Mutex;

use super::convert::{Particle, arguments, from_lua, to_lua};
use super::host::{About, Change, Commit, DEFAULT_TIME, Host, MAX_TIME, Snapshot};
use super::source::without_closing;
use super::{Failure, Modules, strings};

const PRELUDE: &str = include_str!("prelude.lua");

/// What takes the place of functions of Lua's library.
pub(super) const BOUNDED: &str = include_str!("bounded.lua");

/// The memory of a state, in bytes.
pub(super) const MAX_MEMORY: usize = 128 * 1024 * 1024;

/// After so many instructions the time is looked at.
const INSTRUCTIONS: u32 = 1000;

/// A Lua state that has loaded a module.
#[derive(Debug)]
pub struct State {
    pub(super) lua: Lua,
    pub(super) new_list: Function,
    pub(super) new_map: Function,
    pub(super) new_bytes: Function,
    pub(super) new_geojson: Function,
    pub(super) inspect: Function,
    new_record: Function,
    apply_record: Function,
    apply_stream: Function,
    /// When the function that is running must have ended.
    deadline: Arc<Mutex<Option<Instant>>>,
}

impl State {
    /// A state without a module. Other modules can be required from it.
    pub fn new(modules: &Arc<Modules>, log: bool) -> mlua::Result<State> {
        let libraries =
            StdLib::COROUTINE | StdLib::TABLE | StdLib::STRING | StdLib::UTF8 | StdLib::MATH;
        let lua = Lua::new_with(libraries | StdLib::OS, LuaOptions::new())?;
        lua.set_memory_limit(MAX_MEMORY)?;
        confine(&lua)?;
        let deadline = Arc::new(Mutex::new(None::<Instant>));
        let watched = Arc::clone(&deadline);
        let every = HookTriggers::new().every_nth_instruction(INSTRUCTIONS);
        lua.set_global_hook(every, move |_, _| {
            if has_passed(&watched) {
                return Err(mlua::Error::runtime(strings::OUT_OF_TIME));
            }
            Ok(VmState::Continue)
        })?;
        let parts: Table = lua.load(PRELUDE).set_name("=prelude").eval()?;
        let watched = Arc::clone(&deadline);
        let patterns = strings::functions(&lua, move || has_passed(&watched))?;
        let without_closing = lua.create_function(|lua, source: mlua::String| {
            lua.create_string(without_closing(&source.as_bytes()))
        })?;
        lua.load(BOUNDED).set_name("=bounded").call::<()>((patterns, without_closing))?;
        let log_message = lua.create_function(move |_, (level, text): (i64, mlua::String)| {
            if log {
                eprintln!("udf log {level}: {}", text.to_string_lossy());
            }
            Ok(())
        })?;
        let watched = Arc::clone(&deadline);
        let has_expired = lua.create_function(move |_, ()| Ok(has_passed(&watched)))?;
        parts.get::<Function>("set_host")?.call::<()>((log_message, has_expired))?;
        let state = State {
            new_list: parts.get("new_list")?,
            new_map: parts.get("new_map")?,
            new_bytes: parts.get("new_bytes")?,
            new_geojson: parts.get("new_geojson")?,
            inspect: parts.get("inspect")?,
            new_record: parts.get("new_record")?,
            apply_record: parts.get("apply_record")?,
            apply_stream: parts.get("apply_stream")?,
            deadline,
            lua,
        };
        state.provide_require(modules)?;
        Ok(state)
    }

    /// Runs a module, which defines its functions thereby.
    pub fn load(&self, name: &str, source: &[u8]) -> mlua::Result<Value> {
        self.limit_time(DEFAULT_TIME);
        let result = run(&self.lua, name, source);
        *self.deadline.lock() = None;
        result
    }

    fn limit_time(&self, time: Duration) {
        let time = if time.is_zero() { DEFAULT_TIME } else { time.min(MAX_TIME) };
        *self.deadline.lock() = Some(Instant::now() + time);
    }

    /// `require`, of other modules that are registered.
    fn provide_require(&self, modules: &Arc<Modules>) -> mlua::Result<()> {
        let modules = Arc::downgrade(modules);
        let loaded = self.lua.create_table()?;
        let require = self.lua.create_function(move |lua, name: String| {
            let there: Value = loaded.get(name.as_str())?;
            if !there.is_nil() {
                return Ok(there);
            }
            let source = modules.upgrade().and_then(|modules| modules.source(&name));
            let source =
                source.ok_or_else(|| mlua::Error::runtime(format!("module '{name}' not found")))?;
            loaded.set(name.as_str(), true)?;
            let value = run(lua, &name, &source)?;
            let value = if value.is_nil() { Value::Boolean(true) } else { value };
            loaded.set(name.as_str(), value.clone())?;
            Ok(value)
        })?;
        self.lua.globals().set("require", require)
    }

    /// Applies a function to a record.
    pub fn apply_record(
        &self,
        function: &str,
        list: &[u8],
        time: Duration,
        host: &dyn Host,
    ) -> Result<Particle, Failure> {
        self.limit_time(time);
        let result = self.lua.scope(|scope| {
            let table = self.lua.create_table()?;
            let bin = scope.create_function(|_, name: mlua::String| {
                host.bin(&name.as_bytes()).map_or(Ok(Value::Nil), |bin| to_lua(self, &bin))
            })?;
            table.set("get", bin)?;
            table.set("exists", scope.create_function(|_, ()| Ok(host.exists()))?)?;
            table.set("has_failed", scope.create_function(|_, ()| Ok(host.has_failed()))?)?;
            let about = scope.create_function(|_, what: String| self.tell(host.about(&what)))?;
            table.set("about", about)?;
            table.set(
                "set_ttl",
                scope.create_function(|_, ttl: u32| {
                    host.set_ttl(ttl);
                    Ok(())
                })?,
            )?;
            table.set(
                "drop_key",
                scope.create_function(|_, ()| {
                    host.drop_key();
                    Ok(())
                })?,
            )?;
            for (name, what) in [("create", Commit::Create), ("commit", Commit::Update)] {
                let call = scope.create_function(
                    move |_, (names, values, count, many): (Table, Table, usize, bool)| {
                        Ok(host.commit(what, self.changes(&names, &values, count)?, many))
                    },
                )?;
                table.set(name, call)?;
            }
            let remove = || host.commit(Commit::Remove, Vec::new(), false);
            table.set("remove", scope.create_function(move |_, ()| Ok(remove()))?)?;
            let mut call = vec![Value::String(self.lua.create_string(function)?)];
            call.push(Value::Table(table));
            call.extend(arguments(self, list)?);
            self.apply_record.call::<(bool, Value)>(MultiValue::from_vec(call))
        });
        // What it returned is read by functions in Lua, which take their time as well.
        let result = self.finish(result);
        *self.deadline.lock() = None;
        result
    }

    /// Applies a function to a stream of records; what comes of it goes to the sink.
    pub fn apply_stream(
        &self,
        function: &str,
        list: &[u8],
        time: Duration,
        source: &mut dyn FnMut() -> Option<Snapshot>,
        sink: &mut dyn FnMut(Particle),
    ) -> Result<(), Failure> {
        self.limit_time(time);
        let result = self.lua.scope(|scope| {
            let next = scope.create_function_mut(|_, ()| match source() {
                Some(record) => self.record_of(record),
                None => Ok(Value::Nil),
            })?;
            let emit = scope.create_function_mut(|_, value: Value| {
                if let Some(particle) = from_lua(self, &value) {
                    sink(particle);
                }
                Ok(())
            })?;
            let mut call = vec![
                Value::String(self.lua.create_string(function)?),
                Value::Function(next),
                Value::Function(emit),
            ];
            call.extend(arguments(self, list)?);
            self.apply_stream.call::<(bool, Value)>(MultiValue::from_vec(call))
        });
        let result = self.finish(result).map(|_| ());
        *self.deadline.lock() = None;
        result
    }

    fn finish(&self, result: mlua::Result<(bool, Value)>) -> Result<Particle, Failure> {
        match result? {
            (true, value) => Ok(from_lua(self, &value).unwrap_or_else(Particle::nil)),
            (false, Value::String(text)) => Err(Failure(text.as_bytes().to_vec())),
            (false, _) => Err(Failure(b"result value type unexpected".to_vec())),
        }
    }

    fn changes(&self, names: &Table, values: &Table, count: usize) -> mlua::Result<Vec<Change>> {
        let change = |position: usize| {
            let name: mlua::String = names.get(position)?;
            let value: Value = values.get(position)?;
            let value = match from_lua(self, &value) {
                Some(particle) if particle == Particle::nil() => Ok(None),
                Some(particle) => Ok(Some(particle)),
                None => Err(()),
            };
            Ok(Change { name: name.as_bytes().to_vec(), value })
        };
        (1..=count).map(change).collect()
    }

    fn tell(&self, about: About) -> mlua::Result<Value> {
        match about {
            About::Nothing => Ok(Value::Nil),
            About::Number(number) => Ok(Value::Integer(number)),
            About::Text(text) => self.lua.create_string(text).map(Value::String),
            About::Value(particle) => to_lua(self, &particle),
            About::Names(names) => {
                let names = names.into_iter().map(|name| self.lua.create_string(name));
                let names = names.collect::<mlua::Result<Vec<_>>>()?;
                self.lua.create_sequence_from(names).map(Value::Table)
            }
        }
    }

    /// A record that can only be read.
    fn record_of(&self, record: Snapshot) -> mlua::Result<Value> {
        let bins = self.lua.create_table()?;
        for (name, value) in &record.bins {
            bins.raw_set(self.lua.create_string(name)?, to_lua(self, value)?)?;
        }
        let facts = self.lua.create_table()?;
        for (what, fact) in record.about {
            facts.raw_set(what, self.tell(fact)?)?;
        }
        let host = self.lua.create_table()?;
        let get = move |_: &Lua, name: mlua::String| bins.raw_get::<Value>(name);
        host.set("get", self.lua.create_function(get)?)?;
        let about = move |_: &Lua, what: mlua::String| facts.raw_get::<Value>(what);
        host.set("about", self.lua.create_function(about)?)?;
        host.set("exists", self.lua.create_function(|_, ()| Ok(true))?)?;
        self.new_record.call(host)
    }
}

/// Runs a module, if it is one: what is wrong with it is told of the source as it was.
fn run(lua: &Lua, name: &str, source: &[u8]) -> mlua::Result<Value> {
    let compile = |source: &[u8]| {
        let chunk = lua.load(source).set_name(format!("@{name}.lua"));
        chunk.set_mode(ChunkMode::Text).into_function()
    };
    compile(source)?;
    compile(&without_closing(source))?.call(())
}

fn has_passed(deadline: &Mutex<Option<Instant>>) -> bool {
    deadline.lock().is_some_and(|deadline| Instant::now() > deadline)
}

/// Takes away what reaches outside of the state, or could break it.
fn confine(lua: &Lua) -> mlua::Result<()> {
    let globals = lua.globals();
    let os: Table = globals.get("os")?;
    for name in ["execute", "exit", "getenv", "remove", "rename", "setlocale", "tmpname"] {
        os.set(name, Value::Nil)?;
    }
    for name in ["dofile", "loadfile", "collectgarbage"] {
        globals.set(name, Value::Nil)?;
    }
    let string: Table = globals.get("string")?;
    string.set("dump", Value::Nil)?;
    Ok(())
}
