/// Tells from the first bytes of a connection which other protocol a client speaks.
enum OtherProtocol {
    /// What to say to a client that begins like this; nil where that is no protocol that is known.
    static func reason(_ start: [UInt8]) -> StaticReason? {
        if start.first == 0x16, start.count < 2 || start[1] == 3 {
            return "The client speaks TLS, this port is plain HTTP."
        }
        if start.starts(with: "PRI * HTTP/2".utf8) {
            return "The client speaks HTTP/2 without asking, this port is HTTP/1.1."
        }
        if start.starts(with: "PROXY ".utf8)
            || start.starts(with: [0, 13, 10] + Array("QUIT".utf8))
        {
            return "The client sends a PROXY protocol header, this port is plain HTTP."
        }
        if start.starts(with: "SSH-".utf8) {
            return "The client speaks SSH, this port is plain HTTP."
        }
        if start.count >= 2, start[0] == 5 || (start[0] == 4 && (start[1] == 1 || start[1] == 2)) {
            return "The client speaks SOCKS, this port is plain HTTP."
        }
        return nil
    }
}
