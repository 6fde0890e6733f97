internal import CLLHTTP

/// What llhttp found in a head's lines, as plain values.
struct ParserFacts {
    /// The version's first digit.
    let major: UInt8
    /// The version's second digit.
    let minor: UInt8
    /// llhttp's number of the method.
    let method: UInt8
    /// The Content-Length, 0 where there is none.
    let contentLength: UInt64
    /// Whether the connection lives on (RFC 9112, 9.3).
    let isKeptAlive: Bool

    /// Reads llhttp's fields at the end of a head.
    init(_ parser: UnsafePointer<llhttp_t>) {
        unsafe major = parser.pointee.http_major
        unsafe minor = parser.pointee.http_minor
        unsafe method = parser.pointee.method
        unsafe contentLength = parser.pointee.content_length
        let flags = unsafe UInt32(parser.pointee.flags)
        let asksToStay = flags & F_CONNECTION_KEEP_ALIVE.rawValue != 0
        let asksToClose = flags & F_CONNECTION_CLOSE.rawValue != 0
        isKeptAlive = !asksToClose && (asksToStay || (major == 1 && minor >= 1))
    }
}
