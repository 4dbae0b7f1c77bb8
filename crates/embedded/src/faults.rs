//! Faults on purpose: what goes wrong with commands on records, how often, and to which of them.
//!
//! Info commands are spared, so that clients go on knowing the cluster. Which commands are hit
//! depends on the seed and on the order of the commands alone.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use parking_lot::Mutex;

/// The longest delay, in milliseconds.
const MAX_DELAY_MS: u64 = 60_000;

/// What happens to a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is not carried out and never answered.
    Lost,
    /// It is carried out, but never answered.
    Dropped,
    /// It is carried out; the connection ends amid the reply.
    Half,
    /// It is carried out; the connection is reset in place of the reply.
    Reset,
    /// It is not carried out, but answered with this result code.
    Refused(u8),
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Fate::Lost => "lost",
            Fate::Dropped => "dropped",
            Fate::Half => "half",
            Fate::Reset => "reset",
            Fate::Refused(_) => "refused",
        })
    }
}

/// Commands that are hit, while others are spared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Only {
    Reads,
    Writes,
}

impl Only {
    fn parse(value: &str) -> Result<Only, String> {
        match value {
            "reads" => Ok(Only::Reads),
            "writes" => Ok(Only::Writes),
            _ => Err(format!("fault only={value}: neither reads nor writes")),
        }
    }
}

/// What goes wrong, and how often.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    latency_ms: u64,
    /// Each command is delayed by up to this much more.
    jitter_ms: u64,
    /// Of all commands.
    lost: f64,
    dropped: f64,
    half: f64,
    reset: f64,
    refused: f64,
    /// The result code of those that are refused.
    code: Option<u8>,
    /// Which commands are hit; `None` is all.
    only: Option<Only>,
    /// How many faults there are at most; delays don't count.
    times: Option<u64>,
    seed: u64,
}

impl Default for Plan {
    /// Nothing goes wrong.
    fn default() -> Plan {
        Plan {
            latency_ms: 0,
            jitter_ms: 0,
            lost: 0.0,
            dropped: 0.0,
            half: 0.0,
            reset: 0.0,
            refused: 0.0,
            code: None,
            only: None,
            times: None,
            seed: 0,
        }
    }
}

impl Plan {
    /// Reads names and values.
    ///
    /// # Errors
    /// What is wrong with them, as a sentence.
    pub fn parse<'a>(settings: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Plan, String> {
        let mut plan = Plan::default();
        for (name, value) in settings {
            match name {
                "latency" => plan.latency_ms = number(name, value, 0..=MAX_DELAY_MS)?,
                "jitter" => plan.jitter_ms = number(name, value, 0..=MAX_DELAY_MS)?,
                "lost" => plan.lost = rate(name, value)?,
                "dropped" => plan.dropped = rate(name, value)?,
                "half" => plan.half = rate(name, value)?,
                "reset" => plan.reset = rate(name, value)?,
                "refused" => plan.refused = rate(name, value)?,
                "code" => plan.code = Some(number(name, value, 1..=255)? as u8),
                "only" => plan.only = Some(Only::parse(value)?),
                "times" => plan.times = Some(number(name, value, 0..=u64::MAX)?),
                "seed" => plan.seed = number(name, value, 0..=u64::MAX)?,
                _ => {
                    return Err(format!(
                        "fault {name:?} is none of latency, jitter, lost, dropped, half, reset, \
                         refused, code, only, times, seed"
                    ));
                }
            }
        }
        let sum: f64 = plan.rates().iter().map(|(_, rate)| rate).sum();
        // What is meant as a sum of 1 may be a little more.
        if sum > 1.0 + f64::EPSILON * 8.0 {
            return Err(format!("the rates of faults add up to {sum}, more than 1"));
        }
        if plan.refused > 0.0 && plan.code.is_none() {
            return Err("fault refused needs a result code: code=1 to code=255".into());
        }
        Ok(plan)
    }

    fn rates(&self) -> [(Fate, f64); 5] {
        [
            (Fate::Lost, self.lost),
            (Fate::Dropped, self.dropped),
            (Fate::Half, self.half),
            (Fate::Reset, self.reset),
            (Fate::Refused(self.code.unwrap_or_default()), self.refused),
        ]
    }
}

fn number(name: &str, value: &str, range: std::ops::RangeInclusive<u64>) -> Result<u64, String> {
    value.parse().ok().filter(|number| range.contains(number)).ok_or_else(|| {
        format!("fault {name}={value}: not a number from {} to {}", range.start(), range.end())
    })
}

fn rate(name: &str, value: &str) -> Result<f64, String> {
    value
        .parse()
        .ok()
        .filter(|rate| (0.0..=1.0).contains(rate))
        .ok_or_else(|| format!("fault {name}={value}: not a rate from 0 to 1"))
}

/// The faults of a server.
#[derive(Debug)]
pub struct Faults {
    /// Whether there are any: all that a server without faults looks at.
    planned: AtomicBool,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    plan: Plan,
    random: u64,
    /// How many there have been.
    count: u64,
}

impl Faults {
    pub fn new(plan: Plan) -> Faults {
        let planned = AtomicBool::new(plan != Plan::default());
        Faults { planned, state: Mutex::new(State { random: plan.seed, plan, count: 0 }) }
    }

    /// Replaces the plan, and begins anew with its seed.
    pub fn set(&self, plan: Plan) {
        let mut state = self.state.lock();
        self.planned.store(plan != Plan::default(), Ordering::Relaxed);
        *state = State { random: plan.seed, plan, count: 0 };
    }

