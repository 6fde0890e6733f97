package import Primitives

/// How long a step pauses.
package enum Pause: Sendable, Hashable {
    /// So long, from when it begins.
    case length(Nanoseconds)
    /// Until a moment; over at once where that has passed.
    case until(WallTime)

    /// When a pause that begins now is over.
    package func end(from now: WallTime) -> WallTime {
        switch self {
        case .length(let length): now.advanced(by: length)
        case .until(let moment): moment
        }
    }
}
