internal import CHTTPHead
internal import CLLHTTP

/// The latest plain head of a connection, byte by byte: a sender that keeps its connection often repeats it.
///
/// What the parser has of that head, its fields and summary, then stands for the next one, too. It lives in the parser's
/// raw memory, and its bytes in memory of their own, made with the first head.
@safe struct RepeatedHead {
    /// Longer heads are not kept: idle connections keep theirs.
    private static var bytesMax: Int { 512 }

    private var bytes: UnsafeMutablePointer<UInt8>?
    private var count = 0
    /// How many fields it has.
    private(set) var fieldsCount = 0
    /// Its target's place.
    private(set) var target = ByteRange.none

    /// How many bytes it has, where the given ones begin with all of them; 0 where they do not, or none is known.
    @inline(__always)
    func repeated(by start: UnsafePointer<UInt8>, _ available: Int) -> Int {
        guard count > 0, available >= count, let bytes = unsafe bytes,
            unsafe sluice_head_is_same(start, bytes, count)
        else { return 0 }
        return count
    }

    /// Keeps a head, unless it is long.
    mutating func remember(
        _ start: UnsafePointer<UInt8>,
        count: Int,
        fieldsCount: Int,
        target: ByteRange
    ) {
        guard count <= Self.bytesMax else { return forget() }
        let bytes = unsafe self.bytes ?? .allocate(capacity: Self.bytesMax)
        unsafe bytes.update(from: start, count: count)
        unsafe self.bytes = bytes
        self.count = count
        self.fieldsCount = fieldsCount
        self.target = target
    }

    /// Knows no head from here on; for when what the parser has is another one's.
    mutating func forget() {
        count = 0
    }

    /// Gives the memory back, at the parser's end.
    func deallocate() {
        unsafe bytes?.deallocate()
    }
}
