extension JournalRecord {
    /// The first byte of a record; numbers are never given twice.
    package enum Tag: UInt8 {
        case began = 1
        case advanced = 2
        case delivered = 3
        case held = 4
        case fetched = 5
        case waiting = 6
        case keyAdded = 7
        case ended = 8
        case timedOut = 9
        case unfetched = 10
        case finished = 11
        case received = 12
        case text = 13

        /// Said beside the kind where the node that decided the record follows.
        static let nodeBit: UInt8 = 0x80
    }
}
