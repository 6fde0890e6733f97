/// What the ledger keeps of a request's head; requests whose heads are the same share one.
package final class TraceHead: Sendable {
    /// The method.
    let method: String
    /// The target, secrets in its query hidden.
    let target: String
    /// The sender's address.
    package let peer: String
    /// The header fields, a line each, secret ones hidden.
    let headers: [UInt8]
    /// All of it as a record has it.
    let fields: [UInt8]

    /// Describes a head; secrets in it are hidden.
    package init(method: String, target: String, peer: String, headers: [UInt8]) {
        self.method = method
        self.target = target
        self.peer = peer
        self.headers = headers
        var out = RecordWriter()
        out.head(method: method, target: target, peer: peer, headers: headers)
        fields = out.bytes
    }
}
