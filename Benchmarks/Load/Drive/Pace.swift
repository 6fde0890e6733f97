/// When the requests of an open loop are due: evenly, whatever the answers do.
struct Pace {
    private let interval: Double
    private let offset: Double
    private var began: UInt64 = 0
    /// How many were sent.
    private(set) var sent = 0

    /// The share of one of several loops; their requests fall between each other's.
    init(rate: Int, part: Int, parts: Int) {
        interval = 1e9 * Double(parts) / Double(rate)
        offset = 1e9 * Double(part) / Double(rate)
    }

    /// Sets the moment of the first.
    mutating func begin(at moment: UInt64) {
        began = moment
    }

    /// When the next one is due.
    var due: UInt64 { began + UInt64(offset + Double(sent) * interval) }

    /// Goes on to the one after it.
    mutating func advance() {
        sent += 1
    }

    /// How many are due before a moment.
    func count(until moment: UInt64) -> Int {
        moment <= began
            ? 0 : max(0, Int(((Double(moment - began) - offset) / interval).rounded(.up)))
    }
}
