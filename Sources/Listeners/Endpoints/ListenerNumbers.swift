/// The numbers of listeners, by which the journal says who holds a callback: each is given by the listener's name alone, so
/// that it is the same whatever stands before it in the configuration.
package struct ListenerNumbers {
    /// Where the numbers begin; versions before 0.2 wrote a listener's place in the configuration, which is below.
    package static let first = 1 << 31

    private var taken: Set<UInt32> = []

    /// Begins with none taken.
    package init() {}

    /// The number of a listener.
    ///
    /// - Parameter name: Its `id`, or its type, address and base path.
    /// - Returns: The number, the same for the same name; the next free one where two names have the same.
    package mutating func number(of name: String) -> Int {
        let hash = name.utf8.reduce(2_166_136_261 as UInt32) { ($0 ^ UInt32($1)) &* 16_777_619 }
        let mark = UInt32(truncatingIfNeeded: Self.first)
        var number = hash | mark
        while !taken.insert(number).inserted { number = (number &+ 1) | mark }
        return Int(number)
    }
}
