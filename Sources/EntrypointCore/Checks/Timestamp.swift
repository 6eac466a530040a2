/// A point in time as messages show it: `2026-11-21 04:59:05 UTC`.
///
/// - Parameter seconds: since 1970.
func timestamp(_ seconds: Int) -> String {
  let second = ((seconds % 86_400) + 86_400) % 86_400
  let (year, month, day) = date(ofDay: (seconds - second) / 86_400)
  return "\(year)-\(twoDigits(month))-\(twoDigits(day)) "
    + "\(twoDigits(second / 3600)):\(twoDigits(second / 60 % 60)):\(twoDigits(second % 60)) UTC"
}

/// The Gregorian date of a day, counted from 1970.
///
/// Years begin in March here, so that the leap day is the last of all.
private func date(ofDay day: Int) -> (year: Int, month: Int, day: Int) {
  let day = day + 719_468
  let era = (day >= 0 ? day : day - 146_096) / 146_097
  let dayOfEra = day - era * 146_097
  let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let month = (5 * dayOfYear + 2) / 153
  let isNextYear = month >= 10
  return (
    yearOfEra + era * 400 + (isNextYear ? 1 : 0),
    isNextYear ? month - 9 : month + 3,
    dayOfYear - (153 * month + 2) / 5 + 1
  )
}

/// The number of seconds from the beginning of 1970 to `second` seconds into a Gregorian date.
public func secondsSince1970(year: Int, month: Int, day: Int, second: Int) -> Int {
  let year = month <= 2 ? year - 1 : year
  let era = (year >= 0 ? year : year - 399) / 400
  let yearOfEra = year - era * 400
  let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
  let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
  return (era * 146_097 + dayOfEra - 719_468) * 86_400 + second
}

private func twoDigits(_ number: Int) -> String {
  number < 10 ? "0\(number)" : "\(number)"
}
