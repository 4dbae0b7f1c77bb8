//! The addresses that users of a role may come from.

use std::net::IpAddr;

/// An address, or all that begin with the same bits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u32,
    /// As it was given.
    text: String,
}

impl Network {
    /// From an address with or without the number of its bits: `10.0.0.0/8`.
    pub fn parse(text: &str) -> Option<Network> {
        let (address, bits) = match text.split_once('/') {
            None => (text, None),
            Some((address, bits)) => (address, Some(bits)),
        };
        let address: IpAddr = address.parse().ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Some(most), |bits| bits.parse().ok())?;
        (bits <= most).then(|| Network { address, bits, text: text.into() })
    }

    pub fn contains(&self, other: IpAddr) -> bool {
        let same = |one: u128, other: u128, size: u32| {
            let shift = size - self.bits;
            one.checked_shr(shift).unwrap_or(0) == other.checked_shr(shift).unwrap_or(0)
        };
        match (self.address, other.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                same(own.to_bits().into(), other.to_bits().into(), 32)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => same(own.to_bits(), other.to_bits(), 128),
            _ => false,
        }
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_match_by_their_first_bits() {
        for (network, inside, outside) in [
            ("10.1.0.0/16", "10.1.2.3", "10.2.0.0"),
            ("127.0.0.1", "127.0.0.1", "127.0.0.2"),
            ("fd00::/8", "fd12::1", "fe80::1"),
        ] {
            let network = Network::parse(network).unwrap();
            assert!(network.contains(inside.parse().unwrap()), "{network:?}");
            assert!(!network.contains(outside.parse().unwrap()), "{network:?}");
        }
        assert!(Network::parse("0.0.0.0/0").unwrap().contains("9.9.9.9".parse().unwrap()));
        assert!(Network::parse("::/0").unwrap().contains("::1".parse().unwrap()));
    }

    #[test]
    fn what_is_no_address_is_none() {
        for text in ["", "localhost", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/", "::1/129"] {
            assert_eq!(Network::parse(text), None, "{text}");
        }
    }
}
