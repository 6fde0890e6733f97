internal import Documents
internal import HTTPEngine
internal import Primitives

extension TrustedProxies {
    /// Reads `trusted_proxies` of the server or of a listener; nil where it is not there.
    static func read(_ reader: inout SettingsReader) -> TrustedProxies? {
        guard let nodes = reader.settings("trusted_proxies") else { return nil }
        var blocks: [IPBlock] = []
        for node in nodes {
            guard let text = node.scalarText, let block = IPBlock(text) else {
                reader.mismatch(
                    node,
                    key: "trusted_proxies",
                    expected: "addresses or blocks of them, such as 10.0.0.0/8 or 2001:db8::/32"
                )
                continue
            }
            if block.isEverything {
                reader.diagnostics.warning(
                    "`\(text.clipped)` trusts everybody: any client can say that it is another one "
                        + "(X-Forwarded-For); name the networks that your proxies are in",
                    at: node.position,
                    keyPath: reader.path("trusted_proxies")
                )
            }
            blocks.append(block)
        }
        return TrustedProxies(blocks)
    }
}
