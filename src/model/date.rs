//! A date as an article states it: a day, a local time, or a moment with its offset. Never converted.

use std::fmt;

use jiff::civil;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

/// What an article says of when it was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum WrittenDate {
    /// A day without a time.
    Day(civil::Date),
    /// A day and time without an offset.
    Local(civil::DateTime),
    /// A day and time with the offset it was written in, in seconds east of UTC.
    Moment(civil::DateTime, i32),
}

impl WrittenDate {
    /// The day that is written, whatever the offset.
    pub fn day(self) -> civil::Date {
        match self {
            Self::Day(day) => day,
            Self::Local(at) | Self::Moment(at, _) => at.date(),
        }
    }

    /// The time that is written, if one is.
    pub fn time(self) -> Option<civil::Time> {
        match self {
            Self::Day(_) => None,
            Self::Local(at) | Self::Moment(at, _) => Some(at.time()),
        }
    }

    /// The offset that is written, if one is.
    pub fn offset(self) -> Option<Offset> {
        match self {
            Self::Moment(_, seconds) => Offset::from_seconds(seconds).ok(),
            Self::Day(_) | Self::Local(_) => None,
        }
    }
}

/// ISO 8601, with no more precision than was written.
impl fmt::Display for WrittenDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => write!(f, "{day}"),
            Self::Local(at) => write!(f, "{at}"),
            Self::Moment(at, 0) => write!(f, "{at}Z"),
            Self::Moment(at, seconds) => {
                let sign = if *seconds < 0 { '-' } else { '+' };
                let minutes = seconds.unsigned_abs() / 60;
                write!(f, "{at}{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
        }
    }
}
