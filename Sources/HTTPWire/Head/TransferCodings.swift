/// The transfer codings that a request names, over all its Transfer-Encoding fields (RFC 9112, 6.1).
struct TransferCodings {
    /// Whether the field is there at all.
    private(set) var isPresent = false
    private var chunkedCount = 0
    private var unknownCount = 0
    private var isEmptyElement = false
    private var isChunkedLast = false

    /// Takes the value of one field: a list of codings.
    mutating func note(_ value: Span<UInt8>) {
        isPresent = true
        var start = 0
        while start <= value.count {
            var end = start
            while end < value.count, value[end] != UInt8(ascii: ",") { end += 1 }
            noteCoding(value.extracting(start..<end))
            start = end + 1
        }
    }

    private mutating func noteCoding(_ element: Span<UInt8>) {
        var start = 0
        var end = element.count
        while start < end, ASCII.isBlank(element[start]) { start += 1 }
        while end > start, ASCII.isBlank(element[end - 1]) { end -= 1 }
        if start == end {
            isEmptyElement = true
            return
        }
        isChunkedLast = ASCII.equals(element.extracting(start..<end), "chunked")
        if isChunkedLast { chunkedCount += 1 } else { unknownCount += 1 }
    }

    /// Lets nothing pass but a single `chunked`.
    func check() throws(WireRefusal) {
        guard !isEmptyElement else { throw .malformed("The Transfer-Encoding is empty.") }
        guard chunkedCount <= 1 else { throw .malformed("The chunked coding is repeated.") }
        guard chunkedCount == 0 || isChunkedLast else {
            throw .malformed("The chunked coding is not the last one.")
        }
        guard unknownCount == 0 else { throw .transferEncodingUnsupported }
    }
}
