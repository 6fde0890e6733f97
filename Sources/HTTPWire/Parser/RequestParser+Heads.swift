internal import CHTTPHead
internal import CLLHTTP

extension RequestParser {
    /// One step through a read; see ``advance(_:from:)``.
    func step(_ read: UnsafeRawBufferPointer, from offset: inout Int) -> Step {
        switch unsafe flow.pointee.phase {
        case .between:
            guard unsafe skipBlanks(read, from: &offset) else { return .needMore }
            if unsafe takePlainHead(read, from: &offset) { return .head }
            begin(from: offset)
            return unsafe stepHead(read, from: &offset)
        case .head: return unsafe stepHead(read, from: &offset)
        case .unbodied:
            unsafe flow.pointee.phase = .complete
            return .message
        case .lengthBody(let remaining):
            return unsafe stepLength(read, from: &offset, remaining: remaining)
        case .chunkedBody: return unsafe stepChunks(read, from: &offset)
        case .complete: return .message
        case .failed: return .refused(.malformed("The connection was refused before."))
        }
    }

    /// Passes over empty lines before a request (RFC 9112, 2.2); true when a byte of one is there.
    private func skipBlanks(_ read: UnsafeRawBufferPointer, from offset: inout Int) -> Bool {
        while offset < read.count, unsafe flow.pointee.blankCount < RequestParser.blankBytesMax,
            unsafe read[offset] == 13 || read[offset] == 10
        {
            offset += 1
            unsafe flow.pointee.blankCount += 1
        }
        return offset < read.count
    }

    private func begin(from offset: Int) {
        unsafe llhttp_reset(llhttp)
        unsafe state.pointee.startMessage()
        unsafe state.pointee.known.forget()
        unsafe flow.pointee.isHeadRepeated = false
        unsafe flow.pointee.summary = HeadSummary()
        unsafe flow.pointee.headStart = offset
        unsafe flow.pointee.phase = .head
    }

    private func stepHead(_ read: UnsafeRawBufferPointer, from offset: inout Int) -> Step {
        let (outcome, used) = unsafe feed(read, from: offset)
        let piece = unsafe UnsafeRawBufferPointer(rebasing: read[offset..<offset + used])
        guard outcome == HPE_PAUSED else {
            unsafe flow.pointee.spill.append(contentsOf: piece)
            offset += used
            guard outcome == HPE_OK else {
                return .refused(unsafe refusal(of: outcome, read, offset))
            }
            let fed = unsafe flow.pointee.spill.count
            unsafe state.pointee.fedBefore = fed
            return unsafe checkUnfinishedHead(state.pointee, fed)
        }
        unsafe flow.pointee.headStart = offset
        offset += used
        if unsafe flow.pointee.spill.isEmpty {
            unsafe flow.pointee.headCount = used
            let whole = unsafe piece.bindMemory(to: UInt8.self)
            return unsafe finishHead(whole.span)
        }
        unsafe flow.pointee.spill.append(contentsOf: piece)
        unsafe flow.pointee.isSpilled = true
        let gathered = unsafe flow.pointee.spill
        unsafe flow.pointee.headCount = gathered.count
        return finishHead(gathered.span)
    }

    /// Bounds what callbacks do not see: blanks, and what llhttp has not made up its mind about.
    private func checkUnfinishedHead(_ state: borrowing ParserState, _ fed: Int) -> Step {
        let limits = state.limits
        if !state.target.isSet, fed > limits.requestLineBytesMax {
            return .refused(.requestLineTooLong(limit: limits.requestLineBytesMax))
        }
        if state.target.isSet, !state.fits(fed) {
            return .refused(.headersTooLarge(limit: limits.headerBytesMax))
        }
        return .needMore
    }

    private func finishHead(_ head: Span<UInt8>) -> Step {
        guard unsafe state.pointee.fits(head.count) else {
            return .refused(.headersTooLarge(limit: unsafe state.pointee.limits.headerBytesMax))
        }
        do throws(WireRefusal) {
            unsafe flow.pointee.summary = try HeadValidator.check(
                head,
                &state.pointee,
                ParserFacts(llhttp)
            )
        } catch {
            return .refused(error)
        }
        // Upgrades are not spoken: the message is read as any other.
        unsafe llhttp.pointee.upgrade = 0
        beginBody()
        return .head
    }

