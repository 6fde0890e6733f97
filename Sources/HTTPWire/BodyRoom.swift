/// Room that a body which is being gathered would have, so that it needs not move again.
package struct BodyRoom: Equatable, Sendable {
    /// Bytes that are given to a body on its announcement alone.
    ///
    /// They are reserved, not touched: a sender that announces and sends nothing takes no memory of the machine.
    package static let trustedBytes = 256 << 10

    /// Bytes of the whole body, as it was announced.
    package let announced: Int
    /// Bytes that what has come so far is good for: no more should be made anew; 0 where it has room for more yet.
    package let earned: Int

    /// Says what a body would have.
    package init(announced: Int, earned: Int) {
        self.announced = announced
        self.earned = earned
    }

    /// What a body may have once so many bytes of it are there; the more come, the more it is trusted.
    static func step(from count: Int) -> Int {
        count < trustedBytes ? trustedBytes : count << 3
    }
}
