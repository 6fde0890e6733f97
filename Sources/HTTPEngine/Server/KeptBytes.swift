internal import HTTPWire
internal import Primitives

/// Bytes that were read and wait to be parsed, and how many of them were.
struct KeptBytes {
    private var bytes: [UInt8]
    private var start = 0

    /// Keeps bytes.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Lends those that were not parsed yet.
    func withRest<Result>(_ body: (RawSpan) -> Result) -> Result {
        bytes.withRawSpan { body($0.extracting(min(start, $0.byteCount)..<$0.byteCount)) }
    }

    /// What is left when so many more were parsed; nil where nothing is.
    func dropping(_ count: Int) -> KeptBytes? {
        var rest = self
        rest.start += max(0, count)
        return rest.start < bytes.count ? rest : nil
    }

    /// Puts bytes behind these.
    mutating func append(_ more: RawSpan) {
        bytes.append(bytes: more)
    }
}
