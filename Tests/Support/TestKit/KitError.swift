/// What went wrong while a test talked to the outside; never a statement about the program under test.
package enum KitError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The time for `doing` was over.
    case deadlinePassed(doing: String)
    /// The other side closed or reset the connection while `doing`.
    case closed(doing: String)
    /// A system call failed with this errno.
    case system(call: String, errno: Int32)
    /// Bytes that are no HTTP message, or text that is no address.
    case malformed(String)
    /// A file or program that is not there.
    case missing(String)

    package var description: String {
        switch self {
        case .deadlinePassed(let doing): "the deadline passed while \(doing)"
        case .closed(let doing): "the connection was closed while \(doing)"
        case .system(let call, let number): "\(call) failed with errno \(number)"
        case .malformed(let what): "malformed: \(what)"
        case .missing(let what): "missing: \(what)"
        }
    }
}
