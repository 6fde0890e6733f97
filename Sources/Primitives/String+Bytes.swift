extension String {
    /// The text of UTF-8 that is lent; what is none becomes U+FFFD.
    package init(utf8 bytes: Span<UInt8>) {
        // The span is alive for the call; its bytes are copied.
        self = unsafe bytes.withUnsafeBufferPointer { part in
            unsafe String(decoding: part, as: UTF8.self)
        }
    }
}
