import Testing

@testable import EntrypointCore

@Suite struct ExpiryReminderTests {
  private static let day = 86_400

  private func certificate(endingAt end: Int) -> Certificate {
    Certificate(
      subject: "CN=node",
      issuer: "CN=authority",
      commonName: Array("node".utf8),
      alternativeNames: [],
      serial: "01",
      notBefore: 0,
      notAfter: end,
      usage: Certificate.Usage(signs: true, serves: true, connects: true),
      keyAlgorithm: "EC 256",
      signatureAlgorithm: "ecdsa-with-SHA256",
      signatureDigest: .named,
      isAuthority: false
    )
  }

  @Test func warnsAt30And14And7DaysAndDailyFromTheLastOneOn() {
    var reminder = ExpiryReminder()
    let certificate = certificate(endingAt: 40 * Self.day)
    let days = (0...42).filter { day in
      reminder.reminder(of: certificate, now: day * Self.day, elapsed: day * Self.day) != nil
    }
    #expect(days == [10, 26, 33, 39, 40, 41, 42])
  }

  @Test func looksOnceADay() {
    var reminder = ExpiryReminder()
    let certificate = certificate(endingAt: Self.day)
    #expect(reminder.reminder(of: certificate, now: 0, elapsed: 0) != nil)
    #expect(reminder.reminder(of: certificate, now: Self.day - 1, elapsed: Self.day - 1) == nil)
    #expect(
      reminder.reminder(of: certificate, now: Self.day, elapsed: Self.day)?.message
        .contains("has expired") == true
    )
  }

  @Test func startsAgainWithANewCertificate() {
    var reminder = ExpiryReminder()
    #expect(reminder.reminder(of: certificate(endingAt: 5 * Self.day), now: 0, elapsed: 0) != nil)
    let new = certificate(endingAt: 90 * Self.day)
    #expect(reminder.reminder(of: new, now: Self.day, elapsed: Self.day) == nil)
    #expect(reminder.reminder(of: new, now: 60 * Self.day, elapsed: 60 * Self.day) != nil)
  }

  /// A clock that is set back by a year must not silence it for a year.
  @Test func daysPassWhenTheClockIsSetBack() {
    var reminder = ExpiryReminder()
    let certificate = certificate(endingAt: 400 * Self.day)
    #expect(reminder.reminder(of: certificate, now: 395 * Self.day, elapsed: 0) != nil)
    #expect(reminder.reminder(of: certificate, now: 30 * Self.day, elapsed: Self.day) == nil)
    #expect(reminder.reminder(of: certificate, now: 396 * Self.day, elapsed: 2 * Self.day) != nil)
  }
}
