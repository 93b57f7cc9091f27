//! Where a time stands in a timeline. Long times without an event are drawn shorter, and marked.

use jiff::{SignedDuration, Timestamp};

/// A gap of more than this part of all is shortened to it.
const WIDEST: f64 = 0.25;
/// A gap of less than a minute is drawn as it is, in seconds.
const SHORTEST: f64 = 60.0;

/// A time and where it stands, from 0 to 1.
#[derive(Debug)]
pub(super) struct Scale {
    points: Vec<(Timestamp, f64)>,
    /// Gaps that are drawn shorter: where they begin and end, and how long they are.
    pub(super) shortened: Vec<(f64, f64, SignedDuration)>,
}

impl Scale {
    /// A scale over these times, in order.
    pub(super) fn over(times: &[Timestamp]) -> Self {
        let mut times: Vec<Timestamp> = times.to_vec();
        times.sort_unstable();
        times.dedup();
        let steps: Vec<f64> =
            times.windows(2).map(|pair| between(pair.first(), pair.last()).as_secs_f64()).collect();
        let widest = widest(&steps).max(SHORTEST);
        let total: f64 = steps.iter().map(|step| step.min(widest)).sum();
        let part = |step: f64| if total > 0.0 { step.min(widest) / total } else { 0.0 };
        let (mut at, mut points, mut shortened) = (0.0, vec![], vec![]);
        points.extend(times.first().map(|first| (*first, 0.0)));
        for (pair, step) in times.windows(2).zip(&steps) {
            let before = at;
            at += part(*step);
            points.extend(pair.last().map(|time| (*time, at)));
            if *step > widest {
                shortened.push((before, at, between(pair.first(), pair.last())));
            }
        }
        Self { points, shortened }
    }

    /// Where a time stands.
    pub(super) fn at(&self, time: Timestamp) -> f64 {
        let after = self.points.partition_point(|(point, _)| *point <= time);
        let below = after.checked_sub(1).and_then(|before| self.points.get(before));
        match (below, self.points.get(after)) {
            (Some((from, low)), Some((to, high))) => {
                let whole = between(Some(from), Some(to)).as_secs_f64();
                let part = between(Some(from), Some(&time)).as_secs_f64() / whole;
                low + (high - low) * part
            }
            (Some(_), None) => 1.0,
            (None, _) => 0.0,
        }
    }
}

fn between(from: Option<&Timestamp>, to: Option<&Timestamp>) -> SignedDuration {
    from.zip(to).map_or(SignedDuration::ZERO, |(from, to)| to.duration_since(*from))
}

/// The longest that a gap is drawn: so that none takes more than its part of what is drawn.
fn widest(steps: &[f64]) -> f64 {
    let mut sorted = steps.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let mut rest: f64 = sorted.iter().sum();
    for (longer, step) in sorted.iter().rev().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "a few gaps are counted")]
        let gaps = longer as f64;
        // With so many gaps at their part, what is left of the whole is the others' share.
        let share = 1.0 - WIDEST * gaps;
        let drawn = rest / share.max(WIDEST);
        if share <= WIDEST || *step <= WIDEST * drawn {
            return if gaps == 0.0 { f64::INFINITY } else { (WIDEST * drawn).max(*step) };
        }
        rest -= step;
    }
    f64::INFINITY
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(seconds: &[i64]) -> Vec<Timestamp> {
        seconds.iter().map(|second| Timestamp::from_second(*second).unwrap()).collect()
    }

    fn at(scale: &Scale, second: i64) -> String {
        format!("{:.2}", scale.at(Timestamp::from_second(second).unwrap()))
    }

    #[test]
    fn even_times_stand_evenly() {
        let scale = Scale::over(&times(&[0, 10, 20, 30, 40]));
        let told = [0, 4, 10, 40, 50, -5].map(|second| at(&scale, second));
        assert_eq!(told, ["0.00", "0.10", "0.25", "1.00", "1.00", "0.00"]);
        assert!(scale.shortened.is_empty());
    }

    #[test]
    fn a_long_wait_takes_no_more_than_its_part() {
        let mut seconds: Vec<i64> = (0..=100).map(|minute| minute * 60).collect();
        seconds.extend([260_000, 260_060, 260_120]);
        let scale = Scale::over(&times(&seconds));
        let (from, to, length) = scale.shortened[0];
        assert_eq!((scale.shortened.len(), length.as_secs()), (1, 254_000));
        assert!((to - from - 0.25).abs() < 0.01, "{from} {to}");
        assert_eq!(at(&scale, 260_120), "1.00");
        assert!(scale.at(Timestamp::from_second(100_000).unwrap()) > from);
    }

    #[test]
    fn a_short_run_is_drawn_as_it_was() {
        let scale = Scale::over(&times(&[0, 1, 2, 3, 50, 51]));
        assert!(scale.shortened.is_empty());
        assert_eq!(at(&scale, 50), "0.98");
    }

    #[test]
    fn few_times_are_no_trouble() {
        assert_eq!(at(&Scale::over(&[]), 5), "0.00");
        assert_eq!(at(&Scale::over(&times(&[5])), 5), "1.00");
        assert_eq!(at(&Scale::over(&times(&[5, 5])), 5), "1.00");
        let scale = Scale::over(&times(&[0, 1000, 1001]));
        assert!(scale.at(Timestamp::from_second(1000).unwrap()) < 1.0);
        assert!(scale.at(Timestamp::from_second(500).unwrap()) > 0.0);
    }
}
