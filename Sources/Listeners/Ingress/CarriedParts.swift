internal import HTTPEngine
internal import Primitives

/// What a callback carries beside its body: the query as it was sent, the path's parameters, and the header fields that its
/// endpoint's expressions name.
///
/// They make two callbacks with equal bodies different ones. Nothing else is in it, neither the endpoint nor any other header
/// field: a sender that repeats a callback changes those.
package struct CarriedParts: Sendable {
    /// All of it, each text behind its length; empty where there is none of it.
    let bytes: [UInt8]

    /// Nothing beside the body.
    static let none = CarriedParts(bytes: [])

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Takes it from a request; `counted` are the names of the fields that count, in lower case.
    init(
        _ request: borrowing Request,
        parameters: [(name: String, value: String)],
        counted: [String]
    ) {
        var headers: [(name: String, value: [UInt8])] = []
        if !counted.isEmpty {
            request.forEachHeader { name, value in
                let name = String(decoding: name.copied, as: UTF8.self).lowercased()
                if counted.contains(name) { headers.append((name, value.copied)) }
            }
        }
        self.init(
            query: request.hasQuery ? request.withRawQuery { $0.copied } : [],
            parameters: parameters,
            headers: headers,
            counted: counted
        )
    }

    /// Takes it from the parts of a request.
    ///
    /// - Parameters:
    ///   - query: The query as it was sent, without the question mark.
    ///   - parameters: What stands for the path's parameters.
    ///   - headers: All header fields, names in lower case.
    ///   - counted: The names of the fields that count, in lower case.
    package init(
        query: [UInt8],
        parameters: [(name: String, value: String)],
        headers: [(name: String, value: [UInt8])],
        counted: [String]
    ) {
        var bytes: [UInt8] = []
        if !query.isEmpty { Self.append("q", [query], to: &bytes) }
        let ordered = parameters.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        for parameter in ordered {
            Self.append("p", [Array(parameter.name.utf8), Array(parameter.value.utf8)], to: &bytes)
        }
        for name in counted {
            let values = headers.filter { $0.name == name }.map(\.value)
            if !values.isEmpty { Self.append("h", [Array(name.utf8)] + values, to: &bytes) }
        }
        self.init(bytes: bytes)
    }

    /// Appends a part: its kind, how many texts it has, and each behind its length.
    private static func append(_ kind: String, _ texts: [[UInt8]], to bytes: inout [UInt8]) {
        bytes += "\(kind)\(texts.count);".utf8
        for text in texts {
            bytes += "\(text.count):".utf8
            bytes += text
        }
    }
}
