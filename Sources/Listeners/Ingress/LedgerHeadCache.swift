internal import HTTPEngine
internal import HTTPWire
internal import Journal
internal import Primitives

/// Heads of requests that came lately, ready for the ledger: senders repeat theirs byte for byte.
///
/// Bound to one loop. It has a place for a few heads; one that is not the same in every byte, or comes from another address,
/// is never taken for it, and takes its place.
final class LedgerHeadCache {
    private var places = [Known?](repeating: nil, count: placesCount)

    private static let placesCount = 32
    /// A longer head is not remembered.
    private static let bytesMax = 4096

    /// A head and what it was made of.
    private final class Known {
        let method: Method
        let sent: [UInt8]
        let peer: String
        let head: TraceHead

        init(method: Method, sent: [UInt8], peer: String, head: TraceHead) {
            self.peer = peer
            self.method = method
            self.sent = sent
            self.head = head
        }
    }

    /// What is kept of a request's head.
    ///
    /// - Complexity: O(bytes of the head).
    func head(of request: borrowing Request, mask: RequestRedactor) -> TraceHead {
        let method = request.method
        let peer = request.peerAddress
        let found = request.withSentHead { sent -> (place: Int, head: TraceHead?) in
            let place = Self.place(of: sent)
            guard let known = places[place], known.method == method,
                known.sent.isEqual(to: sent), known.peer == peer
            else { return (place, nil) }
            return (place, known.head)
        }
        if let head = found.head { return head }
        let made = TraceHead(request, mask: mask)
        let sent = request.withSentHead { $0.count <= Self.bytesMax ? $0.copied : [] }
        if !sent.isEmpty {
            places[found.place] = Known(method: method, sent: sent, peer: peer, head: made)
        }
        return made
    }

    private static func place(of bytes: Span<UInt8>) -> Int {
        var sum = UInt64(truncatingIfNeeded: bytes.count)
        var offset = 0
        while offset < bytes.count {
            sum = (sum ^ bytes.word(at: offset)) &* 0x9E37_79B9_7F4A_7C15
            offset &+= 8
        }
        return Int(truncatingIfNeeded: sum >> 59)
    }
}

@available(*, unavailable)
extension LedgerHeadCache: Sendable {}
