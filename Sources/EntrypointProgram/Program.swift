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
    if arguments.count == 1, String(cString: arguments[0]) == WatcherProcess.option { watch() }
    let options: CommandLineOptions
    do throws(Problem) {
      options = try CommandLineOptions(arguments.map { String(cString: $0) })
    } catch {
      StandardStreams.error(error.text)
      return .usage
    }
    switch options.action {
    case .help: return printed(Help.text)
    case .version(let format): return printed(VersionReport(.linked).rendered(as: format))
    case .command: return become(Array(arguments[options.commandIndex...]))
    case .start where asksPatroniOnly(options):
      return become(Array(arguments[options.commandIndex...]))
    case .dryRun(let showsSecrets): return dryRun(showsSecrets: showsSecrets)
    case .check(let format): return check(format)
    case .explain(let format): return explain(format)
    case .start: return start(options)
    }
  }

  func printed(_ text: String) -> ExitCode {
    StandardStreams.output(Array(text.utf8)) ? .success : .cannotCreate
  }

  /// Whether Patroni only says something and ends, as in a container where it runs already.
  private func asksPatroniOnly(_ options: CommandLineOptions) -> Bool {
    let questions = ["--version", "--help", "-h", "--generate-sample-config"]
    return arguments.dropFirst(options.commandIndex + 1).contains { word in
      questions.contains { strcmp(word, $0) == 0 }
    }
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
