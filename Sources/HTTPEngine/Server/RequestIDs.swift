internal import Primitives

/// Makes the requests' ids on one loop, without a system call each.
struct RequestIDs {
    // SplitMix64, seeded from the system: the ids must differ, they need not be secret.
    private var state: UInt64

    init() {
        var source = SystemRandomNumberGenerator()
        state = source.next()
    }

    /// A new id.
    mutating func next(at time: WallTime) -> UUIDv7 {
        UUIDv7(time: time, random: (draw(), draw()))
    }

    private mutating func draw() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
