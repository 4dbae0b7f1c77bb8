//! Values that are written out.

use super::parse::Parser;
use super::scan::Number;
use super::tree::Literal;
use super::{Error, Parsed};

impl Parser<'_> {
    /// A value without a name for it: a number, a string, bytes, a list, a map.
    pub fn plain_literal(&mut self) -> Parsed<Option<Literal>> {
        if let Some(bytes) = self.scanner.blob()? {
            return Ok(Some(Literal::Blob(bytes)));
        }
        if let Some(text) = self.scanner.string()? {
            return Ok(Some(Literal::String(text)));
        }
        if let Some(number) = self.number(false)? {
            return Ok(Some(number));
        }
        match self.scanner.peek()? {
            Some('[') => self.nested(|parser| parser.list_literal()).map(Some),
            Some('{') => self.nested(|parser| parser.map_literal()).map(Some),
            _ => Ok(None),
        }
    }

    /// A number without a sign, which was minus if it is `negative`.
    pub fn number(&mut self, negative: bool) -> Parsed<Option<Literal>> {
        let at = self.scanner.at();
        Ok(match self.scanner.number()? {
            None => None,
            Some(Number::Float(number)) => {
                Some(Literal::Float(if negative { -number } else { number }))
            }
            Some(Number::Int(size)) => {
                let number =
                    if negative { 0_i64.checked_sub_unsigned(size) } else { size.try_into().ok() };
                let number = number.map(Literal::Int);
                Some(number.ok_or_else(|| Error::new(at, "no integer of 64 bits is so large"))?)
            }
        })
    }

    /// A number with or without a sign.
    pub fn signed_number(&mut self) -> Parsed<Option<Literal>> {
        let negative = self.scanner.take("-")?;
        let has_sign = negative || self.scanner.take("+")?;
        match self.number(negative)? {
            None if has_sign => Err(self.scanner.wrong("a number")),
            number => Ok(number),
        }
    }

    /// A value within a list, a map or a selector, where names are strings.
    pub fn element(&mut self) -> Parsed<Literal> {
        if matches!(self.scanner.peek()?, Some('-' | '+'))
            && let Some(number) = self.signed_number()?
        {
            return Ok(number);
        }
        if let Some(literal) = self.plain_literal()? {
            return Ok(literal);
        }
        if self.scanner.take("*")? {
            return Ok(Literal::Wildcard);
        }
        Ok(match self.scanner.name()? {
            Some("true") => Literal::Bool(true),
            Some("false") => Literal::Bool(false),
            Some("NIL") => Literal::Nil,
            Some("INF") => Literal::Infinity,
            Some(name) => Literal::String(name.to_owned()),
            None => return Err(self.scanner.wrong("a value")),
        })
    }

    fn list_literal(&mut self) -> Parsed<Literal> {
        self.scanner.expect("[")?;
        let mut elements = Vec::new();
        while !self.scanner.take("]")? {
            if !elements.is_empty() {
                self.scanner.expect(",")?;
            }
            elements.push(self.element()?);
        }
        Ok(Literal::List(elements))
    }

    fn map_literal(&mut self) -> Parsed<Literal> {
        self.scanner.expect("{")?;
        let mut pairs: Vec<(Literal, Literal)> = Vec::new();
        while !self.scanner.take("}")? {
            if !pairs.is_empty() {
                self.scanner.expect(",")?;
            }
            self.scanner.peek()?;
            let at = self.scanner.at();
            let key = self.element()?;
            if !matches!(key, Literal::String(_) | Literal::Int(_) | Literal::Blob(_)) {
                return Err(Error::new(at, "a key is a string, an integer or bytes"));
            }
            if pairs.iter().any(|(known, _)| *known == key) {
                return Err(Error::new(at, "the key is there already"));
            }
            self.scanner.expect(":")?;
            pairs.push((key, self.element()?));
        }
        Ok(Literal::Map(pairs))
    }
}
