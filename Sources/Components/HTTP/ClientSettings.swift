package import Documents
package import Primitives

/// `client:`, how outgoing requests are sent.
package struct ClientSettings: Sendable {
    /// Client loops.
    package var threads = 1
    /// Requests under way at once; the others wait.
    package var concurrentMax = 1000
    /// How long connecting may take.
    package var connectTimeout = Nanoseconds.seconds(10)
    /// How long a request may take in all, where its component names no timeout.
    package var timeout = Nanoseconds.seconds(300)
    /// The most bytes of an answer's body.
    package var responseBytesMax = 16 << 20
    /// Where that is given; nil where it is not.
    package var responsePosition: SourcePosition?
    /// Redirects that are followed, one after another.
    package var redirectsMax = 10

    /// The defaults.
    package init() {}

    /// Reads the block; nil gives the defaults.
    package init(_ reader: SettingsReader?) {
        guard var reader else { return }
        threads = reader.integer("threads", in: 1...256) ?? threads
        concurrentMax = reader.integer("max_concurrent_count", in: 1...1_000_000) ?? concurrentMax
        connectTimeout = reader.duration("connect_timeout", default: connectTimeout)
        timeout = reader.duration("timeout", default: timeout)
        responsePosition =
            reader.has("max_response_size") ? reader.node("max_response_size")?.position : nil
        responseBytesMax = reader.size("max_response_size", default: responseBytesMax)
        redirectsMax = reader.integer("max_redirects", in: 0...100) ?? redirectsMax
        reader.finish()
    }
}
