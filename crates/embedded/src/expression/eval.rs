//! Evaluating a tree. What is unknown is `None`.

use std::borrow::Cow;

use super::call;
use super::compare;
use super::limits::Limits;
use super::metadata;
use super::node::{LoopVariable, Node, Place};
use super::number;
use super::subject::Subject;
use super::value::Value;
use crate::cdt::{Answer, Map};
use crate::geo::{self, Shape};
use crate::msgpack::write;
use crate::text;

/// The work of any operation, in bytes that could be looked at meanwhile.
const OPERATION: usize = 16;

/// How much more work it is to understand a byte of GeoJSON than to look at one.
const PARSING: usize = 32;

/// What a path binds for the expressions in it.
#[derive(Debug, Clone, Default)]
pub struct Loop<'v> {
    pub key: Option<Value<'v>>,
    pub value: Option<Value<'v>>,
    pub index: Option<Value<'v>>,
}

/// An evaluation on its way.
pub struct Evaluation<'v, 'l> {
    subject: Option<&'v Subject<'v>>,
    variables: Vec<Option<Value<'v>>>,
    loop_variables: Loop<'v>,
    limits: &'l mut Limits,
}

impl<'v, 'l> Evaluation<'v, 'l> {
    pub fn of_record(subject: &'v Subject<'v>, limits: &'l mut Limits) -> Self {
        let (subject, loop_variables) = (Some(subject), Loop::default());
        Evaluation { subject, variables: vec![], loop_variables, limits }
    }

    pub fn of_element(loop_variables: Loop<'v>, limits: &'l mut Limits) -> Self {
        Evaluation { subject: None, variables: vec![], loop_variables, limits }
    }