    /// Goes over to the body that the head announces.
    func beginBody() {
        switch unsafe flow.pointee.summary.framing {
        case .none: unsafe flow.pointee.phase = .unbodied
        case .length(let count): unsafe flow.pointee.phase = .lengthBody(remaining: count)
        case .chunked:
            unsafe flow.pointee.chunks = ChunkLines()
            unsafe flow.pointee.phase = .chunkedBody
        }
    }

    private func stepLength(
        _ read: UnsafeRawBufferPointer,
        from offset: inout Int,
        remaining: Int
    ) -> Step {
        let received = unsafe flow.pointee.bodyCount
        guard remaining <= bodyBytesMax - received else {
            return .refused(.bodyTooLarge(limit: bodyBytesMax))
        }
        let count = min(remaining, read.count - offset)
        if unsafe !flow.pointee.isGathered, received == 0 {
            // The first piece stays where it is: it may be the only one.
            unsafe flow.pointee.bodyStart = offset
        } else {
            unsafe flow.pointee.reserveBody(count, of: remaining)
            unsafe flow.pointee.body.append(
                contentsOf: UnsafeRawBufferPointer(rebasing: read[offset..<offset + count])
            )
        }
        unsafe flow.pointee.bodyCount = received + count
        offset += count
        let isWhole = count == remaining
        unsafe flow.pointee.phase =
            isWhole ? .complete : .lengthBody(remaining: remaining - count)
        return isWhole ? .message : .needMore
    }

    /// Runs llhttp over the rest of a read and says how much of it was used.
    private func feed(
        _ read: UnsafeRawBufferPointer,
        from offset: Int
    ) -> (outcome: llhttp_errno_t, used: Int) {
        let rest = unsafe UnsafeRawBufferPointer(rebasing: read[offset...])
        guard let base = rest.baseAddress else { return (HPE_OK, 0) }
        let start = unsafe base.assumingMemoryBound(to: CChar.self)
        unsafe state.pointee.base = start
        let outcome = unsafe llhttp_execute(llhttp, start, rest.count)
        unsafe state.pointee.base = nil
        if outcome == HPE_OK { return (outcome, rest.count) }
        // Where llhttp stopped lies in what it was given; anything else counts as all of it.
        guard let stop = unsafe llhttp_get_error_pos(llhttp) else { return (outcome, rest.count) }
        let used = unsafe stop - start
        return (outcome, used >= 0 && used <= rest.count ? used : rest.count)
    }
}

extension RequestParser {
    /// Takes a head that lies whole in a read and is as most heads are, without llhttp (CHTTPHead).
    ///
    /// - Returns: False, with nothing changed, for any other: llhttp and ``HeadValidator`` judge it.
    func takePlainHead(_ read: UnsafeRawBufferPointer, from offset: inout Int) -> Bool {
        guard takesPlainHeads, let base = read.baseAddress else { return false }
        // `offset` lies in the read.
        let start = unsafe (base + offset).assumingMemoryBound(to: UInt8.self)
        if unsafe takeKnownHead(start, read.count - offset, from: &offset) { return true }
        var plain = sluice_plain_head()
        let bounds = unsafe state.pointee.limits
        let room = unsafe min(state.pointee.fieldsCapacity, bounds.fieldsMax)
        var limits = sluice_head_limits(
            target_end_max: bounds.requestLineBytesMax,
            lines_bytes_max: bounds.headerBytesMax,
            fields_max: room
        )
        // A field here is four numbers of 32 bits, as there; `room` of them are allocated.
        let isPlain = unsafe state.pointee.fields.withMemoryRebound(
            to: sluice_field.self,
            capacity: room
        ) { fields in
            unsafe sluice_plain_head_read(start, read.count - offset, &limits, fields, &plain)
        }
        guard isPlain else { return false }
        unsafe flow.pointee.summary = HeadSummary(plain)
        unsafe flow.pointee.isHeadRepeated = false
        take(
            count: Int(plain.count),
            fieldsCount: Int(plain.fields_count),
            target: ByteRange(plain.target),
            from: &offset
        )
        if knowsHeads {
            unsafe state.pointee.known.remember(
                start,
                count: Int(plain.count),
                fieldsCount: Int(plain.fields_count),
                target: ByteRange(plain.target)
            )
        }
        return true
    }

    /// Takes a head that is the one before: what that one said still stands in the parser.
    @inline(__always)
    private func takeKnownHead(
        _ start: UnsafePointer<UInt8>,
        _ available: Int,
        from offset: inout Int
    ) -> Bool {
        let known = unsafe state.pointee.known
        let count = unsafe known.repeated(by: start, available)
        guard count > 0 else { return false }
        unsafe flow.pointee.isHeadRepeated = true
        take(
            count: count,
            fieldsCount: known.fieldsCount,
            target: known.target,
            from: &offset
        )
        return true
    }

