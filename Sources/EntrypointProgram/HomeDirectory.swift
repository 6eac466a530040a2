import EntrypointCore
import EntrypointSystem

/// Where files of the user that runs the process go.
struct HomeDirectory {
  private static let image = "/home/postgres"

  /// The directory that HOME names, or the image's own when HOME is of no use.
  let path: String
  /// What HOME has to be set to, when it is not right as it is.
  let replacement: String?
  /// Where patroni.yml goes when nobody says so.
  let patroniFile: String
  /// What is wrong with HOME.
  let problems: [Problem]

  /// A container runtime sets HOME to `/` for a user id that the image does not know.
  init(_ environment: Environment) {
    let home = environment.text("HOME")
    let isUseful = home.map { $0.hasPrefix("/") && $0 != "/" } ?? false
    let hasImageHome = DirectoryLookup.exists(Self.image)
    path = isUseful ? home ?? Self.image : Self.image
    replacement = isUseful ? nil : Self.image
    let isOneLine = !path.utf8.contains { $0 < 0x20 || $0 == 0x7f }
    problems = isOneLine ? [] : [.homeWithControlCharacters(path)]
    patroniFile = (hasImageHome ? Self.image : path) + "/patroni.yml"
  }
}

extension Problem {
  fileprivate static func homeWithControlCharacters(_ path: String) -> Problem {
    Problem(
      "HOME",
      "invalid value \(quoted(path))",
      detail: "It must be an absolute path without control characters."
    )
  }
}