    pub fn eval(&mut self, node: &'v Node<'v>) -> Option<Value<'v>> {
        self.limits.spend(OPERATION)?;
        self.limits.enter()?;
        let value = self.eval_deeper(node);
        self.limits.leave();
        value
    }

    fn eval_deeper(&mut self, node: &'v Node<'v>) -> Option<Value<'v>> {
        match node {
            Node::Unknown => None,
            Node::Literal(value) => Some(value.clone()),
            Node::Compare(comparison, operands) => {
                let [a, b] = self.pair(operands)?;
                compare::holds(*comparison, &a, &b, self.limits).map(Value::Bool)
            }
            Node::Regex(regex, text) => match self.eval(text)? {
                Value::String(text) => {
                    self.limits.spend(text.len())?;
                    Some(Value::Bool(regex.matches(&text)))
                }
                _ => None,
            },
            Node::GeoCompare(places) => {
                let [a, b] = &**places;
                let (a, b) = (self.shape(a)?, self.shape(b)?);
                Some(Value::Bool(a.matches(&b)))
            }
            Node::InList(operands) => {
                let [value, list] = self.pair(operands)?;
                compare::is_in_list(&value, &list, self.limits).map(Value::Bool)
            }
            Node::And(operands) => self.any(operands, false).map(|found| Value::Bool(!found)),
            Node::Or(operands) => self.any(operands, true).map(Value::Bool),
            Node::Not(operand) => self.condition(operand).map(|holds| Value::Bool(!holds)),
            Node::Exclusive(operands) => self.exclusive(operands),
            Node::Arithmetic(operation, operands) => {
                let operands: Option<Vec<_>> =
                    operands.iter().map(|node| self.eval(node)).collect();
                number::apply(*operation, &operands?)
            }
            Node::DigestModulo(modulus) => metadata::digest_modulo(self.subject?, *modulus),
            Node::Metadata(what) => Some(metadata::metadata(self.subject?, *what)),
            Node::Key(kind) => metadata::key(self.subject?, *kind),
            Node::Bin { name, kind } => {
                let value = Value::of_bin(&self.subject?.bins.bin(name)?)?;
                (value.kind() == *kind).then_some(value)
            }
            Node::BinType(name) => {
                let bin = self.subject?.bins.bin(name);
                Some(Value::Int(bin.map_or(0, |bin| i64::from(bin.kind))))
            }
            Node::ToString(of) => {
                let Answer::Particle(kind, bytes) = self.eval(of)?.into_answer()? else {
                    return None;
                };
                self.limits.spend_value(bytes.len())?;
                Value::from_answer(text::to_string(kind, &bytes).ok()?)
            }
            Node::MapKeys(map) => self.parts_of_map(map, false),
            Node::MapValues(map) => self.parts_of_map(map, true),
            Node::LoopVariable { kind, which } => {
                let value = match which {
                    LoopVariable::Key => &self.loop_variables.key,
                    LoopVariable::Value => &self.loop_variables.value,
                    LoopVariable::Index => &self.loop_variables.index,
                };
                value.clone().filter(|value| value.kind() == *kind)
            }
            Node::Cond(cases, otherwise) => {
                for [test, value] in cases {
                    if self.condition(test)? {
                        return self.eval(value);
                    }
                }
                self.eval(otherwise)
            }
            Node::Variable(place) => self.variables.get(*place)?.clone(),
            Node::Let(values, body) => {
                let before = self.variables.len();
                for value in values {
                    // What is defined within the value comes after the variable itself.
                    let place = self.variables.len();
                    self.variables.push(None);
                    let value = self.eval(value);
                    if let Some(variable) = self.variables.get_mut(place) {
                        *variable = value;
                    }
                }
                let result = self.eval(body);
                self.variables.truncate(before);
                result
            }
            Node::Call(call) => {
                let mut payload = Vec::new();
                for part in &call.parts {
                    call::push_part(part, &mut payload, |node| self.eval(node))?;
                    self.limits.spend_value(payload.len())?;
                }
                let on = self.eval(&call.on)?;
                call::run(call, &payload, on, self.limits)
            }
            Node::Remove => Some(Value::Remove),
        }
    }

    fn shape(&mut self, place: &'v Place<'v>) -> Option<Cow<'v, Shape>> {
        match place {
            Place::Known(shape) => Some(Cow::Borrowed(shape)),
            Place::Computed(node) => match self.eval(node)? {
                Value::Geo(text) => {
                    self.limits.spend(text.len() * PARSING)?;
                    geo::parse(&text).map(Cow::Owned)
                }
                _ => None,
            },
        }
    }

    fn condition(&mut self, node: &'v Node<'v>) -> Option<bool> {
        match self.eval(node)? {
            Value::Bool(holds) => Some(holds),
            _ => None,
        }
    }

    fn pair(&mut self, operands: &'v [Node<'v>; 2]) -> Option<[Value<'v>; 2]> {
        let [a, b] = operands;
        Some([self.eval(a)?, self.eval(b)?])
    }

    /// Whether one of the operands is `wanted`, which decides even if others are unknown.
    fn any(&mut self, operands: &'v [Node<'v>], wanted: bool) -> Option<bool> {
        let mut result = Some(false);
        for operand in operands {
            match self.condition(operand) {
                Some(holds) if holds == wanted => return Some(true),
                Some(_) => {}
                None => result = None,
            }
        }
        result
    }

    fn exclusive(&mut self, operands: &'v [Node<'v>]) -> Option<Value<'v>> {
        let mut found = false;
        for operand in operands {
            if self.condition(operand)? {
                if found {
                    return Some(Value::Bool(false));
                }
                found = true;
            }
        }
        Some(Value::Bool(found))
    }

    /// The keys or the values of a map, as a list.
    fn parts_of_map(&mut self, map: &'v Node<'v>, values: bool) -> Option<Value<'v>> {
        let Value::Map(packed) = self.eval(map)? else { return None };
        self.limits.spend_value(packed.len())?;
        let map = Map::parse(&packed)?;
        let mut output = Vec::with_capacity(packed.len());
        write::list(&mut output, map.pairs.len(), 0);
        for (key, value) in map.pairs {
            output.extend_from_slice(if values { value } else { key });
        }
        Some(Value::List(output.into()))
    }
}
