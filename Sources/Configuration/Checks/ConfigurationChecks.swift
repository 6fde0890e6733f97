internal import Controller
internal import Documents
internal import Expressions
internal import JSONWire
internal import Listeners
internal import Outbound
internal import Workflows

/// What can only be seen when all parts of a configuration are read: names that lead nowhere, ports that collide,
/// endpoints nothing waits for.
struct ConfigurationChecks {
    /// The root of the document.
    let document: Node
    /// Whether what is absent is noted and no error.
    let isFragment: Bool

    /// Reports what does not fit together, and takes out what only follows from other findings.
    func run(_ configuration: Configuration, _ diagnostics: Diagnostics) {
        let checks = Checks(
            configuration: configuration,
            isFragment: isFragment,
            diagnostics: diagnostics
        )
        checks.triggers()
        checks.ports()
        checks.paths()
        checks.gateways()
        checks.listeners()
        checks.exposure()
        checks.addresses()
        checks.answers()
        checks.purpose(document)
        if !isFragment {
            SenderChecks(configuration: configuration, diagnostics: diagnostics).run()
        }
        diagnostics.dropConsequences()
    }

    /// The checks, over one configuration.
    private struct Checks {
        let configuration: Configuration
        let isFragment: Bool
        let diagnostics: Diagnostics

        /// Every constant workflow of a trigger must exist.
        func triggers() {
            for listener in configuration.listeners {
                guard case .triggers(let endpoints) = listener.endpoints else { continue }
                for endpoint in endpoints {
                    guard let id = endpoint.workflow.constant?.string,
                        configuration.plans.find(id) == nil
                    else { continue }
                    absentWorkflow(
                        "workflow `\(id)` is not in this configuration",
                        named: id,
                        at: endpoint.workflowPosition,
                        suggestion: NearestName.suggest(
                            id,
                            among: configuration.plans.workflows.map(\.id)
                        )
                    )
                }
            }
        }

        /// No two parts may listen on one port.
        func ports() {
            var owners: [Int: String] = [:]
            if let controller = configuration.controller {
                owners[controller.port] = "the controller"
            }
            for component in configuration.plans.components {
                guard let port = component.server?.port else { continue }
                if let owner = owners[port] {
                    diagnostics.error(
                        "port \(port) of `\(component.id)` is \(owner)'s already",
                        at: component.position
                    )
                }
                owners[port] = "`\(component.id)`"
            }
            for listener in configuration.listeners {
                if let owner = owners[listener.port] {
                    diagnostics.error(
                        "port \(listener.port) is \(owner)'s already",
                        at: listener.portPosition,
                        keyPath: "listener.port"
                    )
                }
                owners[listener.port] = "another listener"
            }
        }

        /// No two endpoints of a listener may take the same method of the same path; the name of a `{name}` tells none
        /// apart.
        func paths() {
            for listener in configuration.listeners {
                var seen: [EndpointRoute] = []
                for route in listener.routes {
                    let same = seen.first { $0.takesSame(as: route) }
                    seen.append(route)
                    guard let same else { continue }
                    diagnostics.error(
                        same.path == route.path
                            ? "two endpoints of this listener take \(route.name); the first is at "
                                + same.position.description
                            : "two endpoints of this listener take the same requests: \(same.name) and "
                                + "\(route.name) differ in the names of their parameters alone",
                        at: route.position
                    )
                }
            }
        }

        /// Every address that is known must be a URL that requests can be sent to.
        func addresses() {
            for url in configuration.plans.fixedURLs {
                check(url.text, isWhole: url.isWhole, at: url.position, keyPath: url.keyPath)
            }
            for gateway in configuration.gateways {
                guard case .domain(let url) = gateway.kind else { continue }
                check(url, at: gateway.position, keyPath: "gateway.url")
            }
        }

        private func check(
            _ url: String,
            isWhole: Bool = true,
            at position: SourcePosition,
            keyPath: String
        ) {
            do throws(OutboundError) {
                try URLParts(parsing: url).checkIsHTTP()
            } catch {
                let shown = url.contains("@") ? "" : " `\(url.clipped)`"
                diagnostics.error(
                    "no request can be sent to this address\(shown): \(error.message)",
                    at: position,
                    keyPath: keyPath,
                    suggestion: shown.isEmpty || !isWhole ? nil : Self.repaired(url)
                )
            }
        }

