import CSystem
import EntrypointCore
import EntrypointSystem
import PatroniConfig

/// The whole program: reads, checks, writes, and becomes Patroni.
///
/// Returns an exit code when there is nobody to become.
@c(entrypoint_main)
public func entrypointMain(
  _ count: Int32,
  _ words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  let arguments = UnsafeBufferPointer(start: words, count: Int(count)).dropFirst().compactMap { $0 }
  return Program(arguments: arguments).run().rawValue
}

/// The steps in their order.
struct Program {
  let arguments: [UnsafeMutablePointer<CChar>]

  func run() -> ExitCode {
    let options: CommandLineOptions
    do throws(Problem) {
      options = try CommandLineOptions(arguments.map { String(cString: $0) })
    } catch {
      StandardStreams.error(error.text)
      return .usage
    }
    switch options.action {
    case .help: return printed(Help.text)
    case .version: return printed("entrypoint \(Help.version)\n")
    case .command: return become(Array(arguments[options.commandIndex...]))
    case .dryRun(let showsSecrets): return dryRun(showsSecrets: showsSecrets)
    case .check(let format): return check(format)
    case .explain(let asJSON): return explain(asJSON: asJSON)
    case .start: return start(options)
    }
  }

  func printed(_ text: String) -> ExitCode {
    StandardStreams.output(Array(text.utf8)) ? .success : .cannotCreate
  }

  private func become(_ words: [UnsafeMutablePointer<CChar>]) -> ExitCode {
    guard let command = words.first else { return .notFound }
    do throws(Exec.Failure) {
      try Exec.replaceProcess(
        by: String(cString: command),
        arguments: Array(words.dropFirst())
      )
    } catch {
      StandardStreams.error(error.problem.text)
      return error.exitCode
    }
  }
}
