import PostgresConfig

/// The names by which the program reads variables: their own, the second ones, those for files.
enum OwnNames {
  /// A name, in the form of where it is defined.
  struct Entry {
    let shape: NameShape
    fileprivate let index: UInt8
    fileprivate let form: Form
  }

  fileprivate enum Form: UInt8 {
    case own, alias, file
  }

  static let all: [Entry] = {
    var entries: [Entry] = []
    let variables = EnvironmentVariable.all
    entries.reserveCapacity(2 * variables.count)
    let ofFile = NameShape("_FILE")
    for index in variables.indices {
      let shape = NameShape(variables[index].name)
      let place = UInt8(index)
      entries.append(Entry(shape: shape, index: place, form: .own))
      if let alias = variables[index].alias {
        entries.append(Entry(shape: NameShape(alias), index: place, form: .alias))
      }
      if variables[index].isSecret {
        entries.append(Entry(shape: shape + ofFile, index: place, form: .file))
      }
    }
    return entries
  }()

  /// Whether the program reads a variable of this name.
  static func contains(_ name: String) -> Bool {
    let shape = NameShape(name)
    return all.contains { $0.shape == shape && $0.name == name }
  }

  /// Whether it is the name for a file with a secret in it.
  static func isOfSecretFile(_ name: String) -> Bool {
    name.utf8.last == UInt8(ascii: "E") && name.ends(with: "_FILE")
      && name != EnvironmentVariable.configurationFile.name && contains(name)
  }
}

extension OwnNames.Entry {
  /// The variable that has the name.
  var variable: EnvironmentVariable { EnvironmentVariable.all[Int(index)] }

  var name: String {
    switch form {
    case .own: variable.name
    case .alias: variable.alias ?? variable.name
    case .file: variable.fileName
    }
  }
}

/// The length of a name, which letters it has, and how it begins and ends.
///
/// That is enough to see cheaply that two names are not close. Upper and lower case count as the same.
struct NameShape: Equatable {
  private let letters: UInt32
  private let length: UInt32
  /// Two bytes.
  private let beginning: UInt32
  /// Four bytes.
  private let end: UInt32

  init(_ name: String) {
    var name = name
    self = name.withUTF8 { bytes in
      var (letters, beginning, end) = (UInt32(0), UInt32(0), UInt32(0))
      for byte in bytes {
        letters |= 1 << UInt32(byte & 0x1f)
        end = end << 8 | UInt32(byte & 0xdf)
      }
      for byte in bytes.prefix(2) { beginning = beginning << 8 | UInt32(byte & 0xdf) }
      return NameShape(
        letters: letters,
        length: UInt32(bytes.count),
        beginning: beginning,
        end: end
      )
    }
  }

  private init(letters: UInt32, length: UInt32, beginning: UInt32, end: UInt32) {
    self.letters = letters
    self.length = length
    self.beginning = beginning
    self.end = end
  }

  /// The shape of two names, one behind the other, of which neither is short.
  static func + (left: NameShape, right: NameShape) -> NameShape {
    NameShape(
      letters: left.letters | right.letters,
      length: left.length + right.length,
      beginning: left.beginning,
      end: right.end
    )
  }

  /// Whether a few letters may be all that differ: not in the beginning and at the end at once.
  func isSimilar(to other: NameShape) -> Bool {
    let most = min(3, max(1, length / 3))
    return (beginning == other.beginning || end == other.end)
      && length <= other.length + most && other.length <= length + most
      && (letters & ~other.letters).nonzeroBitCount <= most
      && (other.letters & ~letters).nonzeroBitCount <= most
  }

  /// Whether the other name may begin with this one.
  func mayBegin(_ other: NameShape) -> Bool {
    beginning == other.beginning && length < other.length && letters & ~other.letters == 0
  }
}