        /// The address with a scheme, where that is all that it lacks.
        private static func repaired(_ url: String) -> String? {
            let isOther = url.contains("://") || url.hasPrefix("http")
            guard !isOther, !url.isEmpty, !url.hasPrefix("/") else { return nil }
            let host = url.prefix { $0 != ":" && $0 != "/" }
            let isNear = host == "localhost" || host.allSatisfy { $0.isNumber || $0 == "." }
            let whole = "\(isNear ? "http" : "https")://\(url)"
            do throws(OutboundError) {
                try URLParts(parsing: whole).checkIsHTTP()
                return whole
            } catch {
                return nil
            }
        }

        /// Every wait should have an endpoint that can answer it.
        func answers() {
            guard !isFragment else { return }
            for wait in configuration.plans.waits where wait.endpoints.isEmpty {
                diagnostics.advise(
                    "nothing can answer what `\(wait.component)` waits for: no callback endpoint on "
                        + "its channel reads such a key",
                    at: wait.position
                )
            }
        }

        /// A configuration that nothing starts by and nothing answers.
        func purpose(_ document: Node) {
            guard !isFragment, configuration.listeners.isEmpty,
                configuration.plans.workflows.isEmpty
            else { return }
            diagnostics.advise(
                "there is no listener and no workflow: nothing can be received or run",
                at: document.position
            )
        }

        /// A gateway should lead to a listener of ours.
        func gateways() {
            let ports = configuration.listeners.map(\.port)
            for gateway in configuration.gateways where !ports.contains(gateway.port) {
                if let controller = configuration.controller, gateway.port == controller.port {
                    if controller.asksForToken { continue }
                    diagnostics.error(
                        "this gateway would publish the controller, which asks for no token",
                        at: gateway.position
                    )
                    continue
                }
                let nearest = ports.min { abs($0 - gateway.port) < abs($1 - gateway.port) }
                let hint = nearest.map { " (the nearest: \($0))" } ?? ""
                absentListener(
                    "no listener is on port \(gateway.port)\(hint): it leads to whatever else is there",
                    port: gateway.port,
                    at: gateway.position
                )
            }
        }

        /// A listener without endpoints answers 404; one nothing waits for holds callbacks in vain.
        func listeners() {
            for listener in configuration.listeners {
                if listener.endpoints.count == 0 {
                    let message = "the listener has no endpoints: every request gets 404"
                    if isFragment {
                        note(.incomplete, message, at: listener.position)
                    } else {
                        diagnostics.advise(message, at: listener.position)
                    }
                    continue
                }
                guard case .callbacks = listener.endpoints, !configuration.plans.canWait,
                    !isFragment
                else { continue }
                diagnostics.advise(
                    "nothing in this configuration waits for the callbacks of this listener",
                    at: listener.position
                )
            }
        }

        /// A controller without tokens should not be reachable from other machines, and one on 443 lacks TLS.
        func exposure() {
            guard let controller = configuration.controller, !controller.isLoopback else { return }
            if !controller.asksForToken {
                diagnostics.warning(
                    "the controller listens on \(controller.host) and asks for no token: anybody "
                        + "who reaches it can start runs; add `tokens: [${env.SLUICE_TOKEN}]` or set "
                        + "`host: 127.0.0.1`",
                    at: controller.position
                )
            }
            if controller.port == 443 {
                diagnostics.warning(
                    "port 443 without TLS: put a proxy that ends TLS before it",
                    at: controller.position
                )
            }
        }

        private func absentWorkflow(
            _ message: String,
            named name: String,
            at position: SourcePosition,
            suggestion: String?
        ) {
            var finding = Diagnostic(
                isFragment ? .note : .error,
                at: position,
                message: message,
                suggestion: suggestion,
                noteKind: .absent
            )
            finding.what = "workflow"
            finding.name = name
            diagnostics.report(finding)
        }

        private func absentListener(_ message: String, port: Int, at position: SourcePosition) {
            var finding = Diagnostic(
                isFragment ? .note : .warning,
                at: position,
                message: message,
                noteKind: .absent
            )
            finding.what = "listener"
            finding.name = String(port)
            diagnostics.report(finding)
        }

        private func note(
            _ kind: Diagnostic.NoteKind,
            _ message: String,
            at position: SourcePosition
        ) {
            diagnostics.report(
                Diagnostic(.note, at: position, message: message, noteKind: kind)
            )
        }
    }
}
