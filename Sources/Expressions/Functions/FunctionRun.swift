internal import JSONWire
internal import Primitives

/// The computation of one call of a function; what it makes is bounded.
///
/// A text function that gets a list is called for every element, within the same bounds.
struct FunctionRun {
    /// How many bytes of text one call may make, over all elements.
    static let textBytesMax = 16 << 20
    /// How many elements one call may make.
    static let elementsMax = 1_000_000

    /// What is called.
    let function: Function
    /// The pattern of `match`; compiled when it is first needed where it was not known at load.
    var pattern: Pattern?
    private var textBytes = 0
    private var elements = 0
    private var search = Pattern.Budget()

    /// Begins a call.
    init(function: Function, pattern: Pattern?) {
        self.function = function
        self.pattern = pattern
    }

    /// The value for these arguments; null where one of them is null.
    ///
    /// - Complexity: O(bytes of the arguments and the result); of `match` see ``Pattern/find(_:_:)``.
    mutating func value(_ arguments: [JSONValue]) throws(FunctionFailure) -> JSONValue {
        guard arguments.count == function.parameters.count else {
            throw FunctionFailure(message: "`\(function.signature)` has other arguments")
        }
        for (place, argument) in arguments.enumerated() { try function.check(argument, place) }
        if arguments.contains(where: \.isNull) { return .null }
        guard let first = arguments.first else { return .null }
        let others = arguments.dropFirst().map { $0.string ?? "" }
        switch (function, first) {
        case (.flatten, .array(let list)): return .array(try flattened(list))
        case (.join, .array(let list)): return .string(try joined(list, others[0]))
        case (.length, _): return .integer(Int64(Self.length(first)))
        case (_, .string(let text)): return try value(text, others)
        case (_, .array(let list)): return .array(try values(list, others))
        default: return .null
        }
    }

    /// The values for the elements of a list of texts.
    private mutating func values(
        _ list: [JSONValue],
        _ others: [String]
    ) throws(FunctionFailure) -> [JSONValue] {
        var values: [JSONValue] = []
        values.reserveCapacity(list.count)
        for (place, element) in list.enumerated() {
            switch element {
            case .null: values.append(.null)
            case .string(let text): values.append(try value(text, others))
            default:
                throw FunctionFailure(
                    message: "`\(function.signature)` takes a text or a list of texts, and element"
                        + " \(place) is \(element.kindWithArticle)"
                )
            }
        }
        return values
    }

    private mutating func value(
        _ text: String,
        _ others: [String]
    ) throws(FunctionFailure) -> JSONValue {
        switch function {
        case .lower: return .string(try made(text.lowercased()))
        case .upper: return .string(try made(text.uppercased()))
        case .trim: return .string(try made(Self.trimmed(text)))
        case .split: return .array(try parts(text, others[0]))
        case .replace: return .string(try replaced(text, others[0], others[1]))
        case .stripPrefix:
            let hasPrefix = text.utf8.starts(with: others[0].utf8)
            let kept = hasPrefix ? text.utf8.dropFirst(others[0].utf8.count) : text.utf8[...]
            return .string(try made(String(decoding: kept, as: UTF8.self)))
        case .match: return try matched(text, others[0])
        case .base64Decode: return .string(try made(Self.decoded(text)))
        case .flatten, .length, .join, .now: return .null
        }
    }

    /// Counts a text that was made.
    private mutating func made(_ text: String) throws(FunctionFailure) -> String {
        try count(text.utf8.count)
        return text
    }

    private mutating func count(_ bytes: Int) throws(FunctionFailure) {
        textBytes += bytes
        if textBytes > Self.textBytesMax {
            throw FunctionFailure(
                message: "`\(function.rawValue)` makes more than \(Self.textBytesMax >> 20) MiB of"
                    + " text"
            )
        }
    }

    private mutating func countElements(_ count: Int) throws(FunctionFailure) {
        elements += count
        if elements > Self.elementsMax {
            throw FunctionFailure(
                message: "`\(function.rawValue)` makes more than \(Self.elementsMax) elements"
            )
        }
    }

