/// The component types there are.
package enum ComponentType: String, Sendable, CaseIterable {
    case httpClient = "http-client"
    case httpServer = "http-server"
    case shell
    case workflow
    case logger
    case delay
}
