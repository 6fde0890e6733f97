/// A plain value in a ``Pool`` that can lie in a ``WheelCore``: it carries its tick and its two links.
@usableFromInline
package protocol TimerNode: BitwiseCopyable {
    /// When it is due.
    var timerTick: UInt64 { get }
    /// The next one in its list; the wheel's own.
    var timerNext: UInt32 { get set }
    /// The one before it in its list; the wheel's own.
    var timerPrevious: UInt32 { get set }
}
