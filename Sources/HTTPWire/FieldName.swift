internal import Primitives

/// The names of fields that mean something here, compared eight bytes at a time and without regard to case.
///
/// A name is a token (llhttp refuses others), and of the characters of a token only letters become those of a name below
/// when bit 5 is set. The numbers are the names' bytes, the first one lowest.
enum FieldName: UInt8 {
    case host, expect, contentType, contentLength, contentEncoding, transferEncoding

    private static let bit5: UInt64 = 0x2020_2020_2020_2020

    /// The name at a place of a head; nil for one that means nothing here.
    init?(_ head: Span<UInt8>, _ place: ByteRange) {
        let start = Int(place.start)
        switch place.count {
        case 4 where Self.word(head, start, 4) == 0x7473_6f68: self = .host
        case 6 where Self.word(head, start, 6) == 0x7463_6570_7865: self = .expect
        case 12
        where Self.word(head, start, 8) == 0x2d74_6e65_746e_6f63
            && Self.word(head, start + 8, 4) == 0x6570_7974:
            self = .contentType
        case 14
        where Self.word(head, start, 8) == 0x2d74_6e65_746e_6f63
            && Self.word(head, start + 8, 6) == 0x6874_676e_656c:
            self = .contentLength
        case 16
        where Self.word(head, start, 8) == 0x2d74_6e65_746e_6f63
            && Self.word(head, start + 8, 8) == 0x676e_6964_6f63_6e65:
            self = .contentEncoding
        case 17
        where Self.word(head, start, 8) == 0x7265_6673_6e61_7274
            && Self.word(head, start + 8, 8) == 0x6e69_646f_636e_652d
            && Self.word(head, start + 16, 1) == 0x67:
            self = .transferEncoding
        default: return nil
        }
    }

    /// Up to eight bytes in lower case.
    @inline(__always)
    private static func word(_ head: Span<UInt8>, _ start: Int, _ count: Int) -> UInt64 {
        let word = head.word(at: start) | bit5
        return count == 8 ? word : word & (1 << UInt64(count * 8) &- 1)
    }
}
