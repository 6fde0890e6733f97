package import Documents
package import Primitives

/// `client:`, how outgoing requests are sent.
package struct ClientSettings: Sendable {
    /// The keys of the block.
    package enum Keys {
        static let threads = SettingKey<Int>.integer(
            "threads",
            in: 1...256,
            default: 1,
            "loops for outgoing requests"
        )
        static let concurrentMax = SettingKey<Int>.integer(
            "max_concurrent_count",
            in: 1...1_000_000,
            default: 1000,
            "outgoing requests at once; the others wait"
        )
        static let connectTimeout = SettingKey<Nanoseconds>.duration(
            "connect_timeout",
            default: .seconds(10),
            "how long connecting may take"
        )
        static let timeout = SettingKey<Nanoseconds>.duration(
            "timeout",
            default: .seconds(300),
            "how long a request may take in all, where its component names no timeout"
        )
        static let responseBytesMax = SettingKey<Int>.size(
            "max_response_size",
            default: 16 << 20,
            "the body of an answer; beyond it the step fails"
        )
        static let redirectsMax = SettingKey<Int>.integer(
            "max_redirects",
            in: 0...100,
            default: 10,
            "redirects that are followed, one after another"
        )
        /// Its map.
        package static let map = SettingMap(
            "client",
            [threads, concurrentMax, connectTimeout, timeout, responseBytesMax, redirectsMax]
        )
    }

    /// Client loops.
    package var threads = Keys.threads.fallback
    /// Requests under way at once; the others wait.
    package var concurrentMax = Keys.concurrentMax.fallback
    /// How long connecting may take.
    package var connectTimeout = Keys.connectTimeout.fallback
    /// How long a request may take in all, where its component names no timeout.
    package var timeout = Keys.timeout.fallback
    /// The most bytes of an answer's body.
    package var responseBytesMax = Keys.responseBytesMax.fallback
    /// Where that is given; nil where it is not.
    package var responsePosition: SourcePosition?
    /// Redirects that are followed, one after another.
    package var redirectsMax = Keys.redirectsMax.fallback

    /// The defaults.
    package init() {}

    /// Reads the block; nil gives the defaults.
    package init(_ reader: SettingsReader?) {
        guard var reader else { return }
        reader.accept(Keys.map)
        threads = reader.read(Keys.threads)
        concurrentMax = reader.read(Keys.concurrentMax)
        connectTimeout = reader.read(Keys.connectTimeout)
        timeout = reader.read(Keys.timeout)
        responsePosition = reader.node(Keys.responseBytesMax)?.position
        responseBytesMax = reader.read(Keys.responseBytesMax)
        redirectsMax = reader.read(Keys.redirectsMax)
        reader.finish()
    }
}
