//! Whether an operation has a span.

use super::span::Parent;

/// The flag of a span that is sampled.
const SAMPLED: u8 = 1;

/// One of those that OpenTelemetry names.
pub struct Sampler {
    /// Whether the caller's span decides, where there is one.
    heeds_parent: bool,
    /// What half of the lower part of a trace's number is less than, if the trace is taken.
    bound: u64,
}

impl Sampler {
    /// The sampler of the name, as OTEL_TRACES_SAMPLER has it.
    pub fn named(name: &str, ratio: f64) -> Option<Self> {
        let (heeds_parent, own) = match name.strip_prefix("parentbased_") {
            Some(own) => (true, own),
            None => (false, name),
        };
        let share = match own {
            "always_on" => 1.0,
            "always_off" => 0.0,
            "traceidratio" => ratio,
            _ => return None,
        };
        Some(Self { heeds_parent, bound: (share * (1_u64 << 63) as f64) as u64 })
    }

    /// The number of the trace that an operation's span is to belong to, if it is to have one.
    /// Most operations have none, and their callers wait for this.
    pub fn sample(&self, parent: Option<&Parent>) -> Option<u128> {
        match parent {
            None => {
                let lower: u64 = rand::random();
                self.takes(lower)
                    .then(|| u128::from(rand::random::<u64>()) << 64 | u128::from(lower))
            }
            Some(Parent { trace, flags, .. }) => match self.heeds_parent {
                true => !self.leaves_out(*flags),
                false => self.takes(*trace as u64),
            }
            .then_some(*trace),
        }
    }

    /// Whether the flags of the caller's span are enough to know that there is to be no span.
    pub fn leaves_out(&self, flags: u8) -> bool {
        self.heeds_parent && flags & SAMPLED == 0
    }

    /// By the lower part of a trace's number, so that all who see the trace agree.
    fn takes(&self, lower: u64) -> bool {
        lower >> 1 < self.bound
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::{SpanKind, TraceId};
    use opentelemetry_sdk::trace::{Sampler as Theirs, SamplingDecision, ShouldSample};

    use super::*;

    #[test]
    fn traces_are_taken_as_other_programs_take_them() {
        for ratio in [0.0, 1e-6, 0.01, 0.3, 0.5, 0.999_999, 1.0] {
            let ours = Sampler::named("traceidratio", ratio).expect("there is such a sampler");
            let theirs = Theirs::TraceIdRatioBased(ratio);
            let edge = ours.bound.wrapping_mul(2);
            for lower in [0, 1, edge.wrapping_sub(1), edge, edge.wrapping_add(1), 1 << 63, !0] {
                let trace = 7 << 64 | u128::from(lower);
                let parent = Parent { trace, span: 5, flags: 0, remote: false, state: None };
                let id = TraceId::from(trace);
                let told = theirs.should_sample(None, id, "", &SpanKind::Client, &[], &[]);
                let taken = told.decision == SamplingDecision::RecordAndSample;
                assert_eq!(ours.sample(Some(&parent)), taken.then_some(trace), "{ratio} {lower}");
            }
        }
    }
}
