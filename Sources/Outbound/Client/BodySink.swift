/// Where a response's body goes: into memory, up to a bound.
struct BodySink {
    /// What has come so far.
    private(set) var bytes: [UInt8] = []
    /// True once more has come than the bound allows.
    private(set) var isOverfull = false
    private let bytesMax: Int

    /// Makes an empty one.
    init(bytesMax: Int) {
        self.bytesMax = max(0, bytesMax)
    }

    /// Takes some bytes; false, and nothing is taken, where they would be too many.
    mutating func take(_ more: RawSpan) -> Bool {
        guard more.byteCount <= bytesMax - bytes.count else {
            isOverfull = true
            return false
        }
        unsafe more.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
        return true
    }
}

/// Hears the body of an answer as it comes, besides its being gathered.
package struct BodyListener: Sendable {
    /// The type of answers that are heard: a `Content-Type` without parameters, in small letters.
    package let mediaType: String
    /// Called on a thread of the client, which it must not block.
    package let onBytes: @Sendable ([UInt8]) -> Void

    /// Makes a listener to 2xx answers of one type.
    package init(mediaType: String, onBytes: @escaping @Sendable ([UInt8]) -> Void) {
        self.mediaType = mediaType
        self.onBytes = onBytes
    }

    /// Whether it wants to hear an answer with such header fields.
    func hears(_ headers: [(name: String, value: String)]) -> Bool {
        let value = headers.last { HeaderRules.isSame($0.name, "content-type") }?.value ?? ""
        let essence = value.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }
        return essence.lowercased() == mediaType
    }
}
