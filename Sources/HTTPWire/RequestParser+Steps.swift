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
            unsafe flow.pointee.summary = try HeadCheck.check(
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
