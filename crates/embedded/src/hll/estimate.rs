//! Estimates from the registers of sketches.
//!
//! Counts follow Otmar Ertl, "New cardinality estimation algorithms for HyperLogLog sketches"
//! (algorithm 6), similarities Yun William Yu and Griffin M. Weber, "HyperMinHash: MinHash in LogLog
//! space". The order of the floating point operations matters: the results are those of the server
//! that is modelled, to the last bit.

use super::sketch::{RUNS, Shape, Sketch};

/// How many different elements were added.
pub fn count(sketch: &Sketch<'_>) -> u64 {
    if let Some(count) = sketch.kept_count() {
        return count;
    }
    let registers = sketch.shape().registers();
    let mut runs = [0u32; RUNS];
    for register in 0..registers {
        if let Some(count) = runs.get_mut(sketch.run(register)) {
            *count += 1;
        }
    }
    let total = registers as f64;
    // No register holds a run beyond those that it can tell: the sum starts at nothing.
    let [zero, others @ ..] = runs;
    let sum = others.iter().rev().fold(0.0, |sum, &count| 0.5 * (sum + f64::from(count)));
    let sum = sum + total * sigma(f64::from(zero) / total);
    (alpha(sketch.shape()) * total * total / sum).round() as u64
}

fn alpha(shape: Shape) -> f64 {
    match shape.index_bits {
        4 => 0.673,
        5 => 0.697,
        6 => 0.709,
        _ => 0.7213 / (1.0 + 1.079 / shape.registers() as f64),
    }
}

fn sigma(mut value: f64) -> f64 {
    if value == 1.0 {
        return f64::INFINITY;
    }
    let (mut y, mut z) = (1.0, value);
    loop {
        value *= value;
        let before = z;
        z += value * y;
        y += y;
        if z == before {
            return z;
        }
    }
}

/// How many different elements were added to any of them.
pub fn union_count(sketches: &[Sketch<'_>]) -> u64 {
    count(&Sketch::union(sketches.iter()))
}

/// How many elements were added to all of them. Without minhash bits in common, two or three
/// sketches at most.
pub fn intersection_count(sketches: &[Sketch<'_>]) -> u64 {
    if common_shape(sketches).minhash_bits == 0 {
        return intersection_by_counts(sketches);
    }
    let similarity = similarity(sketches);
    if similarity.is_nan() {
        return 0;
    }
    (union_count(sketches) as f64 * similarity).round() as u64
}

/// The part of all different elements that were added to all of them; not a number if there are
/// none.
pub fn similarity(sketches: &[Sketch<'_>]) -> f64 {
    let shape = common_shape(sketches);
    if shape.minhash_bits == 0 {
        return intersection_by_counts(sketches) as f64 / union_count(sketches) as f64;
    }
    if !sketches.iter().all(Sketch::has_data) {
        return if sketches.iter().any(Sketch::has_data) { 0.0 } else { f64::NAN };
    }
    let in_union = Sketch::union(sketches.iter()).used_registers();
    let mut intersection = Sketch::empty(shape);
    if let Some((first, others)) = sketches.split_first() {
        intersection.absorb(first);
        for other in others {
            intersection.retain_equal(other);
        }
    }
    let in_all = intersection.used_registers();
    let by_chance = match sketches {
        [a, b] => collisions(shape, count(a) as f64, count(b) as f64),
        _ => 0.0,
    };
    ((in_all as f64 - by_chance) / in_union as f64).max(0.0)
}

fn common_shape(sketches: &[Sketch<'_>]) -> Shape {
    let shapes = sketches.iter().map(Sketch::shape);
    shapes.reduce(Shape::common).unwrap_or(Shape { index_bits: 4, minhash_bits: 0 })
}

/// By inclusion and exclusion.
fn intersection_by_counts(sketches: &[Sketch<'_>]) -> u64 {
    let in_union = union_count(sketches);
    let sum = sketches.iter().fold(0u64, |sum, sketch| sum.saturating_add(count(sketch)));
    let [a, b, c] = sketches else { return sum.saturating_sub(in_union) };
    let pair = |a: &Sketch<'_>, b: &Sketch<'_>| intersection_count(&[a.clone(), b.clone()]);
    let in_pairs = pair(a, b).wrapping_add(pair(b, c)).wrapping_add(pair(a, c));
    let in_all = in_union.wrapping_sub(sum.wrapping_sub(in_pairs)) as i64;
    in_all.max(0) as u64
}

/// How many registers of two sketches will be equal by chance.
fn collisions(shape: Shape, count_a: f64, count_b: f64) -> f64 {
    let registers = shape.registers() as f64;
    let mut sum = 0.0;
    for run in 1..=RUNS as i32 {
        let below = if run == RUNS as i32 { 0.0 } else { f64::from(-run).exp2() };
        let above = f64::from(1 - run).exp2();
        let (below, above) = (1.0 - below / registers, 1.0 - above / registers);
        let chance = |count: f64| below.powf(count) - above.powf(count);
        sum += chance(count_a) * chance(count_b);
    }
    sum * registers / f64::from(shape.minhash_bits).exp2()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(shape: (u8, u8), numbers: std::ops::Range<u32>) -> Sketch<'static> {
        let mut sketch = Sketch::empty(Shape::new(shape.0, shape.1).unwrap());
        for number in numbers {
            sketch.add(&number.to_be_bytes());
        }
        sketch
    }

    fn near(estimate: f64, truth: f64) -> bool {
        (estimate - truth).abs() <= truth * 0.1
    }

    #[test]
    fn estimates_are_near_the_truth() {
        for shape in [(12, 0), (14, 30)] {
            let (a, b) = (sketch(shape, 0..20_000), sketch(shape, 10_000..30_000));
            assert!(near(count(&a) as f64, 20_000.0));
            let both = [a, b];
            assert!(near(union_count(&both) as f64, 30_000.0));
            assert!(near(intersection_count(&both) as f64, 10_000.0));
            assert!(near(similarity(&both), 1.0 / 3.0));
        }
    }

    #[test]
    fn three_sketches_without_minhash_intersect() {
        let sketches = [0, 2_000, 4_000].map(|start| sketch((14, 0), start..start + 20_000));
        assert!(near(intersection_count(&sketches) as f64, 16_000.0));
    }

    #[test]
    fn nothing_has_a_count_and_a_similarity_too() {
        for minhash_bits in [0, 8] {
            let nothing = || sketch((8, minhash_bits), 0..0);
            assert_eq!(count(&nothing()), 0);
            assert_eq!(intersection_count(&[nothing(), nothing()]), 0);
            assert!(similarity(&[nothing(), nothing()]).is_nan());
        }
    }
}
