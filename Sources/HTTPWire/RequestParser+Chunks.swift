extension RequestParser {
    /// Goes on through a chunked body.
    ///
    /// llhttp does not read it: its extensions are narrower than the standard's in the versions that are packaged.
    func stepChunks(_ read: UnsafeRawBufferPointer, from offset: inout Int) -> Step {
        while offset < read.count {
            if case .data = unsafe flow.pointee.chunks.state {
                let left = unsafe flow.pointee.chunks.left
                let count = min(Int(clamping: left), read.count - offset)
                unsafe gatherPiece(read, offset..<offset + count)
                unsafe flow.pointee.chunks.take(count)
                offset += count
                continue
            }
            let step = unsafe flow.pointee.chunks.take(byte: read[offset])
            offset += 1
            switch step {
            case .more: break
            case .chunk:
                let size = unsafe flow.pointee.chunks.left
                let room = unsafe bodyBytesMax - flow.pointee.bodyCount
                guard size <= UInt64(clamping: room) else {
                    return .refused(.bodyTooLarge(limit: bodyBytesMax))
                }
            case .end:
                unsafe flow.pointee.phase = .complete
                return .message
            case .refused(let refusal): return .refused(refusal)
            }
            if let refusal = chunkBounds() { return .refused(refusal) }
        }
        return .needMore
    }

    /// What speaks against the extensions and trailers so far: they are bounded as a head is, but extensions may be as long
    /// as what they come with (some sign each chunk).
    private func chunkBounds() -> WireRefusal? {
        let limits = unsafe state.pointee.limits
        let chunks = unsafe flow.pointee.chunks
        let extensions = unsafe chunks.extensionBytes - flow.pointee.bodyCount
        if max(extensions, 0) + chunks.trailerBytes > limits.headerBytesMax {
            return .headersTooLarge(limit: limits.headerBytesMax)
        }
        if chunks.trailersCount > limits.fieldsMax {
            return .tooManyFields(limit: limits.fieldsMax)
        }
        return nil
    }

    /// Gathers a piece of the body, unless it is the first: that may be the only one, and stays where it is.
    private func gatherPiece(_ read: UnsafeRawBufferPointer, _ range: Range<Int>) {
        let received = unsafe flow.pointee.bodyCount
        unsafe flow.pointee.bodyCount = received + range.count
        if unsafe !flow.pointee.isGathered {
            if received == 0 {
                unsafe flow.pointee.bodyStart = range.lowerBound
                return
            }
            let first = unsafe flow.pointee.bodyStart
            unsafe flow.pointee.body.append(
                contentsOf: UnsafeRawBufferPointer(rebasing: read[first..<first + received])
            )
            unsafe flow.pointee.isGathered = true
        }
        unsafe flow.pointee.body.append(
            contentsOf: UnsafeRawBufferPointer(rebasing: read[range])
        )
    }
}
