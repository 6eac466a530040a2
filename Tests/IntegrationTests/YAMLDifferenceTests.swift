import Foundation
import PatroniConfig
import TestSupport
import Testing

/// What PyYAML loads from our output is what it loads from the text that we read.
@Suite struct YAMLDifferenceTests {
  private static let script = Repository.root + "/Tests/IntegrationTests/Python/yaml_documents.py"

  @Test func readsGeneratedDocumentsAsPyYAMLDoes() throws {
    let directory = try TemporaryDirectory()
    let count = 2000
    try Command.output([
      "python3", Self.script, "generate", directory.path, String(count),
    ])
    for number in 0..<count { try rewrite("\(number)", in: directory) }
    let result = try Command.run(["python3", Self.script, "compare", directory.path])
    #expect(result.exitCode == 0, "\(result.output)\(result.errors)")
    let counts = try #require(result.output.split(separator: "\n").last).split(separator: ", ")
    let same = counts.first.flatMap { Int($0.dropFirst("same: ".count)) } ?? 0
    #expect(same >= 500, "\(counts)")
  }

  @Test func readsWrittenDocumentsAsPyYAMLDoes() throws {
    let directory = try TemporaryDirectory()
    for (number, document) in YAMLDocuments.all.enumerated() {
      try directory.write("\(number).yml", document)
      try rewrite("\(number)", in: directory)
    }
    let result = try Command.run(["python3", Self.script, "compare", directory.path])
    #expect(result.exitCode == 0, "\(result.output)\(result.errors)")
  }

  /// The valid cases of the official test suite, which `scripts/yaml-test-suite.sh` fetches.
  ///
  /// The counts are those of its pinned version. What a configuration has no use for is refused on
  /// purpose: keys that are no text or stand twice, and foreign tags.
  @Test func readsTheOfficialTestSuiteAsPyYAMLDoes() throws {
    let suite = Repository.root + "/.build/yaml-test-suite"
    let found = try Command.output(["find", suite, "-name", "in.yaml", "-printf", "%P\\n"])
    let directory = try TemporaryDirectory()
    for path in found.split(separator: "\n") {
      let folder = path.dropLast("/in.yaml".count)
      guard !FileManager.default.fileExists(atPath: "\(suite)/\(folder)/error") else { continue }
      let name = String(folder.replacing("/", with: "-"))
      try Command.output(["cp", "\(suite)/\(path)", "\(directory.path)/\(name).yml"])
      try rewrite(name, in: directory)
    }
    let result = try Command.run(["python3", Self.script, "compare", directory.path])
    #expect(
      result.output == "same: 199, refused by both: 81, refused on purpose: 5, "
        + "refused by libyaml: 10, refused by PyYAML only: 13, different: 0\n"
    )
  }

  private func rewrite(_ name: String, in directory: TemporaryDirectory) throws {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(directory.path)/\(name).yml"))
    let reading = YAMLParser.parse(Array(bytes), document: "\(name).yml")
    if reading.faults.isEmpty {
      let root = reading.root ?? YAMLNode(.plain("null", .null))
      let text = try YAMLEmitter.text(of: root, secrets: .revealed)
      try directory.write("\(name).out.yml", String(decoding: text, as: UTF8.self))
    } else {
      let faults = reading.faults.map { "\($0.origin): \($0.message)" }
      try directory.write("\(name).refused", faults.joined(separator: "\n"))
    }
  }
}
