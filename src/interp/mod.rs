//! The multi-interpreter kernel: what lets one shared library serve every
//! interpreter of a process, and the only unsafe code of the extension.
//!
//! Each interpreter that imports the module gets an instance of its own, with a
//! state of its own; nothing here or above keeps a Python object anywhere else.
//!
//! - [`allocator`]: where memory comes from
//! - [`module`]: the module definition, its slots and its state
//! - [`class`]: heap types and their instances
//! - [`mapping`]: heap types that are mappings or iterators
//! - [`property`]: properties, and classes that have them and are made by Python code
//! - [`valued`]: types whose instances are values
//! - [`method`]: method tables and the trampolines that Python calls
//! - [`args`]: positional and keyword arguments, checked as Python's own functions do
//! - [`boundary`]: where a panic becomes an exception
//! - [`gc`]: traversal for the cyclic garbage collector
//! - [`instance`]: which module instance a thread works for
//! - [`names`]: interned attribute names of one interpreter
//! - [`objects`]: C-API calls on builtin types that PyO3 has no stateless wrapper for
//! - [`signals`]: which thread runs signal handlers, and forks
//!
//! Nothing in this folder knows what Aerospike is.

#[cfg(not(test))]
pub mod allocator;
pub mod args;
pub mod boundary;
pub mod class;
#[cfg(test)]
pub mod embedded;
pub mod gc;
pub mod instance;
#[cfg(test)]
mod layout;
pub mod mapping;
pub mod method;
pub mod module;
pub mod names;
pub mod objects;
pub mod property;
pub mod signals;
pub mod valued;
