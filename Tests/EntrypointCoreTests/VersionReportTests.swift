import EntrypointCore
import Foundation
import Testing

/// What `--version` prints.
@Suite struct VersionReportTests {
  private static let libraries = [
    BuildFacts.Library("openssl", version: "3.5.9", cpe: ("openssl", "openssl")),
    BuildFacts.Library("glibc", version: "2.41", cpe: ("gnu", "glibc")),
  ]
  private static let released = BuildFacts(
    libraries: libraries,
    notes: """
      revision 0123456789abcdef-modified
      distribution debian-13
      architecture arm64
      openssl 1:3.5.9-1~deb13u1
      glibc 2.41-12+deb13u5

      """
  )
  private static let unreleased = BuildFacts(libraries: libraries, notes: "")

  @Test func isForAPerson() {
    #expect(
      VersionReport(Self.released).rendered(as: .text) == """
        entrypoint \(Help.version)
        revision 0123456789abcdef-modified
        openssl 3.5.9 (package 1:3.5.9-1~deb13u1)
        glibc 2.41 (package 2.41-12+deb13u5)

        """
    )
  }

  @Test func saysWhatItDoesNotKnow() {
    #expect(
      VersionReport(Self.unreleased).rendered(as: .text) == """
        entrypoint \(Help.version)
        revision unknown
        openssl 3.5.9
        glibc 2.41

        """
    )
  }

  private struct Document: Decodable {
    struct Component: Decodable {
      let type: String
      let name: String
      let version: String
      let cpe: String?
      let purl: String?
    }
    struct Metadata: Decodable { let component: Component }
    let bomFormat: String
    let specVersion: String
    let metadata: Metadata
    let components: [Component]
  }

  private func document(_ facts: BuildFacts) throws -> Document {
    let text = VersionReport(facts).rendered(as: .json)
    return try JSONDecoder().decode(Document.self, from: Data(text.utf8))
  }

  @Test func isForAScanner() throws {
    let document = try document(Self.released)
    #expect(document.bomFormat == "CycloneDX" && document.specVersion == "1.5")
    #expect(document.metadata.component.version == Help.version)
    #expect(document.components.map { $0.version } == ["1:3.5.9-1~deb13u1", "2.41-12+deb13u5"])
    #expect(
      document.components.map { $0.purl } == [
        "pkg:deb/debian/openssl@1%3A3.5.9-1~deb13u1?arch=arm64&distro=debian-13",
        "pkg:deb/debian/glibc@2.41-12%2Bdeb13u5?arch=arm64&distro=debian-13",
      ]
    )
    #expect(
      document.components.map { $0.cpe } == [
        "cpe:2.3:a:openssl:openssl:3.5.9:*:*:*:*:*:*:*", "cpe:2.3:a:gnu:glibc:2.41:*:*:*:*:*:*:*",
      ]
    )
  }

  @Test func namesTheMakersVersionWhereThereIsNoPackage() throws {
    let document = try document(Self.unreleased)
    #expect(document.components.map { $0.version } == ["3.5.9", "2.41"])
    #expect(
      document.components.map { $0.purl } == [
        "pkg:generic/openssl@3.5.9", "pkg:generic/glibc@2.41",
      ]
    )
  }
}
