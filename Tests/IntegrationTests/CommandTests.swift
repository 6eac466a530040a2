import Foundation
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

  /// Nothing that is known provokes a trap, so the signal comes from outside.
  @Test func reportsADefectOfItsOwn() throws {
    let result = try Command.run(
      [
        "strace", "-o", "/dev/null", "-e", "trace=getrandom", "-e",
        "inject=getrandom:signal=SIGILL:when=2", Repository.releaseBinary, "--dry-run",
      ]
    )
    #expect(result.exitCode == 70)
    #expect(result.output == "")
    let report = #/entrypoint: error: internal error at address 0x[0-9a-f]{16}\n  hint: .*\n/#
    #expect(result.errors.wholeMatch(of: report) != nil, "\(result.errors)")
  }

  @Test func theTwinWithSymbolsNamesTheLineOfAnAddress() throws {
    let twin = Repository.root + "/dist/entrypoint.debug"
    let symbols = try Command.output(["nm", twin])
    let line = symbols.split(separator: "\n").first { $0.hasSuffix(" T entrypoint_main") }
    let address = try #require(line?.split(separator: " ").first)
    let symbolizer = #""$(dirname "$(readlink -f "$(command -v swift)")")/llvm-symbolizer""#
    let place = try Command.output(
      ["sh", "-c", "\(symbolizer) --obj=\(twin) 0x\(address)"],
      environment: ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""]
    )
    #expect(place.contains("EntrypointProgram/Program.swift:"), "\(place)")
  }
}
