//! Expressions that outlive the bytes they were parsed from.

use super::node::{Call, Node, Part, Place};
use super::value::{Bytes, Value};

impl Bytes<'_> {
    fn into_owned(self) -> Bytes<'static> {
        match self {
            Bytes::Borrowed(bytes) => bytes.to_vec().into(),
            Bytes::Shared(bytes) => Bytes::Shared(bytes),
        }
    }
}

impl Value<'_> {
    fn into_owned(self) -> Value<'static> {
        match self {
            Value::Nil => Value::Nil,
            Value::Bool(value) => Value::Bool(value),
            Value::Int(number) => Value::Int(number),
            Value::Float(number) => Value::Float(number),
            Value::String(bytes) => Value::String(bytes.into_owned()),
            Value::Blob(bytes) => Value::Blob(bytes.into_owned()),
            Value::Hll(bytes) => Value::Hll(bytes.into_owned()),
            Value::Geo(bytes) => Value::Geo(bytes.into_owned()),
            Value::List(bytes) => Value::List(bytes.into_owned()),
            Value::Map(bytes) => Value::Map(bytes.into_owned()),
            Value::Mark(bytes) => Value::Mark(bytes.into_owned()),
            Value::Remove => Value::Remove,
        }
    }
}

fn boxed(node: Node<'_>) -> Box<Node<'static>> {
    Box::new(node.into_owned())
}

fn pair(nodes: [Node<'_>; 2]) -> Box<[Node<'static>; 2]> {
    Box::new(nodes.map(Node::into_owned))
}

fn several(nodes: Vec<Node<'_>>) -> Vec<Node<'static>> {
    nodes.into_iter().map(Node::into_owned).collect()
}

impl Node<'_> {
    pub fn into_owned(self) -> Node<'static> {
        match self {
            Node::Unknown => Node::Unknown,
            Node::Literal(value) => Node::Literal(value.into_owned()),
            Node::Compare(comparison, operands) => Node::Compare(comparison, pair(*operands)),
            Node::Regex(regex, text) => Node::Regex(regex, boxed(*text)),
            Node::GeoCompare(places) => {
                Node::GeoCompare(Box::new((*places).map(Place::into_owned)))
            }
            Node::InList(operands) => Node::InList(pair(*operands)),
            Node::And(operands) => Node::And(several(operands)),
            Node::Or(operands) => Node::Or(several(operands)),
            Node::Not(operand) => Node::Not(boxed(*operand)),
            Node::Exclusive(operands) => Node::Exclusive(several(operands)),
            Node::Arithmetic(operation, operands) => Node::Arithmetic(operation, several(operands)),
            Node::DigestModulo(modulus) => Node::DigestModulo(modulus),
            Node::Metadata(what) => Node::Metadata(what),
            Node::Key(kind) => Node::Key(kind),
            Node::Bin { name, kind } => Node::Bin { name: name.into_owned(), kind },
            Node::BinType(name) => Node::BinType(name.into_owned()),
            Node::ToString(of) => Node::ToString(boxed(*of)),
            Node::MapKeys(map) => Node::MapKeys(boxed(*map)),
            Node::MapValues(map) => Node::MapValues(boxed(*map)),
            Node::LoopVariable { kind, which } => Node::LoopVariable { kind, which },
            Node::Cond(cases, otherwise) => {
                let cases = cases.into_iter().map(|case| case.map(Node::into_owned)).collect();
                Node::Cond(cases, boxed(*otherwise))
            }
            Node::Variable(place) => Node::Variable(place),
            Node::Let(values, body) => Node::Let(several(values), boxed(*body)),
            Node::Call(call) => Node::Call(Box::new(call.into_owned())),
            Node::Remove => Node::Remove,
        }
    }
}

impl Place<'_> {
    fn into_owned(self) -> Place<'static> {
        match self {
            Place::Known(shape) => Place::Known(shape),
            Place::Computed(node) => Place::Computed(node.into_owned()),
        }
    }
}

impl Call<'_> {
    fn into_owned(self) -> Call<'static> {
        let Call { system, modifies, kind, parts, on } = self;
        let parts = parts.into_iter().map(Part::into_owned).collect();
        Call { system, modifies, kind, parts, on: on.into_owned() }
    }
}

impl Part<'_> {
    fn into_owned(self) -> Part<'static> {
        match self {
            Part::Raw(bytes) => Part::Raw(bytes.into_owned()),
            Part::Argument(node) => Part::Argument(node.into_owned()),
        }
    }
}
