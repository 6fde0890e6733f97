extension RawSpan {
    /// Lends the same memory as a span of bytes.
    @inlinable
    package func withBytes<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe withUnsafeBytes { buffer throws(Failure) -> Result in
            // The memory is the span's own: it lives and does not change for as long as the span does.
            try unsafe buffer.withMemoryRebound(to: UInt8.self) { bytes throws(Failure) -> Result in
                try unsafe body(bytes.span)
            }
        }
    }

    /// The bytes in an array of their own.
    package var copied: [UInt8] {
        unsafe withUnsafeBytes { buffer in unsafe Array(buffer) }
    }
}

extension Span where Element == UInt8 {
    /// The bytes in an array of their own.
    package var copied: [UInt8] {
        unsafe withUnsafeBufferPointer { buffer in unsafe Array(buffer) }
    }
}
