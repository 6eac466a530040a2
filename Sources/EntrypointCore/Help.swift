/// The manual that `--help` prints.
public enum Help {
  /// The program's version.
  public static let version = "0.1.0"

  /// The whole text.
  public static var text: String {
    var text = """
      Usage: entrypoint [OPTION]... [--] [COMMAND [ARGUMENT]...]

      Checks the pod's environment, writes patroni.yml and becomes Patroni.
      A COMMAND other than patroni is executed unchanged.

      Options:

      """
    for option in CommandLineOptions.options {
      let space = option.argument?.hasPrefix("[") == true ? "" : " "
      text += item([option.name, option.argument].compactMap { $0 }.joined(separator: space))
      text += paragraph(option.summary)
    }
    for section in EnvironmentVariable.Section.allCases {
      text += "\n\(section.rawValue):\n"
      for variable in EnvironmentVariable.all where variable.section == section {
        text += item(variable.heading)
        let live = variable.isLive ? "; live" : ""
        let rule = variable.isRequired ? variable.fallback : "default: " + variable.fallback
        text += paragraph("\(variable.summary) (\(rule)\(live))")
      }
    }
    text += """

      Every other PATRONI_ variable is passed on to Patroni as it is.

      A live variable takes effect while Patroni runs, when its file in
      SETTINGS_DIRECTORY or the file that it names changes; any other one at the next
      start.

      Exit codes:

      """
    for code in ExitCode.allCases {
      let number = String(code.rawValue)
      text += "  " + String(repeating: " ", count: 3 - number.count) + number + "  " + code.meaning
      text += "\n"
    }
    return text
  }

  private static func item(_ heading: String) -> String { "  \(heading)\n" }

  /// Words in lines of at most 80 columns, indented below their heading.
  private static func paragraph(_ text: String) -> String {
    "      " + Terminal(columns: 80, hasColour: false).filled(text.words, from: 6, indent: 6) + "\n"
  }
}

extension EnvironmentVariable {
  /// Whether there is no default.
  fileprivate var isRequired: Bool { fallback == "required" }

  /// The names by which it can be set.
  var heading: String {
    var names = [name]
    if let alias { names.append(alias) }
    if isSecret { names.append(fileName) }
    return names.joined(separator: ", ")
  }
}
