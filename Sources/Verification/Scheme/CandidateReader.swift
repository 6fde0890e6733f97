/// Reads the text where signatures stand: candidates, and the other parts of a list of pairs.
struct CandidateReader {
    /// How many candidates are looked at; a request with more is refused.
    static let candidatesMax = 64

    /// The candidates as they stand.
    private(set) var candidates: [ArraySlice<UInt8>] = []
    /// The pairs of a list, whose keys occur once but for that of the candidates.
    private(set) var parts: [(name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)] = []

    /// Reads a text.
    ///
    /// - Throws: ``VerificationRefusal`` where it does not have the form, or has too many candidates.
    init(
        _ text: ArraySlice<UInt8>,
        _ form: SignatureScheme.Form,
        place: @autoclosure () -> String
    ) throws(VerificationRefusal) {
        switch form {
        case .plain(let prefix, let separator):
            guard let separator else {
                if let rest = Self.dropping(prefix, from: text) { candidates = [rest] }
                break
            }
            for (index, part) in Self.split(text, separator).enumerated() {
                // The prefix stands before the list, or before each of its items.
                if let rest = Self.dropping(prefix, from: part) {
                    candidates.append(rest)
                } else if index > 0, !candidates.isEmpty {
                    candidates.append(part)
                }
            }
        case .pairs(let separator, let key):
            try readPairs(text, separator, key, place)
        case .versions(let version):
            for word in Self.split(text, UInt8(ascii: " ")) {
                guard let comma = word.firstIndex(of: UInt8(ascii: ",")),
                    word[..<comma].elementsEqual(version)
                else { continue }
                candidates.append(word[(comma + 1)...])
            }
        }
        guard candidates.count <= Self.candidatesMax else {
            throw VerificationRefusal(
                .tooManySignatures,
                "The \(place()) has more than \(Self.candidatesMax) signatures."
            )
        }
        candidates.removeAll(where: \.isEmpty)
        guard !candidates.isEmpty else { throw .signatureMissing(place()) }
    }

    /// The value of a pair; nil where there is none.
    func part(_ name: String) -> ArraySlice<UInt8>? {
        parts.first { $0.name.elementsEqual(name.utf8) }?.value
    }

    private mutating func readPairs(
        _ text: ArraySlice<UInt8>,
        _ separator: UInt8,
        _ key: [UInt8],
        _ place: () -> String
    ) throws(VerificationRefusal) {
        // One pair after the other, without a list of them: this is done for every request.
        var start = text.startIndex
        while start <= text.endIndex {
            var end = start
            while end < text.endIndex, text[end] != separator { end += 1 }
            let pair = Self.trimmed(text[start..<end])
            start = end + 1
            guard let equals = pair.firstIndex(of: UInt8(ascii: "=")), equals > pair.startIndex,
                parts.count < Self.candidatesMax
            else { throw .malformed(place(), "a list of pairs NAME=VALUE") }
            let (name, value) = (pair[..<equals], pair[(equals + 1)...])
            if name.elementsEqual(key) {
                candidates.append(value)
            } else if parts.contains(where: { $0.name.elementsEqual(name) }), !Self.isVersion(name)
            {
                throw .malformed(place(), "a list in which each name stands once")
            } else {
                parts.append((name, value))
            }
        }
    }

    /// Whether a name is that of signatures of a version, which may stand more than once: `v0`, `h2`.
    private static func isVersion(_ name: ArraySlice<UInt8>) -> Bool {
        guard let last = name.last else { return false }
        return name.count > 1 && (48...57).contains(last)
    }

    private static func dropping(
        _ prefix: [UInt8],
        from text: ArraySlice<UInt8>
    ) -> ArraySlice<UInt8>? {
        if prefix.isEmpty { return trimmed(text) }
        guard text.count >= prefix.count else { return nil }
        // The name of an authentication scheme has no case (RFC 9110, 11.1): `Bearer `.
        let isScheme = prefix.last == UInt8(ascii: " ")
        let matches = zip(text, prefix).allSatisfy { left, right in
            left == right || isScheme && left | 0x20 == right | 0x20 && (right | 0x20) &- 97 < 26
        }
        return matches ? trimmed(text.dropFirst(prefix.count)) : nil
    }

    private static func split(_ text: ArraySlice<UInt8>, _ separator: UInt8) -> [ArraySlice<UInt8>]
    {
        text.split(separator: separator, maxSplits: candidatesMax).map(trimmed)
    }

    private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var text = text
        while text.first == 32 || text.first == 9 { text.removeFirst() }
        while text.last == 32 || text.last == 9 { text.removeLast() }
        return text
    }
}
