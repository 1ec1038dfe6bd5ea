//! The moment that an episode is published under, from a date as it was written.

use jiff::civil;
use jiff::tz::TimeZone;

use crate::model::date::WrittenDate;
use crate::model::show::Show;

/// A day without a time is noon: the same day in nearly every zone.
const NOON: civil::Time = civil::time(12, 0, 0, 0);

/// The moment of a written date: its own time and offset where it has them, else the show's, else noon UTC.
/// `None` where the date lies outside the calendar.
pub fn moment(date: WrittenDate, show: &Show) -> Option<jiff::Timestamp> {
    let time = date.time().or(show.publish_time).unwrap_or(NOON);
    let at = date.day().to_datetime(time);
    let zone = match date.offset() {
        Some(offset) => TimeZone::fixed(offset),
        None => zone(show),
    };
    at.to_zoned_datetime(zone).ok().map(|zoned| zoned.timestamp())
}

/// The zone of a show. A name that is none is a mistake of `show.toml`, which its reader reports.
fn zone(show: &Show) -> TimeZone {
    show.timezone.as_deref().and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_noon_utc_unless_somebody_says_otherwise() {
        let day = WrittenDate::Day(civil::date(2018, 1, 30));
        let at = civil::date(2018, 7, 30).at(18, 30, 0, 0);
        let plain = Show::default();
        let toronto = Show {
            timezone: Some("America/Toronto".into()),
            publish_time: Some(civil::time(6, 0, 0, 0)),
            ..Show::default()
        };
        let check = |date, show: &Show, moment_: &str| {
            assert_eq!(moment(date, show).map(|m| m.to_string()).as_deref(), Some(moment_), "{date}");
        };
        check(day, &plain, "2018-01-30T12:00:00Z");
        check(day, &toronto, "2018-01-30T11:00:00Z");
        check(WrittenDate::Local(at), &plain, "2018-07-30T18:30:00Z");
        check(WrittenDate::Local(at), &toronto, "2018-07-30T22:30:00Z");
        check(WrittenDate::Moment(at, 9 * 3600), &toronto, "2018-07-30T09:30:00Z");
    }
}
