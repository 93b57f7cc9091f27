//! Several things measured in turn, round after round, so that whatever else the machine does meets all alike.

use std::time::Instant;

/// One of those that are compared.
pub(crate) struct Contender<'a> {
    name: String,
    run: Box<dyn FnMut() + 'a>,
}

/// What one took, in seconds, round by round.
pub(crate) struct Timed {
    pub(crate) name: String,
    rounds: Vec<f64>,
}

impl<'a> Contender<'a> {
    /// Something that is timed as a whole.
    pub(crate) fn new(name: &str, run: impl FnMut() + 'a) -> Self {
        Self { name: name.to_owned(), run: Box::new(run) }
    }
}

/// Times all in turn, after one round to warm up; every second round backwards.
pub(crate) fn interleave(rounds: usize, contenders: &mut [Contender<'_>]) -> Vec<Timed> {
    let named = |contender: &Contender<'_>| Timed { name: contender.name.clone(), rounds: vec![] };
    let mut timed: Vec<Timed> = contenders.iter().map(named).collect();
    contenders.iter_mut().for_each(|contender| (contender.run)());
    for round in 0..rounds {
        let mut turn: Vec<_> = contenders.iter_mut().zip(&mut timed).collect();
        if round % 2 == 1 {
            turn.reverse();
        }
        for (contender, timed) in turn {
            let began = Instant::now();
            (contender.run)();
            timed.rounds.push(began.elapsed().as_secs_f64());
        }
    }
    timed
}

impl Timed {
    /// In the middle.
    pub(crate) fn median(&self) -> f64 {
        median(self.rounds.clone())
    }

    /// The shortest.
    pub(crate) fn least(&self) -> f64 {
        self.rounds.iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// How many times as long as another, each round against the same round: the middle of those.
    pub(crate) fn times(&self, other: &Self) -> f64 {
        median(self.rounds.iter().zip(&other.rounds).map(|(own, other)| own / other).collect())
    }
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    *numbers.get(numbers.len() / 2).unwrap()
}
