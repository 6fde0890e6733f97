internal import Security

/// How a sender signs, as data: where the signature stands, what is signed, by which algorithm.
struct SignatureScheme: Sendable {
    /// What is compared.
    enum Algorithm: Sendable, Hashable {
        /// The secret itself.
        case token
        /// A message code.
        case hmac(DigestAlgorithm)
        /// A signature of a key pair.
        case signature(SignatureAlgorithm)
    }

    /// How candidates are read out of the text where they stand.
    enum Form: Sendable, Hashable {
        /// The whole text; with a separator a list of them.
        case plain(prefix: [UInt8], separator: UInt8?)
        /// `t=1,v1=…`: pairs with a separator between them; the candidates are those of a key.
        case pairs(separator: UInt8, key: [UInt8])
        /// `v1,… v1,…`: each candidate behind its version, with a space between.
        case versions([UInt8])
    }

    /// How old a request may be.
    struct Timestamp: Sendable, Hashable {
        /// What the number counts, or that it is a date.
        enum Unit: String, Sendable, CaseIterable {
            case seconds = "s"
            case milliseconds = "ms"
            case rfc3339
        }

        /// Where it stands.
        let source: RequestReference
        /// What it counts.
        let unit: Unit
        /// How far it may lie from the present, in milliseconds; nil for any distance.
        let tolerance: Int64?
        /// Whether one from the future is taken, however far.
        let takesFuture: Bool
    }

    /// Where the signature stands.
    let source: RequestReference
    /// Where it stands, without more around it, in requests that do not have it there; nil for nowhere else.
    let alternative: RequestReference?
    /// How it is read there.
    let form: Form
    /// What is signed.
    let template: SignTemplate
    /// How it is signed.
    let algorithm: Algorithm
    /// How the signature is written.
    let encoding: TextEncoding
    /// When it was signed; nil where the scheme does not tell.
    let timestamp: Timestamp?
    /// What tells repeated requests; nil where the scheme has nothing.
    let id: RequestReference?
    /// What must not be seen twice; nil where the scheme needs nothing.
    let once: RequestReference?
    /// The list of a JSON body whose items are signed one by one; nil where the request is signed as a whole.
    let items: JSONPath?
    /// The URL that senders call, as configured; nil for what the request says.
    let url: String?

    /// The header fields it reads.
    var fieldNames: [HeaderName] {
        let all = [source, alternative, timestamp?.source, id, once].compactMap { $0 }
        return (all + template.references).flatMap(\.fieldNames)
    }

    /// Whether it needs the body; one that does not is decided with the head.
    var needsBody: Bool {
        if algorithm == .token { return items != nil || source.needsBody }
        let all = [source, timestamp?.source].compactMap { $0 } + template.references
        return items != nil || all.contains(where: \.needsBody)
            || template.references.contains(.id) && id?.needsBody == true
            || once?.needsBody == true
    }

    /// Whether the id stands in a body that the check itself does not read: whoever reads it afterwards finds it there.
    var leavesIDToReader: Bool {
        guard let id, id.readsBody else { return false }
        return items == nil && !source.readsBody && !template.references.contains(.id)
    }
}
