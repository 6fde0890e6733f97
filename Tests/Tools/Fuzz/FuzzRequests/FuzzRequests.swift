internal import HTTPWire

/// Reads arbitrary bytes as requests twice, whole and cut in pieces; both ways must come to the same steps.
@c(LLVMFuzzerTestOneInput)
public func fuzzRequests(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
    let whole = steps(in: [input])
    let size = 1 + Int(input.first ?? 0) % 7
    let pieces = stride(from: 0, to: count, by: size).map {
        Array(input[$0..<min($0 + size, count)])
    }
    precondition(whole == steps(in: pieces), "the cut changes what is read")
    return 0
}

/// The decisions a parser comes to over some reads, up to a refusal.
private func steps(in reads: [[UInt8]]) -> [RequestParser.Step] {
    let parser = RequestParser(limits: WireLimits())
    var found: [RequestParser.Step] = []
    for read in reads {
        var offset = 0
        while offset < read.count {
            let before = offset
            let step = unsafe parser.advance(read.span.bytes, from: &offset)
            switch step {
            case .needMore:
                precondition(offset == read.count, "bytes are left, and more are asked for")
            case .head: found.append(step)
            case .message:
                found.append(step)
                parser.next()
            case .refused: return found + [step]
            }
            precondition(offset >= before && offset <= read.count, "out of the read")
        }
    }
    return found
}