    /// Begins the message of a head that was read.
    @inline(__always)
    private func take(count: Int, fieldsCount: Int, target: ByteRange, from offset: inout Int) {
        unsafe state.pointee.startMessage()
        unsafe state.pointee.fieldsCount = fieldsCount
        unsafe state.pointee.target = target
        unsafe flow.pointee.headStart = offset
        unsafe flow.pointee.headCount = count
        offset += count
        beginBody()
    }
}

extension HeadSummary {
    /// What a plain head says: HTTP/1.1, the connection stays.
    fileprivate init(_ plain: sluice_plain_head) {
        method = Method(llhttp: plain.method)
        if plain.content_length > 0 { framing = .length(Int(plain.content_length)) }
        path = ByteRange(plain.path)
        query = ByteRange(plain.query)
        contentType = ByteRange(plain.content_type)
        target = ByteRange(plain.target)
    }
}

extension ByteRange {
    /// A place as the plain head has it.
    fileprivate init(_ place: sluice_place) {
        self.init(start: place.start, stop: place.stop)
    }
}

extension RequestParser {
    /// Why llhttp stopped, in our words.
    ///
    /// - Parameters:
    ///   - outcome: What llhttp said.
    ///   - read: The present read.
    ///   - offset: Where in it llhttp stopped.
    /// - Returns: The refusal; a bound that a callback met comes first.
    func refusal(
        of outcome: llhttp_errno_t,
        _ read: UnsafeRawBufferPointer,
        _ offset: Int
    ) -> WireRefusal {
        if let refusal = unsafe state.pointee.refusal { return refusal }
        var start = unsafe Array(flow.pointee.spill.prefix(16))
        let more = min(16 - start.count, read.count - offset)
        if more > 0 {
            unsafe start.append(
                contentsOf: UnsafeRawBufferPointer(rebasing: read[offset..<offset + more])
            )
        }
        if let reason = OtherProtocol.reason(start) { return .malformed(reason) }
        switch outcome {
        case HPE_INVALID_METHOD:
            return methodRefusal(unsafe offset < read.count ? read[offset] : 0)
        case HPE_INVALID_VERSION, HPE_PAUSED_H2_UPGRADE:
            return unsafe versionRefusal(read, offset)
        case HPE_INVALID_URL:
            return .malformed("The request target is not valid.")
        case HPE_INVALID_HEADER_TOKEN:
            return .malformed("A header has a character it may not have.")
        case HPE_INVALID_CONTENT_LENGTH, HPE_UNEXPECTED_CONTENT_LENGTH:
            return .malformed("The Content-Length is not valid or does not stand alone.")
        case HPE_INVALID_TRANSFER_ENCODING:
            return .malformed("The Transfer-Encoding is not valid.")
        default:
            return .malformed("The request is not HTTP/1.")
        }
    }

    /// A word that is no method we know is 501, anything else is no request (RFC 9110, 9.1).
    private func methodRefusal(_ offending: UInt8) -> WireRefusal {
        let reason: StaticReason = "The request does not begin with a method."
        let before = unsafe flow.pointee.spill
        for byte in before where !ASCII.isToken(byte) { return .malformed(reason) }
        let isWord = ASCII.isToken(offending) || (offending == 32 && !before.isEmpty)
        return isWord ? .methodUnknown : .malformed(reason)
    }

    /// A version that is written as one and is not ours is 505, anything else is no request.
    private func versionRefusal(_ read: UnsafeRawBufferPointer, _ offset: Int) -> WireRefusal {
        let end = unsafe state.pointee.target.endOrZero
        var line = unsafe Array(flow.pointee.spill.dropFirst(Int(end)).prefix(9))
        let more = min(9 - line.count, read.count - offset)
        if more > 0 {
            unsafe line.append(
                contentsOf: UnsafeRawBufferPointer(rebasing: read[offset..<offset + more])
            )
        }
        let isVersion =
            line.count == 9 && line.starts(with: " HTTP/".utf8) && line[7] == UInt8(ascii: ".")
            && (48...57).contains(line[6]) && (48...57).contains(line[8])
        let isOurs = isVersion && line[6] == 49 && line[8] <= 49
        guard isVersion, !isOurs else { return .malformed("The request line is not valid.") }
        return .versionUnsupported
    }
}
