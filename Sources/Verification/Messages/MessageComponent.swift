internal import Primitives

/// A part of a message that a signature covers (RFC 9421, section 2).
struct MessageComponent: Sendable, Hashable {
    /// The name of a header field in lower case, or of a derived component: `@method`.
    let name: String
    /// Its parameters, in order.
    let parameters: [StructuredField.Parameter]

    /// Makes a component from an item of a list; nil where it is none, or has a parameter that is not supported.
    init?(_ item: StructuredField.Item) {
        guard case .string(let name) = item.value, !name.isEmpty, name == name.lowercased() else {
            return nil
        }
        self.name = name
        parameters = item.parameters
        for parameter in parameters {
            switch (parameter.name, parameter.value) {
            case ("key", .string), ("bs", .boolean(true)): guard !isDerived else { return nil }
            case ("name", .string): guard name == "@query-param" else { return nil }
            default: return nil
            }
        }
        if name == "@query-param", parameters.isEmpty { return nil }
    }

    /// Makes a component without parameters.
    init(_ name: String) {
        self.name = name
        parameters = []
    }

    /// Whether it is none of the header fields.
    var isDerived: Bool { name.hasPrefix("@") }

    /// The component as it stands in the base of a signature.
    var identifier: String {
        let rest = parameters.map { parameter -> String in
            if case .string(let text) = parameter.value {
                return ";\(parameter.name)=\(Self.quoted(text))"
            }
            return ";\(parameter.name)"
        }
        return Self.quoted(name) + rest.joined()
    }

    /// A text as a string of a structured field.
    static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    /// Whether a signature that covers this component covers another one, too.
    func covers(_ other: String) -> Bool {
        guard parameters.isEmpty else { return false }
        if name == other { return true }
        switch name {
        case "@target-uri":
            return ["@authority", "@scheme", "@request-target", "@path", "@query"].contains(other)
        case "@request-target": return ["@path", "@query"].contains(other)
        default: return false
        }
    }

    /// The component's value in a request.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - url: The URL that senders call, as configured.
    /// - Returns: The value; nil where the request does not have it.
    func value(in request: SenderRequest, url: String?) -> String? {
        let called = request.url(configured: url)
        switch name {
        case "@method": return request.method
        case "@target-uri": return called
        case "@request-target": return request.target
        case "@path":
            let path = Self.target(of: called).prefix { $0 != "?" }
            return path.isEmpty ? "/" : String(path)
        case "@query":
            let target = Self.target(of: called)
            return target.firstIndex(of: "?").map { String(target[$0...]) } ?? "?"
        case "@scheme": return called.prefix { $0 != ":" }.lowercased()
        case "@authority": return Self.authority(of: called)
        case "@query-param": return queryParameter(called)
        default: return isDerived ? nil : field(request)
        }
    }

    private func queryParameter(_ called: String) -> String? {
        guard case .string(let wanted)? = parameters.first?.value else { return nil }
        let target = Self.target(of: called)
        guard let mark = target.firstIndex(of: "?"),
            let pairs = FormPairs.all(in: Array(target[target.index(after: mark)...].utf8))
        else { return nil }
        let found = pairs.filter { Self.encoded($0.name) == wanted }
        // A name that is there twice is ambiguous (section 2.2.8).
        return found.count == 1 ? Self.encoded(found[0].value) : nil
    }

    private func field(_ request: SenderRequest) -> String? {
        let values = request.values(of: HeaderName(name))
            .map { String(decoding: $0, as: UTF8.self) }
        guard !values.isEmpty else { return nil }
        if parameters.contains(where: { $0.name == "bs" }) {
            return values.map { ":\(Base64Text.text(of: Array($0.utf8))):" }.joined(separator: ", ")
        }
        let whole = values.joined(separator: ", ")
        guard case .string(let key)? = parameters.first(where: { $0.name == "key" })?.value else {
            return whole
        }
        return StructuredField.dictionary(whole)?.first { $0.key == key }?.text
    }

    /// Path and query of a URL.
    private static func target(of url: String) -> Substring {
        let rest = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        return rest[authority.endIndex...].prefix { $0 != "#" }
    }

    /// Host and port of a URL in lower case, without the usual port (section 2.2.3).
    private static func authority(of url: String) -> String {
        let rest = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }.lowercased()
        let usual = url.lowercased().hasPrefix("https:") ? ":443" : ":80"
        return authority.hasSuffix(usual) ? String(authority.dropLast(usual.count)) : authority
    }

    /// A text with everything escaped that the form encoding of the URL standard escapes, blanks as `%20` (section 2.2.8).
    private static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var out: [UInt8] = []
        for byte in text.utf8 {
            let isPlain =
                (48...57).contains(byte) || (byte | 0x20) &- 97 < 26 || "*-._".utf8.contains(byte)
            if isPlain {
                out.append(byte)
            } else {
                out += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
