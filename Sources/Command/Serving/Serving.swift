internal import Configuration
internal import Loops
internal import Platform
internal import Primitives
internal import Sluice
internal import Synchronization

/// What the commands that serve share: the log, the process's limits, and how signals end it.
struct Serving {
    /// The options for the log.
    static let options: [Arguments.Option] = [
        .init(names: ["--log-format"], value: "text|json", help: "the format of log lines"),
        .init(
            names: ["--log-level"],
            value: "LEVEL",
            help: "the least level to log: debug, info, warning or error"
        ),
    ]

    /// The log thread.
    let writer: LogWriter
    /// The log.
    let log: Log

    /// Opens the log as the configuration and the command line say; the command line wins.
    ///
    /// - Throws: ``Arguments/Mistake`` for an unknown format or level.
    init(
        _ configuration: Configuration,
        _ arguments: Arguments,
        stream: Console.Stream
    ) throws(Arguments.Mistake) {
        var format = configuration.log.format
        if let word = arguments.last("--log-format") {
            guard let known = LogFormat(rawValue: word) else {
                throw Arguments.Mistake(message: "--log-format takes text or json, not `\(word)`")
            }
            format = known
        }
        var level = configuration.log.level
        if let word = arguments.last("--log-level") {
            guard let known = LogLevel.allCases.first(where: { $0.name == word }) else {
                throw Arguments.Mistake(
                    message: "--log-level takes debug, info, warning or error, not `\(word)`"
                )
            }
            level = known
        }
        writer = LogWriter(format: format, stream: stream)
        log = writer.log(level: level, redaction: configuration.redaction)
    }

    /// Raises the limits of the process: open files to what it may have, no death by a closed pipe,
    /// and a sentence where a mapped file cannot be used.
    func prepareProcess() {
        ProcessState.endAtMappedFault()
        do {
            _ = try ProcessLimits.raiseOpenFiles()
            try ProcessLimits.ignoreBrokenPipes()
        } catch {
            log(.warning, "The limits of the process could not be raised: \(error.message)")
        }
    }
}
