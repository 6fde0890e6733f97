internal import JSONWire
internal import Platform

/// Values on a command line that are data: JSON as it stands, `@FILE`, or `-` for standard input.
enum DataArgument {
    /// How large a file may be.
    static let bytesMax = 64 << 20

    /// The options for the body of a request.
    static let bodyOptions: [Arguments.Option] = [
        .init(
            names: ["-d", "--data"],
            value: "DATA",
            help: "the request's body; @FILE reads a file, - standard input"
        ),
        .init(names: ["--body"], value: "FILE", help: "the same as -d @FILE"),
    ]

    /// The body that ``bodyOptions`` give; nil where neither was given.
    ///
    /// - Throws: ``Arguments/Mistake`` where both were given, or a file cannot be read.
    static func body(_ arguments: Arguments) throws(Arguments.Mistake) -> [UInt8]? {
        let path = arguments.last("--body")
        guard let data = try bytes(arguments, "-d") else {
            return if let path { try file(path) } else { nil }
        }
        guard path == nil else {
            throw Arguments.Mistake(message: "--body and -d both give the body; one is enough")
        }
        return data
    }

    /// The bytes of an option; nil where it was not given.
    static func bytes(
        _ arguments: Arguments,
        _ option: String
    ) throws(Arguments.Mistake) -> [UInt8]? {
        guard let text = arguments.last(option) else { return nil }
        guard text == "-" || text.hasPrefix("@") else { return Array(text.utf8) }
        return try file(text == "-" ? text : String(text.dropFirst()))
    }

    /// The bytes of a file; `-` is standard input.
    static func file(_ path: String) throws(Arguments.Mistake) -> [UInt8] {
        do throws(FileError) {
            return try FileText.read(path, bytesMax: bytesMax)
        } catch {
            throw Arguments.Mistake(message: "cannot read \(path): \(error.reason)")
        }
    }

    /// The JSON of an option; nil where it was not given.
    static func value(
        _ arguments: Arguments,
        _ option: String
    ) throws(Arguments.Mistake) -> JSONValue? {
        guard let bytes = try bytes(arguments, option) else { return nil }
        do throws(JSONError) {
            return try JSONValue.parse(bytes)
        } catch {
            throw Arguments.Mistake(message: "the value of \(option) is not JSON: \(error.message)")
        }
    }
}
