import Testing

@testable import EntrypointCore

@Suite struct CommandLineOptionsTests {
  @Test(
    arguments: [
      ([], .start, 0), (["patroni"], .start, 0), (["--", "patroni"], .start, 1),
      (["--dry-run"], .dryRun(showsSecrets: false), 1), (["--check"], .check(.text), 1),
      (["--check=json", "patroni"], .check(.json), 1),
      (["patroni", "--validate-config"], .start, 0),
      (["--check=text"], .check(.text), 1),
      (["--dry-run", "--show-secrets"], .dryRun(showsSecrets: true), 2),
      (["--explain"], .explain(.text), 1), (["--explain=all"], .explain(.all), 1),
      (["--explain=json", "patroni"], .explain(.json), 1),
      (["--explain", "--help"], .help, 2),
      (["-h"], .help, 1), (["--dry-run", "--help"], .help, 2), (["--version"], .version(.text), 1),
      (["--version=json"], .version(.json), 1), (["--version", "--help"], .version(.text), 2),
      (["psql", "--dry-run"], .command, 0), (["--", "--odd"], .command, 1), (["-"], .command, 0),
    ] as [([String], CommandLineOptions.Action, Int)]
  )
  func readsWhatToDo(
    _ words: [String],
    _ action: CommandLineOptions.Action,
    _ commandIndex: Int
  ) throws {
    let options = try CommandLineOptions(words)
    #expect(options.action == action)
    #expect(options.commandIndex == commandIndex)
  }

  @Test(arguments: [["--output", "/a b"], ["--output=/a b"], ["--output=/a b", "patroni"]])
  func readsTheOutputInBothForms(_ words: [String]) throws {
    #expect(try CommandLineOptions(words).output == "/a b")
  }

  @Test(
    arguments: [
      (
        ["patroni", "/etc/patroni.yml"],
        "patroni: accepts no configuration file: \"/etc/patroni.yml\"",
        "Set PATRONI_CONFIGURATION_FILE=/etc/patroni.yml to merge its settings into that file."
      ),
      (["--dryrun"], "--dryrun: unknown option", "Did you mean --dry-run?"),
      (["--verion"], "--verion: unknown option", "Did you mean --version?"),
      (["-x"], "-x: unknown option", "entrypoint --help lists the options."),
      (["--output"], "--output: requires a file name", "Write --output=FILE."),
      (["--output="], "--output: requires a file name", "Write --output=FILE."),
      (["--help=yes"], "--help: accepts no value", nil),
      (["--show-secrets"], "--show-secrets: requires --dry-run", nil),
      (
        ["--explain=xml"], "--explain: invalid value \"xml\"",
        "Write --explain, --explain=all or --explain=json."
      ),
      (["--explain", "psql"], "--explain: cannot be combined with command \"psql\"", nil),
      (["--explain", "--dry-run"], "--explain: cannot be combined with --dry-run", nil),
      (["--explain", "--output=x"], "--explain: cannot be combined with --output", nil),
      (["--dry-run", "psql"], "--dry-run: cannot be combined with command \"psql\"", nil),
      (["--output=x", "psql"], "--output: cannot be combined with command \"psql\"", nil),
      (["--check=yaml"], "--check: invalid value \"yaml\"", "Write --check or --check=json."),
      (["--check="], "--check: invalid value \"\"", "Write --check or --check=json."),
      (["--check", "psql"], "--check: cannot be combined with command \"psql\"", nil),
      (["--check", "--dry-run"], "--check: cannot be combined with --dry-run", nil),
      (["--check", "--output=x"], "--check: cannot be combined with --output", nil),
      (["--version=xml"], "--version: invalid value \"xml\"", "Write --version or --version=json."),
      (["--chek"], "--chek: unknown option", "Did you mean --check?"),
      (["--dry-run", "--output=x"], "--output: cannot be combined with --dry-run", nil),
    ] as [([String], String, String?)]
  )
  func refusesWithOneMessage(_ words: [String], _ message: String, _ hint: String?) {
    let problem = #expect(throws: Problem.self) { try CommandLineOptions(words) }
    #expect(problem.map { "\($0.subject): \($0.message)" } == message)
    #expect(problem?.hint == hint)
  }
}
