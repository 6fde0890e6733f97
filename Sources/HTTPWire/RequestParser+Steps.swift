internal import CLLHTTP

extension RequestParser {
    /// One step through a read; see ``advance(_:from:)``.
    func step(_ read: UnsafeRawBufferPointer, from offset: inout Int) -> Step {
        switch phase {
        case .between:
            guard unsafe begin(read, from: &offset) else { return .needMore }
            return unsafe stepHead(read, from: &offset)
        case .head: return unsafe stepHead(read, from: &offset)
        case .unbodied:
            phase = .complete
            return .message
        case .lengthBody(let remaining):
            return unsafe stepLength(read, from: &offset, remaining: remaining)
        case .chunkedBody: return unsafe stepChunks(read, from: &offset)
        case .complete: return .message
        case .failed: return .refused(.malformed("The connection was refused before."))
        }
    }

    /// Passes over empty lines before a request (RFC 9112, 2.2); true when a byte of one is there.
    private func begin(_ read: UnsafeRawBufferPointer, from offset: inout Int) -> Bool {
        while offset < read.count, blankCount < RequestParser.blankBytesMax,
            unsafe read[offset] == 13 || read[offset] == 10
        {
            offset += 1
            blankCount += 1
        }
        guard offset < read.count else { return false }
        unsafe llhttp_reset(llhttp)
        unsafe state.pointee.startMessage()
        summary = HeadSummary()
        headStart = offset
        phase = .head
        return true
    }

    private func stepHead(_ read: UnsafeRawBufferPointer, from offset: inout Int) -> Step {
        let (outcome, used) = unsafe feed(read, from: offset)
        let piece = unsafe UnsafeRawBufferPointer(rebasing: read[offset..<offset + used])
        if outcome == HPE_PAUSED {
            let isWhole = spill.isEmpty
            if !isWhole { unsafe spill.append(contentsOf: piece) }
            isSpilled = !isWhole
            headStart = offset
            headCount = isWhole ? used : spill.count
            offset += used
            let whole = unsafe piece.bindMemory(to: UInt8.self)
            if isWhole {
                let head = unsafe whole.span
                return finishHead(head)
            }
            let gathered = spill
            return finishHead(gathered.span)
        }
        unsafe spill.append(contentsOf: piece)
        offset += used
        guard outcome == HPE_OK else { return .refused(unsafe refusal(of: outcome, read, offset)) }
        unsafe state.pointee.fedBefore = spill.count
        return unsafe checkUnfinishedHead(state.pointee)
    }

    /// Bounds what callbacks do not see: blanks, and what llhttp has not made up its mind about.
    private func checkUnfinishedHead(_ state: borrowing ParserState) -> Step {
        let limits = state.limits
        if !state.target.isSet, spill.count > limits.requestLineBytesMax {
            return .refused(.requestLineTooLong(limit: limits.requestLineBytesMax))
        }
        if state.target.isSet, !state.fits(spill.count) {
            return .refused(.headersTooLarge(limit: limits.headerBytesMax))
        }
        return .needMore
    }

    private func finishHead(_ head: Span<UInt8>) -> Step {
        guard unsafe state.pointee.fits(head.count) else {
            return .refused(.headersTooLarge(limit: unsafe state.pointee.limits.headerBytesMax))
        }
        do throws(WireRefusal) {
            summary = unsafe try HeadCheck.check(head, &state.pointee, ParserFacts(llhttp))
        } catch {
            return .refused(error)
        }
        // Upgrades are not spoken: the message is read as any other.
        unsafe llhttp.pointee.upgrade = 0
        unsafe state.pointee.isInBody = true
        unsafe state.pointee.isInName = false
        switch summary.framing {
        case .none: phase = .unbodied
        case .length(let count): phase = .lengthBody(remaining: count)
        case .chunked: phase = .chunkedBody
        }
        return .head
    }

    private func stepLength(
        _ read: UnsafeRawBufferPointer,
        from offset: inout Int,
        remaining: Int
    ) -> Step {
        guard remaining <= bodyBytesMax - bodyCount else {
            return .refused(.bodyTooLarge(limit: bodyBytesMax))
        }
        let count = min(remaining, read.count - offset)
        if !isGathered, bodyCount == 0 {
            // The first piece stays where it is: it may be the only one.
            bodyStart = offset
        } else {
            reserveBody(count, of: remaining)
            unsafe body.append(
                contentsOf: UnsafeRawBufferPointer(rebasing: read[offset..<offset + count])
            )
        }
        bodyCount += count
        offset += count
        phase = count == remaining ? .complete : .lengthBody(remaining: remaining - count)
        return count == remaining ? .message : .needMore
    }

    /// Grows the body's memory by doubling, but never beyond what was announced.
    private func reserveBody(_ count: Int, of remaining: Int) {
        guard body.count + count > body.capacity else { return }
        body.reserveCapacity(body.count + min(remaining, max(count, body.count)))
    }

    private func stepChunks(_ read: UnsafeRawBufferPointer, from offset: inout Int) -> Step {
        unsafe llhttp_resume(llhttp)
        let (outcome, used) = unsafe feed(read, from: offset)
        offset += used
        wireBodyCount += used
        let limits = unsafe state.pointee.limits
        // A chunk's own lines take up to 16 hex digits and two line ends; the rest is extensions and trailers.
        let lines = unsafe 20 * (state.pointee.chunksCount + 1)
        let overhead = unsafe wireBodyCount - state.pointee.bodyCount - lines
        if overhead > limits.headerBytesMax {
            return .refused(.headersTooLarge(limit: limits.headerBytesMax))
        }
        if outcome == HPE_PAUSED {
            phase = .complete
            return .message
        }
        guard outcome == HPE_OK else { return .refused(unsafe refusal(of: outcome, read, offset)) }
        return .needMore
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
        unsafe readBase = read.baseAddress
        let outcome = unsafe llhttp_execute(llhttp, start, rest.count)
        unsafe state.pointee.base = nil
        unsafe readBase = nil
        if outcome == HPE_OK { return (outcome, rest.count) }
        // Where llhttp stopped lies in what it was given; anything else counts as all of it.
        guard let stop = unsafe llhttp_get_error_pos(llhttp) else { return (outcome, rest.count) }
        let used = unsafe stop - start
        return (outcome, used >= 0 && used <= rest.count ? used : rest.count)
    }
}
