//! Several audio files in one folder: parts of one recording where their names differ in a number alone.

/// A file name as text and the numbers in it: `("kim #.mp3", [3])`.
fn taken_apart(name: &str) -> (String, Vec<&str>) {
    let mut frame = String::new();
    let mut numbers = Vec::new();
    let mut rest = name;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (text, tail) = rest.split_at(start);
        let end = tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len());
        let (number, tail) = tail.split_at(end);
        frame.push_str(&text.to_lowercase());
        frame.push('\u{0}');
        numbers.push(number);
        rest = tail;
    }
    frame.push_str(&rest.to_lowercase());
    (frame, numbers)
}

/// The order of the parts, as indexes into `names`; `None` where the names are not those of parts.
///
/// Leading zeros mean nothing, but two names of the same number are no order.
pub fn order(names: &[&str]) -> Option<Vec<usize>> {
    let apart: Vec<(String, Vec<&str>)> = names.iter().map(|n| taken_apart(n)).collect();
    let (frame, first) = apart.first()?;
    if !apart.iter().all(|(f, n)| f == frame && n.len() == first.len()) {
        return None;
    }
    let differs = |at: &usize| apart.iter().any(|(_, n)| n.get(*at) != first.get(*at));
    let mut places = (0..first.len()).filter(differs);
    let (place, None) = (places.next()?, places.next()) else { return None };

    let mut numbered: Vec<(u64, usize)> = Vec::new();
    for (index, (_, numbers)) in apart.iter().enumerate() {
        numbered.push((numbers.get(place)?.parse().ok()?, index));
    }
    numbered.sort_unstable();
    let distinct = numbered.windows(2).all(|pair| matches!(pair, [(a, _), (b, _)] if a < b));
    distinct.then(|| numbered.into_iter().map(|(_, index)| index).collect())
}

#[cfg(test)]
mod tests {
    #[test]
    fn parts_differ_in_one_number_and_come_in_its_order() {
        let check = |names: &[&str], order: Option<&[usize]>| {
            assert_eq!(super::order(names).as_deref(), order, "{names:?}");
        };
        check(&["kim 10.mp3", "kim 2.mp3", "kim 1.mp3"], Some(&[2, 1, 0]));
        check(&["01.wav", "02.wav"], Some(&[0, 1]));
        check(&["kim-2018-1.mp3", "kim-2018-2.mp3"], Some(&[0, 1]));
        check(&["Part1.MP3", "part2.mp3"], Some(&[0, 1]));
        check(&["kim-1-of-2.mp3", "kim-2-of-2.mp3"], Some(&[0, 1]));
        check(&["kim-1-1.mp3", "kim-2-2.mp3"], None);
        check(&["kim.mp3", "kim 2.mp3"], None);
        check(&["kim 1.mp3", "kim 2.wav"], None);
        check(&["kim 1.mp3", "kim 01.mp3"], None);
        check(&["a.mp3", "b.mp3"], None);
        check(&["99999999999999999999.mp3", "1.mp3"], None);
    }
}
