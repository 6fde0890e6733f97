/// A timer of a ``TimerWheel``; its id lies beside the pool.
@usableFromInline
struct WheelTimer: TimerNode {
    @usableFromInline var timerTick: UInt64
    @usableFromInline var timerNext: UInt32 = .max
    @usableFromInline var timerPrevious: UInt32 = .max
    /// Which use of its place it is, so that an old handle is known.
    @usableFromInline var generation: UInt32

    @inlinable
    init(timerTick: UInt64, generation: UInt32) {
        self.timerTick = timerTick
        self.generation = generation
    }
}
