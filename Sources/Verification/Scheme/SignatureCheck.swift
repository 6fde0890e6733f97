internal import JSONWire
internal import Security

/// Checks requests by a scheme and its keys.
struct SignatureCheck: Sendable {
    /// How the sender signs.
    let scheme: SignatureScheme
    /// The secrets, in the order of the configuration; none for key pairs.
    let secrets: [SecretKey]
    /// The public keys, in that order; none for secrets.
    let publicKeys: [CheckKey]

    /// How many items of a body are looked at; a body with more is refused.
    static let itemsMax = 1000

    /// What was found.
    struct Finding {
        /// Which key fitted.
        var keyIndex: Int
        /// The request's id.
        var id: String?
        /// What must not be seen again.
        var onceTokens: [String] = []
    }

    /// Checks a request.
    ///
    /// - Throws: ``VerificationRefusal`` for the first thing that is wrong.
    func check(
        _ context: inout CheckContext,
        _ body: BodySource
    ) throws(VerificationRefusal) -> Finding {
        guard let path = scheme.items else { return try check(&context, body, item: nil) }
        guard case .array(let items)? = path.value(in: try context.json(body)), !items.isEmpty
        else {
            throw .bodyUnreadable("JSON with the list of items that the scheme signs")
        }
        guard items.count <= Self.itemsMax else {
            throw .bodyUnreadable("one of at most \(Self.itemsMax) items")
        }
        var whole: Finding?
        for item in items {
            let finding = try check(&context, body, item: item)
            // What tells the request is what tells its first item.
            if whole == nil { whole = finding } else { whole?.onceTokens += finding.onceTokens }
        }
        guard let whole else { throw .bodyUnreadable("one with items") }
        return whole
    }

    private func check(
        _ context: inout CheckContext,
        _ body: BodySource,
        item: JSONValue?
    ) throws(VerificationRefusal) -> Finding {
        let reader = try reader(&context, body, item)
        let timestamp = try timestamp(&context, body, item, reader)
        let id = try id(&context, body, item, reader)
        let pieces = try pieces(&context, body, item, reader, id, timestamp)
        var finding = Finding(keyIndex: try fitting(reader, pieces, &context, body), id: id)
        if let once = scheme.once {
            guard let token = try once.text(&context, body, item: item), !token.isEmpty else {
                throw .malformed(once.place, "there")
            }
            finding.onceTokens = [token]
        }
        return finding
    }

    /// The signatures of a request.
    private func reader(
        _ context: inout CheckContext,
        _ body: BodySource,
        _ item: JSONValue?
    ) throws(VerificationRefusal) -> CandidateReader {
        if case .header(let names) = scheme.source {
            let other = scheme.alternative
            if other == nil || names.contains(where: { context.request.count(of: $0) > 0 }) {
                return try CandidateReader(
                    context.request.only(names),
                    scheme.form,
                    place: scheme.source.place
                )
            }
        } else if let text = try scheme.source.text(&context, body, item: item, url: scheme.url) {
            return try CandidateReader(
                Array(text.utf8)[...],
                scheme.form,
                place: scheme.source.place
            )
        }
        guard let other = scheme.alternative, let text = try other.text(&context, body) else {
            throw .signatureMissing(scheme.source.place)
        }
        return try CandidateReader(
            Array(text.utf8)[...],
            .plain(prefix: [], separator: nil),
            place: other.place
        )
    }

    private func id(
        _ context: inout CheckContext,
        _ body: BodySource,
        _ item: JSONValue?,
        _ reader: CandidateReader
    ) throws(VerificationRefusal) -> String? {
        guard let id = scheme.id, !scheme.leavesIDToReader else { return nil }
        if case .header(let names) = id, names.count == 1, context.request.count(of: names[0]) == 0
        {
            return nil
        }
        if let part = part(id, reader) { return part }
        return try id.text(&context, body, item: item, url: scheme.url)
    }

