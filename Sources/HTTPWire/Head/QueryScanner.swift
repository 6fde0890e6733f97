/// Walks through the pairs of a query: `a=1&b=2`.
struct QueryScanner {
    /// Where the next pair begins.
    var offset: Int

    /// The places of the next pair's name and value; empty pairs are passed over.
    mutating func next(in query: Span<UInt8>) -> (name: Range<Int>, value: Range<Int>)? {
        while offset < query.count {
            let start = offset
            var end = start
            var equals: Int?
            while end < query.count, query[end] != UInt8(ascii: "&") {
                if equals == nil, query[end] == UInt8(ascii: "=") { equals = end }
                end += 1
            }
            offset = end + 1
            if end == start { continue }
            guard let equals else { return (start..<end, end..<end) }
            return (start..<equals, equals + 1..<end)
        }
        return nil
    }
}
