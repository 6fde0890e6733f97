extension URLParts {
    /// Refuses what the client does not speak.
    ///
    /// - Throws: ``OutboundError/invalidURL(_:)``.
    package func checkIsHTTP() throws(OutboundError) {
        if scheme != "http" && scheme != "https" {
            throw .invalidURL("its scheme is neither http nor https")
        }
    }

    /// Whether the host is this machine by its spelling, which no proxy can reach.
    var isLoopback: Bool {
        let name = host.lowercased()
        return name == "localhost" || name.hasSuffix(".localhost") || name == "[::1]"
            || name.hasPrefix("127.")
    }

    /// A text of libcurl's with the URL's user and password, should they be in it, blotted out.
    func withoutSecrets(_ text: String) -> String {
        var clean = text
        for secret in [password, user] {
            guard let secret, !secret.isEmpty else { continue }
            clean = clean.split(separator: secret, omittingEmptySubsequences: false)
                .joined(separator: "***")
        }
        return clean
    }
}