    /// What is to happen to the next command: its delay, and what goes wrong. `writes` tells
    /// whether it changes something.
    pub fn next(&self, writes: impl FnOnce() -> bool) -> (Duration, Option<Fate>) {
        if !self.planned.load(Ordering::Relaxed) {
            return (Duration::ZERO, None);
        }
        let mut state = self.state.lock();
        if state.plan.only.is_some_and(|only| (only == Only::Writes) != writes()) {
            return (Duration::ZERO, None);
        }
        let (jitter, chance) = (state.draw(), state.draw());
        let plan = &state.plan;
        let delay = plan.latency_ms * 1000 + (jitter * (plan.jitter_ms * 1000) as f64) as u64;
        let mut threshold = 0.0;
        let fate = plan.rates().into_iter().find(|(_, rate)| {
            threshold += rate;
            chance < threshold
        });
        let fate = fate.filter(|_| plan.times.is_none_or(|times| state.count < times));
        state.count += u64::from(fate.is_some());
        (Duration::from_micros(delay), fate.map(|(fate, _)| fate))
    }
}

impl State {
    /// A number from 0 to below 1, by the method of SplitMix64.
    fn draw(&mut self) -> f64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.random;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((bits ^ (bits >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}

impl fmt::Display for Faults {
    /// In the form in which they are set, and how many there have been.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let State { plan, count, .. } = &*self.state.lock();
        write!(f, "latency={};jitter={}", plan.latency_ms, plan.jitter_ms)?;
        for (fate, rate) in plan.rates() {
            write!(f, ";{fate}={rate}")?;
        }
        if let Some(code) = plan.code {
            write!(f, ";code={code}")?;
        }
        if let Some(only) = plan.only {
            write!(f, ";only={}", if only == Only::Reads { "reads" } else { "writes" })?;
        }
        if let Some(times) = plan.times {
            write!(f, ";times={times}")?;
        }
        write!(f, ";seed={};count={count}", plan.seed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Plan, String> {
        Plan::parse(text.split(';').map(|part| part.split_once('=').unwrap_or((part, ""))))
    }

    fn next(faults: &Faults) -> (Duration, Option<Fate>) {
        faults.next(|| true)
    }

    fn fates(faults: &Faults, count: usize) -> Vec<Option<Fate>> {
        (0..count).map(|_| next(faults).1).collect()
    }

    #[test]
    fn nothing_goes_wrong_without_a_plan() {
        let faults = Faults::new(Plan::default());
        assert_eq!(next(&faults), (Duration::ZERO, None));
    }

    #[test]
    fn a_seed_decides() {
        let plan = parse("dropped=0.2;refused=0.3;code=14;seed=7;jitter=10").unwrap();
        let faults = Faults::new(plan.clone());
        let first: Vec<_> = (0..1000).map(|_| next(&faults)).collect();
        faults.set(plan);
        let again: Vec<_> = (0..1000).map(|_| next(&faults)).collect();
        assert_eq!(first, again);
        faults.set(parse("dropped=0.2;refused=0.3;code=14;seed=8;jitter=10").unwrap());
        assert_ne!(first, (0..1000).map(|_| next(&faults)).collect::<Vec<_>>());
        let count = |wanted| first.iter().filter(|(_, fate)| *fate == wanted).count();
        assert!((150..250).contains(&count(Some(Fate::Dropped))));
        assert!((250..350).contains(&count(Some(Fate::Refused(14)))));
        assert!(first.iter().all(|(delay, _)| *delay < Duration::from_millis(10)));
    }

    #[test]
    fn a_rate_of_1_is_always_and_times_ends_it() {
        let faults = Faults::new(parse("reset=1;times=2;latency=3").unwrap());
        assert_eq!(fates(&faults, 3), [Some(Fate::Reset), Some(Fate::Reset), None]);
        assert_eq!(next(&faults).0, Duration::from_millis(3));
        assert!(faults.to_string().ends_with(";times=2;seed=0;count=2"), "{faults}");
    }

    #[test]
    fn some_commands_can_be_spared() {
        let faults = Faults::new(parse("refused=1;code=8;only=writes;latency=3").unwrap());
        assert_eq!(faults.next(|| false), (Duration::ZERO, None));
        assert_eq!(faults.next(|| true), (Duration::from_millis(3), Some(Fate::Refused(8))));
        faults.set(parse("lost=1;only=reads").unwrap());
        assert_eq!((faults.next(|| true).1, faults.next(|| false).1), (None, Some(Fate::Lost)));
        assert!(faults.to_string().contains(";only=reads;"), "{faults}");
    }

    #[test]
    fn wrong_plans_are_refused() {
        for (text, message) in [
            ("drop=1", "fault \"drop\" is none of latency, jitter"),
            ("lost=1.5", "fault lost=1.5: not a rate from 0 to 1"),
            ("lost=nan", "not a rate"),
            ("lost", "fault lost=: not a rate"),
            ("latency=-1", "not a number from 0 to 60000"),
            ("code=0", "not a number from 1 to 255"),
            ("only=all", "neither reads nor writes"),
            ("refused=1", "needs a result code"),
            ("lost=0.6;half=0.6", "add up to 1.2"),
        ] {
            let found = parse(text).unwrap_err();
            assert!(found.contains(message), "{text}: {found}");
        }
        assert!(parse("lost=0.1;dropped=0.2;half=0.3;reset=0.4").is_ok());
    }
}
