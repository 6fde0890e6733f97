internal import Glibc
internal import TestKit

/// One thing that happens to the server or to the disk under it.
enum Blow: Sendable {
    /// SIGKILL.
    case kill
    /// The power of the disk goes, and the server is killed while it finds out.
    case cut
    /// The disk fails for good, and the server is stopped in order while it refuses everything.
    case dead
    /// There is no room for a while, and the server goes on when there is some.
    case full
    /// There is no room, the server is killed, and comes up without any.
    case fullStart

    /// What happens in a trial, in any order.
    static func all(kills: Int, cuts: Int, faults: Int) -> [Blow] {
        let faulty = (0..<faults).map { [Blow.dead, .full, .fullStart][$0 % 3] }
        return
            (Array(repeating: .kill, count: kills) + Array(repeating: .cut, count: cuts) + faulty)
            .shuffled()
    }
}
