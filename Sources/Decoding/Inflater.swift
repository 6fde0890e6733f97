internal import CZlib

/// Decodes bodies, and never into more than it is told.
///
/// A stream of a few kilobytes may stand for gigabytes. What is written is counted as it is written, so that memory and time are
/// bounded by the limit and not by what a stream says of itself.
package enum Inflater {
    /// How many times as large as it came a body may become.
    ///
    /// Text of a program's making comes to 10 or 20, and a thousand zeros in
    /// a row to 1000.
    package static let ratioMax = 100

    /// Decodes a whole body.
    ///
    /// - Parameters:
    ///   - bytes: The body as it came.
    ///   - coding: How it is coded.
    ///   - limit: The most bytes that it may have.
    /// - Returns: The bytes that were coded.
    /// - Throws: Why there are none; memory that was taken is given back.
    /// - Complexity: O(bytes.byteCount + what it comes to), and the latter at most `limit` and ``ratioMax`` times the former.
    package static func decode(
        _ bytes: RawSpan,
        _ coding: ContentCoding,
        limit: Int
    ) throws(DecodingError) -> [UInt8] {
        var stream = unsafe z_stream()
        // 15 bits is the largest window there is; 16 more say that the format is gzip's.
        guard unsafe sluice_inflate_init(&stream, coding == .gzip ? 31 : 15) == Z_OK else {
            throw .outOfMemory
        }
        defer { unsafe inflateEnd(&stream) }
        let (product, isHuge) = bytes.byteCount.multipliedReportingOverflow(by: ratioMax)
        let dense = isHuge ? Int.max : product
        let bound = min(limit, dense)
        var decoded: [UInt8] = []
        decoded.reserveCapacity(min(bound, max(512, bytes.byteCount * 4)))
        var used = 0
        while true {
            let step = try unsafe step(&stream, bytes, from: used, into: &decoded, bound: bound)
            used += step.used
            switch step.state {
            case .more: continue
            case .ended where used == bytes.byteCount: return decoded
            case .ended:
                // A further member, or rubbish: gzip's members follow each other without anything between (RFC 1952, 2.2).
                guard coding == .gzip, bytes.hasMagic(at: used) else { throw .trailing }
                guard unsafe inflateReset(&stream) == Z_OK else { throw .corrupt }
            case .full: throw limit <= dense ? .tooLarge(limit: limit) : .tooDense(ratio: ratioMax)
            }
        }
    }

    /// What a step came to.
    private enum State {
        case more
        case ended
        case full
    }

    /// Bytes that are decoded before more room is made.
    private static let stepBytes = 64 << 10

    /// Decodes on until the room of this step is full or the stream ends.
    private static func step(
        _ stream: inout z_stream,
        _ bytes: RawSpan,
        from used: Int,
        into decoded: inout [UInt8],
        bound: Int
    ) throws(DecodingError) -> (used: Int, state: State) {
        // One byte over the bound tells a body that is exactly as large from one that is larger.
        let room = min(stepBytes, bound - decoded.count + 1)
        let offered = min(bytes.byteCount - used, Int(UInt32.max))
        var code: Int32 = Z_OK
        var (left, unfilled) = (0, 0)
        let start = decoded.count
        decoded.append(contentsOf: repeatElement(0, count: room))
        // Both ranges are inside the buffers they are of, which are alive for the call; zlib does not write to its input.
        unsafe bytes.withUnsafeBytes { source in
            unsafe decoded.withUnsafeMutableBytes { target in
                unsafe stream.next_in = UnsafeMutablePointer(
                    mutating: source.baseAddress?.advanced(by: used)
                        .assumingMemoryBound(to: UInt8.self)
                )
                unsafe stream.avail_in = UInt32(truncatingIfNeeded: offered)
                unsafe stream.next_out = target.baseAddress?.advanced(by: start)
                    .assumingMemoryBound(to: UInt8.self)
                unsafe stream.avail_out = UInt32(truncatingIfNeeded: room)
                code = unsafe inflate(&stream, Z_NO_FLUSH)
                left = Int(unsafe stream.avail_in)
                unfilled = Int(unsafe stream.avail_out)
            }
        }
        unsafe stream.next_in = nil
        unsafe stream.next_out = nil
        decoded.removeLast(unfilled)
        if decoded.count > bound { return (offered - left, .full) }
        switch code {
        case Z_STREAM_END: return (offered - left, .ended)
        case Z_OK:
            guard left > 0 || unfilled == 0 || offered - left > 0 else { throw .cut }
            return (offered - left, .more)
        case Z_BUF_ERROR: throw .cut
        case Z_MEM_ERROR: throw .outOfMemory
        default: throw .corrupt
        }
    }
}

extension RawSpan {
    /// Whether a gzip member begins at a place.
    fileprivate func hasMagic(at place: Int) -> Bool {
        byteCount - place >= 2 && byte(at: place) == 0x1f && byte(at: place + 1) == 0x8b
    }

    private func byte(at place: Int) -> UInt8 {
        guard place >= 0, place < byteCount else { return 0 }
        // The place is inside the span.
        return unsafe unsafeLoadUnaligned(fromByteOffset: place, as: UInt8.self)
    }
}
