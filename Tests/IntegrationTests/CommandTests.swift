import TestSupport
import Testing

/// Commands other than patroni, and how the program ends when it has nobody to become.
@Suite struct CommandTests {
  private func run(_ words: String..., environment: [String: String]? = nil) throws -> CommandResult
  {
    try Command.run([Repository.releaseBinary] + words, environment: environment)
  }

  @Test func becomesAnotherCommand() throws {
    let result = try run("sh", "-c", "echo $0 $#; exit 7", "zero", "one two")
    #expect(result.output == "zero 1\n")
    #expect(result.exitCode == 7)
  }

  @Test func saysWhenThereIsNoSuchCommand() throws {
    let result = try run("no-such-command")
    #expect(result.exitCode == 127)
    #expect(result.errors.hasPrefix("entrypoint: error: no-such-command: command not found\n"))
  }

  @Test func saysWhenACommandCannotBeExecuted() throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("command", "#!/bin/sh\n", mode: 0o644)
    let result = try run(file)
    #expect(result.exitCode == 126)
    #expect(result.errors == "entrypoint: error: \(file): could not execute: Permission denied\n")
  }
}
