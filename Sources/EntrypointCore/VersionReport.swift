/// What is in the program, as it says of itself.
public struct BuildFacts: Equatable, Sendable {
  /// A library that is linked in.
  public struct Library: Equatable, Sendable {
    /// Its name, which is that of its source package, too.
    public let name: String
    /// The version that the library itself gives.
    public let version: String
    /// The names by which the National Vulnerability Database knows who makes it, and it.
    public let cpe: (vendor: String, product: String)

    /// A library of this version.
    public init(_ name: String, version: String, cpe: (vendor: String, product: String)) {
      self.name = name
      self.version = version
      self.cpe = cpe
    }

    /// Whether name and version are the same.
    public static func == (left: Library, right: Library) -> Bool {
      left.name == right.name && left.version == right.version
    }
  }

  /// The libraries.
  public let libraries: [Library]
  private let notes: [String: String]

  /// The libraries, and what the release script noted: lines of a name, a blank and a value.
  public init(libraries: [Library], notes: String) {
    self.libraries = libraries
    var found: [String: String] = [:]
    for line in notes.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 1)
      if words.count == 2 { found[String(words[0])] = String(words[1]) }
    }
    self.notes = found
  }

  /// The commit that the sources are from; nil in a build that the release script did not make.
  public var revision: String? { notes["revision"] }

  /// The distribution whose packages were linked, such as `debian-12`.
  var distribution: String? { notes["distribution"] }

  /// The processor as Debian calls it, such as `amd64`.
  var architecture: String? { notes["architecture"] }

  /// The version of the package that `library` came from, such as `3.0.22-1~deb12u2`.
  func package(of library: Library) -> String? { notes[library.name] }
}

/// What `--version` prints.
public struct VersionReport: Sendable {
  private let facts: BuildFacts

  /// The report on this build.
  public init(_ facts: BuildFacts) {
    self.facts = facts
  }

  /// The report, for a person or as a CycloneDX document.
  public func rendered(as format: CheckReport.Format) -> String {
    switch format {
    case .text: text
    case .json: json
    }
  }

  /// The first line stays what it is, for scripts.
  private var text: String {
    var text = "entrypoint \(Help.version)\nrevision \(facts.revision ?? "unknown")\n"
    for library in facts.libraries {
      text += "\(library.name) \(library.version)"
      if let package = facts.package(of: library) { text += " (package \(package))" }
      text += "\n"
    }
    return text
  }

  /// A CycloneDX document, without a serial number and a date: the same binary prints the same.
  ///
  /// See <https://cyclonedx.org/docs/1.5/json/>.
  private var json: String {
    let program = [
      JSON.member("type", .text("application")), JSON.member("bom-ref", .text("entrypoint")),
      JSON.member("name", .text("entrypoint")), JSON.member("version", .text(Help.version)),
      JSON.string("licenses") + ": "
        + JSON.array([
          JSON.object([
            JSON.string("license") + ": " + JSON.object([JSON.member("id", .text("MIT"))])
          ])
        ]),
      JSON.string("properties") + ": "
        + JSON.array([property("entrypoint:revision", facts.revision ?? "unknown")]),
    ]
    let members = [
      JSON.member("bomFormat", .text("CycloneDX")), JSON.member("specVersion", .text("1.5")),
      JSON.member("version", .number(1)),
      JSON.string("metadata") + ": "
        + JSON.object([JSON.string("component") + ": " + JSON.object(program)]),
      JSON.string("components") + ": " + JSON.array(facts.libraries.map { component($0) }),
      JSON.string("dependencies") + ": "
        + JSON.array([
          JSON.object([
            JSON.member("ref", .text("entrypoint")),
            JSON.member("dependsOn", .list(facts.libraries.map { $0.name })),
          ])
        ]),
    ]
    return "{\n  " + members.joined(separator: ",\n  ") + "\n}\n"
  }

  /// A library, with what scanners look it up by.
  ///
  /// That is `purl` for a distribution's package, and `cpe` for what the makers publish. The package's
  /// version goes first, because distributions mend older versions.
  private func component(_ library: BuildFacts.Library) -> String {
    let package = facts.package(of: library)
    let (vendor, product) = library.cpe
    var purl = "pkg:generic/\(library.name)@\(library.version)"
    if let package, let distribution = facts.distribution, let architecture = facts.architecture {
      let vendor = distribution.split(separator: "-")[0]
      purl =
        "pkg:deb/\(vendor)/\(library.name)@\(Self.escaped(package))"
        + "?arch=\(architecture)&distro=\(distribution)"
    }
    return JSON.object([
      JSON.member("type", .text("library")), JSON.member("bom-ref", .text(library.name)),
      JSON.member("name", .text(library.name)),
      JSON.member("version", .text(package ?? library.version)),
      JSON.member("cpe", .text("cpe:2.3:a:\(vendor):\(product):\(library.version):*:*:*:*:*:*:*")),
      JSON.member("purl", .text(purl)),
      JSON.string("properties") + ": "
        + JSON.array([property("entrypoint:linked", library.version)]),
    ])
  }

  private func property(_ name: String, _ value: String) -> String {
    JSON.object([JSON.member("name", .text(name)), JSON.member("value", .text(value))])
  }

  /// Percent-encoded, as a package URL has it: `+` and `:` are the ones that versions can hold.
  private static func escaped(_ version: String) -> String {
    version.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "+"): "%2B"
      case UInt8(ascii: ":"): "%3A"
      default: String(decoding: [byte], as: UTF8.self)
      }
    }.joined()
  }
}