    /// The text without the characters of Unicode's White_Space at both ends.
    private static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        let start = scalars.firstIndex { !$0.properties.isWhitespace } ?? scalars.endIndex
        guard start != scalars.endIndex,
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[start...last])
    }

    private mutating func parts(
        _ text: String,
        _ separator: String
    ) throws(FunctionFailure) -> [JSONValue] {
        let (bytes, cut) = (Array(text.utf8), Array(separator.utf8))
        let places = TextSearch.places(of: cut, in: bytes)
        try countElements(places.count + 1)
        try count(bytes.count)
        var parts: [JSONValue] = []
        parts.reserveCapacity(places.count + 1)
        var start = 0
        for place in places + [bytes.count] {
            parts.append(.string(String(decoding: bytes[start..<place], as: UTF8.self)))
            start = place + cut.count
        }
        return parts
    }

    private mutating func replaced(
        _ text: String,
        _ old: String,
        _ new: String
    ) throws(FunctionFailure) -> String {
        let (bytes, cut, put) = (Array(text.utf8), Array(old.utf8), Array(new.utf8))
        let places = TextSearch.places(of: cut, in: bytes)
        // Counted before it is made: a short text may become a long one.
        let (grown, overflow) = places.count.multipliedReportingOverflow(by: put.count)
        try count(overflow ? Self.textBytesMax + 1 : bytes.count - places.count * cut.count + grown)
        var made: [UInt8] = []
        var start = 0
        for place in places {
            made += bytes[start..<place]
            made += put
            start = place + cut.count
        }
        made += bytes[start...]
        return String(decoding: made, as: UTF8.self)
    }

    private mutating func matched(
        _ text: String,
        _ pattern: String
    ) throws(FunctionFailure) -> JSONValue {
        let compiled: Pattern
        if let known = self.pattern {
            compiled = known
        } else {
            compiled = try function.compiled(pattern)
            self.pattern = compiled
        }
        let found: String?
        do throws(Pattern.Failure) {
            found = try compiled.find(text, &search)
        } catch {
            throw FunctionFailure(message: "`match`: \(error.message)")
        }
        guard let found else { return .null }
        return .string(try made(found))
    }

    /// All that is in lists inside a list, in order; nulls are left out.
    private mutating func flattened(_ list: [JSONValue]) throws(FunctionFailure) -> [JSONValue] {
        var flat: [JSONValue] = []
        // Lists that are begun, with the next element of each: no recursion, however deep they lie.
        var open = [(list: list, next: 0)]
        while let (list, next) = open.last {
            guard next < list.count else {
                open.removeLast()
                continue
            }
            open[open.count - 1].next += 1
            switch list[next] {
            case .null: break
            case .array(let inner): open.append((inner, 0))
            case let element:
                try countElements(1)
                flat.append(element)
            }
        }
        return flat
    }

    /// The texts of a list's elements, with a text between them; nulls are left out.
    private mutating func joined(
        _ list: [JSONValue],
        _ separator: String
    ) throws(FunctionFailure) -> String {
        var bytes: [UInt8] = []
        var isFirst = true
        for element in list where !element.isNull {
            if !isFirst { bytes += separator.utf8 }
            isFirst = false
            TextForm.append(element, to: &bytes)
            if bytes.count > Self.textBytesMax { break }
        }
        try count(bytes.count)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The characters (Unicode scalars) of a text, the elements of a list, the members of a map.
    private static func length(_ value: JSONValue) -> Int {
        switch value {
        case .string(let text): text.unicodeScalars.count
        case .array(let list): list.count
        case .object(let object): object.count
        default: 0
        }
    }

    /// The text whose UTF-8 a Base64 text is; white space in it, as in mail, counts for nothing.
    private static func decoded(_ text: String) throws(FunctionFailure) -> String {
        let dense = String(decoding: text.utf8.filter { !Characters.isSpace($0) }, as: UTF8.self)
        guard let bytes = Base64.bytes(of: dense) else {
            throw FunctionFailure(message: "`base64_decode`: the text is not Base64")
        }
        let decoded = String(decoding: bytes, as: UTF8.self)
        // What was repaired is not what was encoded.
        guard decoded.utf8.elementsEqual(bytes) else {
            throw FunctionFailure(message: "`base64_decode`: the bytes are not UTF-8 text")
        }
        return decoded
    }
}
