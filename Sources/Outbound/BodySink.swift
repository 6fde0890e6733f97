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
