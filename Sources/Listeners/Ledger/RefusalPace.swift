package import Primitives

/// How many requests that the HTTP engine refuses are written down: they cost their sender next to nothing, and must not fill
/// the disk, or take the time of others, when there are too many of them.
package struct RefusalPace {
    private var second: Int64 = 0
    private var count = 0

    /// Begins with nothing counted.
    package init() {}

    /// The most of a second, in the whole process.
    static let countMax = 100

    /// Counts one; false where it is one too many.
    package mutating func takes(at now: WallTime) -> Bool {
        let present = now.milliseconds / 1000
        if present != second { (second, count) = (present, 0) }
        guard count < Self.countMax else { return false }
        count += 1
        return true
    }
}
