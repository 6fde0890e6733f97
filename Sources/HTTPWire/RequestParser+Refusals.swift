internal import CLLHTTP

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
