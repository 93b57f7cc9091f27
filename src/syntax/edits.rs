//! Edits of a text that is to be read, and the way back: every place in what was read is one in what was given.

use super::shift::Places;

/// One edit: where it stood in the text that was given, and where its words stand in the one that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Edit {
    given: (u32, u32),
    read: (u32, u32),
}

/// The edits of a text, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Edits(Vec<Edit>);

/// A part of a text, and what is read instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Instead {
    pub(super) at: usize,
    pub(super) length: usize,
    pub(super) with: String,
}

impl Edits {
    /// The text as it is to be read. Of two edits that touch the same letters, the first one counts.
    pub(super) fn apply(text: &str, mut instead: Vec<Instead>) -> (String, Self) {
        instead.sort_by_key(|one| one.at);
        let (mut read, mut edits, mut at) = (String::with_capacity(text.len() + 64), vec![], 0);
        for one in instead {
            let Some(between) = text.get(at..one.at) else { continue };
            if text.get(one.at..one.at + one.length).is_none() {
                continue;
            }
            read.push_str(between);
            let start = read.len();
            read.push_str(&one.with);
            at = one.at + one.length;
            edits.push(Edit {
                given: (narrow(one.at), narrow(at)),
                read: (narrow(start), narrow(read.len())),
            });
        }
        read.push_str(text.get(at..).unwrap_or_default());
        (read, Self(edits))
    }

    /// How far the first bytes of two texts are the same by their edits, in what is read.
    pub(super) fn same_front(&self, other: &Self) -> usize {
        let same = self.0.iter().zip(&other.0).take_while(|(one, other)| one == other).count();
        let next = [self, other].into_iter().filter_map(|edits| edits.0.get(same));
        next.map(|edit| edit.read.0).min().map_or(usize::MAX, |at| at as usize)
    }

    /// How many of the last bytes of two texts are the same by their edits, in what is read: the ends of what was given
    /// and of what is read are told for both.
    pub(super) fn same_back(&self, ends: (u32, u32), other: &Self, others: (u32, u32)) -> usize {
        let from_end = |edit: &Edit, ends: (u32, u32)| {
            let (given, read) = (ends.0, ends.1);
            [given - edit.given.0, given - edit.given.1, read - edit.read.0, read - edit.read.1]
        };
        let pairs = self.0.iter().rev().zip(other.0.iter().rev());
        let same = pairs.take_while(|(one, other)| from_end(one, ends) == from_end(other, others)).count();
        let left = |edits: &Self, ends: (u32, u32)| {
            let last = edits.0.len().checked_sub(same + 1).and_then(|at| edits.0.get(at));
            last.map_or(usize::MAX, |edit| (ends.1 - edit.read.1) as usize)
        };
        left(self, ends).min(left(other, others))
    }
}

impl Places for Edits {
    fn place(&self, read: u32) -> u32 {
        let before = self.0.partition_point(|edit| edit.read.0 <= read);
        let Some(edit) = before.checked_sub(1).and_then(|at| self.0.get(at)) else { return read };
        if read >= edit.read.1 {
            return read - edit.read.1 + edit.given.1;
        }
        (edit.given.0 + (read - edit.read.0)).min(edit.given.1)
    }
}

fn narrow(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instead(at: usize, length: usize, with: &str) -> Instead {
        Instead { at, length, with: with.to_owned() }
    }

    #[test]
    fn every_place_in_what_is_read_is_one_in_what_was_given() {
        let edits = vec![instead(8, 0, "\n}"), instead(2, 1, " {"), instead(3, 0, "!")];
        let (read, edits) = Edits::apply("ab:\ncdef\ngh", edits);
        assert_eq!(read, "ab {!\ncdef\n}\ngh");
        let places: Vec<_> = (0..=16).map(|at| edits.place(at)).collect();
        assert_eq!(places, [0, 1, 2, 3, 3, 3, 4, 5, 6, 7, 8, 8, 8, 9, 10, 11, 12]);
    }

    #[test]
    fn of_two_edits_of_the_same_letters_the_first_counts() {
        let (read, _) =
            Edits::apply("abcd", vec![instead(0, 3, "x"), instead(2, 1, "y"), instead(9, 1, "z")]);
        assert_eq!(read, "xd");
    }

    #[test]
    fn what_is_the_same_ends_where_edits_differ() {
        let given = ["a\nb:\nc\nd:\ne", "a\nbb:\nc\nd:\ne"];
        let all = given.map(|text| {
            let colons = text.match_indices(':').map(|(at, _)| instead(at, 1, " {"));
            let (read, edits) = Edits::apply(text, colons.collect());
            (edits, (narrow(text.len()), narrow(read.len())))
        });
        let [(one, ends), (other, others)] = all;
        assert_eq!((one.same_front(&other), one.same_front(&one)), (3, usize::MAX));
        assert_eq!(one.same_back(ends, &other, others), usize::MAX);
        let (_, fewer) = Edits::apply(given[0], vec![instead(3, 1, " {")]);
        assert_eq!(one.same_back(ends, &fewer, (ends.0, ends.1 - 1)), 2, "as far as the last that differs");
    }
}
