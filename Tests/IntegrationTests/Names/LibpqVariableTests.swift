import CLibpq
import Foundation
import TestSupport
import Testing

@testable import EntrypointCore

/// libpq itself says which variables it reads.
@Suite struct LibpqVariableTests {
  /// Those of the libpq that the tests are linked with.
  private static func linked() -> [String] {
    guard let options = PQconndefaults() else { return [] }
    defer { PQconninfoFree(options) }
    var names: [String] = []
    var option = options
    while option.pointee.keyword != nil {
      if let name = option.pointee.envvar { names.append(String(cString: name)) }
      option += 1
    }
    return names
  }

  /// Those of a later libpq, which psycopg2 brings along.
  private static func bundled() throws -> [String] {
    let script = """
      import ctypes, glob, psycopg2
      class Option(ctypes.Structure):
          _fields_ = [(n, ctypes.c_char_p) for n in "keyword envvar compiled val label dispchar".split()]
          _fields_ += [("dispsize", ctypes.c_int)]
      pattern = psycopg2.__path__[0] + "/../psycopg2_binary.libs/libpq-*"
      libpq = ctypes.CDLL(glob.glob(pattern)[0])
      libpq.PQconndefaults.restype = ctypes.POINTER(Option)
      for option in libpq.PQconndefaults():
          if option.keyword is None:
              break
          if option.envvar:
              print(option.envvar.decode())
      """
    let said = try Command.output([Repository.virtualEnvironment + "/bin/python", "-c", script])
    return said.split(separator: "\n").map { String($0) }
  }

  @Test func everyVariableThatLibpqReadsIsClassified() throws {
    let (linked, bundled) = (Self.linked(), try Self.bundled())
    #expect(linked.count > 25)
    #expect(bundled.count > linked.count)
    for name in linked + bundled {
      #expect(
        LibpqVariable.followed.contains(name) != LibpqVariable.isLeftOut(name),
        "\(name)"
      )
    }
  }

  /// What the manual has besides: some have no option, some are older, and some come with PostgreSQL 18.
  @Test func everyVariableThatIsClassifiedIsLibpqs() throws {
    let others: Set = [
      "PGSERVICEFILE", "PGSYSCONFDIR", "PGREALM", "PGTTY", "PGTZ", "PGDATESTYLE", "PGGEQO",
      "PGREQUIRESSL", "PGMINPROTOCOLVERSION", "PGMAXPROTOCOLVERSION", "PGOAUTHDEBUG",
    ]
    let known = others.union(Self.linked()).union(try Self.bundled())
    for (name, _) in LibpqVariable.leftOut { #expect(known.contains(name), "\(name)") }
    #expect(LibpqVariable.followed.isSubset(of: known))
  }

  @Test func noneOfThemReachesPatroni() throws {
    let scenario = try #require(Scenario.all.first { $0.name == "passwordless-verify-ca" })
    let names = LibpqVariable.leftOut.map { $0.name }.sorted()
    let environment = Environment(entries: scenario.with(names.map { "\($0)=x" }).entries)
    let checked = Settings.read(environment, scenario.podFiles(for: environment), needsStore: false)
    let settings = try #require(checked.settings)
    let changes = PatroniEnvironment(for: settings, environment, home: nil)
    #expect(changes.removed.isSuperset(of: names))
    let notes = checked.problems.filter { $0.message == "is not passed on to Patroni" }
    #expect(notes.map { $0.subject } == names)
  }
}