    private func part(_ reference: RequestReference, _ reader: CandidateReader) -> String? {
        guard case .part(let name) = reference else { return nil }
        return reader.part(name).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The time of signing as it was sent, once it was judged.
    private func timestamp(
        _ context: inout CheckContext,
        _ body: BodySource,
        _ item: JSONValue?,
        _ reader: CandidateReader
    ) throws(VerificationRefusal) -> ArraySlice<UInt8> {
        guard let rule = scheme.timestamp else { return [] }
        let text: ArraySlice<UInt8>
        switch rule.source {
        case .part(let name):
            guard let part = reader.part(name) else {
                throw .malformed(rule.source.place, "there")
            }
            text = part
        case .header(let names): text = try context.request.only(names)
        default:
            guard let found = try rule.source.text(&context, body, item: item) else {
                throw .malformed(rule.source.place, "there")
            }
            text = Array(found.utf8)[...]
        }
        guard let time = SigningTime.milliseconds(text, rule.unit) else {
            throw VerificationRefusal(
                .timestampInvalid,
                "The \(rule.source.place) is no time in the form that the scheme has."
            )
        }
        if let tolerance = rule.tolerance {
            try SigningTime.judge(
                time,
                tolerance: tolerance,
                takesFuture: rule.takesFuture,
                now: context.now
            )
        }
        return text
    }

    /// What is signed, but for the body itself: nil stands in its place.
    private func pieces(
        _ context: inout CheckContext,
        _ body: BodySource,
        _ item: JSONValue?,
        _ reader: CandidateReader,
        _ id: String?,
        _ timestamp: ArraySlice<UInt8>
    ) throws(VerificationRefusal) -> [ArraySlice<UInt8>?] {
        var pieces: [ArraySlice<UInt8>?] = []
        for piece in scheme.template.pieces {
            switch piece {
            case .literal(let bytes): pieces.append(bytes[...])
            case .reference(.body): pieces.append(nil)
            case .reference(.timestamp): pieces.append(timestamp)
            case .reference(.id):
                if case .header(let names)? = scheme.id {
                    let value = try context.request.only(names)
                    guard !value.isEmpty else { throw .headerMissing(names[0]) }
                    pieces.append(value)
                    continue
                }
                guard let id, !id.isEmpty else { throw .malformed("id", "there") }
                pieces.append(Array(id.utf8)[...])
            case .reference(.part(let name)): pieces.append(reader.part(name) ?? [])
            case .reference(.header(let names)): pieces.append(try context.request.only(names))
            case .reference(let reference):
                let text = try reference.text(&context, body, item: item, url: scheme.url)
                pieces.append(Array((text ?? "").utf8)[...])
            }
        }
        return pieces
    }

    /// Which key fits one of the candidates.
    private func fitting(
        _ reader: CandidateReader,
        _ pieces: [ArraySlice<UInt8>?],
        _ context: inout CheckContext,
        _ body: BodySource
    ) throws(VerificationRefusal) -> Int {
        if case .token = scheme.algorithm { return try fittingToken(reader, context.now) }
        let given = reader.candidates.compactMap { scheme.encoding.bytes(of: $0) }
        guard !given.isEmpty else {
            throw .malformed(scheme.source.place, "a signature in \(scheme.encoding.rawValue)")
        }
        switch scheme.algorithm {
        case .token: break
        case .hmac:
            for (index, secret) in secrets.enumerated() where secret.isValid(at: context.now) {
                guard let key = secret.code else { continue }
                let expected = Self.code(key, pieces, body)
                for candidate in given where SecretBytes.areEqual(candidate, expected) {
                    return index
                }
            }
        case .signature(let algorithm):
            let message = Self.joined(pieces, context.bytes(body))
            for (index, key) in publicKeys.enumerated() where key.isValid(at: context.now) {
                for candidate in given
                where key.key.verify(candidate, of: message.span, by: algorithm) {
                    return index
                }
            }
        }
        throw refusal(context.now)
    }

    private func fittingToken(
        _ reader: CandidateReader,
        _ now: Int64
    ) throws(VerificationRefusal) -> Int {
        var found: Int?
        for (index, secret) in secrets.enumerated() where secret.isValid(at: now) {
            for candidate in reader.candidates
            where SecretBytes.areEqual(candidate.span, secret.bytes.span) {
                found = found ?? index
            }
        }
        guard let found else { throw live(now) == 0 ? .keysExpired : .credentialsWrong }
        return found
    }

    /// How many keys count at a moment.
    private func live(_ now: Int64) -> Int {
        secrets.count { $0.isValid(at: now) } + publicKeys.count { $0.isValid(at: now) }
    }

    private func refusal(_ now: Int64) -> VerificationRefusal {
        let live = live(now)
        return live == 0 ? .keysExpired : .signatureWrong(keys: live)
    }

    /// The code of the pieces, the body in its place.
    static func code(
        _ key: MessageCodeKey,
        _ pieces: [ArraySlice<UInt8>?],
        _ body: BodySource
    ) -> [UInt8] {
        var stream = key.begin()
        for piece in pieces {
            if let piece { stream.update(piece.span) } else { body { stream.update($0) } }
        }
        return stream.finish()
    }

    /// The pieces in one, the body in its place.
    static func joined(_ pieces: [ArraySlice<UInt8>?], _ body: [UInt8]) -> [UInt8] {
        pieces.reduce(into: []) { $0 += $1 ?? body[...] }
    }
}
