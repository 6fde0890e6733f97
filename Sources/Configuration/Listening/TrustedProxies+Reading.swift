internal import Documents
internal import HTTPEngine
internal import Primitives

extension TrustedProxies {
    /// The key of the server's and of a listener's block.
    static let key = SettingKey<Node?>.node(
        "trusted_proxies",
        .some(.text),
        "networks of the proxies whose word for who sent a request is taken "
            + "(Forwarded, X-Forwarded-For)"
    ).example("[10.0.0.0/8]").remark("; see [Who is asking](listeners.md#who-is-asking)")

    /// Reads `trusted_proxies` of the server or of a listener; nil where it is not there.
    static func read(_ reader: inout SettingsReader) -> TrustedProxies? {
        guard let nodes = reader.settings(key.name) else { return nil }
        var blocks: [IPBlock] = []
        for node in nodes {
            guard let text = node.scalarText, let block = IPBlock(text) else {
                reader.mismatch(
                    node,
                    key: key.name,
                    expected: "addresses or blocks of them, such as 10.0.0.0/8 or 2001:db8::/32"
                )
                continue
            }
            if block.isEverything {
                reader.diagnostics.warning(
                    "`\(text.clipped)` trusts everybody: any client can say that it is another one "
                        + "(X-Forwarded-For); name the networks that your proxies are in",
                    at: node.position,
                    keyPath: reader.path(key.name)
                )
            }
            blocks.append(block)
        }
        return TrustedProxies(blocks)
    }
}
