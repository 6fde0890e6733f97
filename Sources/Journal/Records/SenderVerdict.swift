/// What the verification of a request's sender came to, as the ledger keeps it with the request.
///
/// A request that nobody was to verify has none. The bytes are made once, so that requests that share a verdict write it
/// without an allocation.
package final class SenderVerdict: Sendable {
    /// What came of it; numbers are never given twice.
    package enum State: UInt8, Sendable, CaseIterable {
        /// It is from whom it should be.
        case verified = 1
        /// It is not, and went no further.
        case refused = 2
        /// It was refused, and replayed at a person's wish all the same (`--accept-unverified`).
        case acceptedUnverified = 3
        /// It was what a sender asks an address before it sends, and was answered as such.
        case handshake = 4

        /// The word for it.
        package var name: String {
            switch self {
            case .verified: "verified"
            case .refused: "refused"
            case .acceptedUnverified: "accepted_unverified"
            case .handshake: "handshake"
            }
        }
    }

    /// The most bytes of a verifier's name and of a reason's code.
    package static let wordBytesMax = 64

    /// What came of it.
    package let state: State
    /// The verifier: what `verifiers:` calls it, else its preset or type.
    package let verifier: String
    /// The stable word for why it was refused; empty where it was not.
    package let reason: String
    /// The verdict as a record has it.
    let fields: [UInt8]

    /// Says what a verification came to; words that are too long are cut.
    package init(_ state: State, by verifier: String, reason: String = "") {
        self.state = state
        self.verifier = verifier.prefix(utf8Count: Self.wordBytesMax)
        self.reason = reason.prefix(utf8Count: Self.wordBytesMax)
        var out = RecordWriter()
        out.byte(state.rawValue)
        out.text(self.verifier)
        out.text(self.reason)
        fields = out.bytes
    }
}

extension SenderVerdict: Equatable {
    /// Whether two verdicts say the same.
    package static func == (one: SenderVerdict, other: SenderVerdict) -> Bool {
        one.fields == other.fields
    }
}

extension SenderVerdict {
    /// Reads a verdict.
    ///
    /// - Throws: Where it is damaged, or of a state that this version does not know.
    convenience init(_ reader: inout RecordReader) throws(RecordReader.Damage) {
        guard let state = State(rawValue: try reader.byte()) else {
            throw RecordReader.Damage(reason: "a sender's verification came to nothing known")
        }
        let verifier = try reader.word(bytesMax: Self.wordBytesMax)
        self.init(state, by: verifier, reason: try reader.word(bytesMax: Self.wordBytesMax))
    }

    /// Goes over a verdict.
    package static func skip(_ reader: inout RecordReader) throws(RecordReader.Damage) {
        try reader.skip(1)
        for _ in 0..<2 { _ = try reader.blobRange() }
    }
}

extension RecordReader {
    /// A text of a bounded length.
    mutating func word(bytesMax: Int) throws(Damage) -> String {
        let range = try blobRange()
        guard range.count <= bytesMax else { throw Damage(reason: "a word is too long") }
        return String(decoding: bytes[range], as: UTF8.self)
    }
}

extension String {
    /// Its first characters, as many as fit into some bytes.
    func prefix(utf8Count: Int) -> String {
        guard utf8.count > utf8Count else { return self }
        var text = ""
        var count = 0
        for character in self {
            count += character.utf8.count
            guard count <= utf8Count else { break }
            text.append(character)
        }
        return text
    }
}
