import Foundation

@testable import EntrypointCore

// What holds for every target. A target that sees something else stops the process, and libFuzzer keeps
// the input.

/// Stops the process unless something is true.
func require(_ isTrue: Bool, _ message: @autoclosure () -> String) {
  if !isTrue { stop(message()) }
}

/// Stops the process.
func stop(_ message: String) -> Never {
  fputs(message + "\n", stderr)
  abort()
}

/// Messages are lines, whatever they quote, and no secret stands in them.
func checkMessages(_ problems: [Problem], isSecret: (String) -> Bool) {
  for problem in problems {
    let parts = [problem.subject, problem.message, problem.detail ?? "", problem.hint ?? ""]
    for part in parts {
      require(!part.utf8.contains { $0 < 0x20 || $0 == 0x7f }, "a control character: \(part)")
      require(!isSecret(part), "a secret in a message: \(part)")
    }
  }
}

/// The report of `--check` is lines for a person, and JSON for a program.
func checkReport(_ report: CheckReport, isSecret: (String) -> Bool) {
  let text = report.rendered(as: .text)
  require(!text.utf8.contains { $0 < 0x20 && $0 != 0x0a || $0 == 0x7f }, "a control character")
  let json = report.rendered(as: .json)
  require(isJSON(json), "no JSON: \(json)")
  require(!isSecret(text) && !isSecret(json), "a secret in a report")
}

/// Whether Foundation reads `text`.
func isJSON(_ text: String) -> Bool {
  (try? JSONSerialization.jsonObject(with: Data(text.utf8))) != nil
}

/// Whether `word` stands in `text`, in which there are no null bytes; faster than Foundation's.
func holds(_ text: String, _ word: String) -> Bool { strstr(text, word) != nil }
