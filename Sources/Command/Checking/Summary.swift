internal import Configuration
internal import Controller
internal import Documents
internal import Listeners
internal import Primitives
internal import Verification
internal import Workflows

/// What a configuration would do, for `sluice check`.
enum Summary {
    /// The listeners, endpoints, gateways, components, waits and workflows, a line each; ends with a line end.
    static func text(of configuration: Configuration) -> String {
        var lines: [String] = []
        for listener in configuration.listeners {
            lines.append("listener   \(listener.typeName) on \(listener.host):\(listener.port)")
            lines += zip(listener.endpointNames, listener.verifiers).map { name, verifier in
                "             \(name), "
                    + (verifier.map { "verified by \($0.name)" } ?? "not verified")
            }
        }
        for gateway in configuration.gateways {
            lines.append("gateway    \(gateway.driver) for port \(gateway.port)")
        }
        if let controller = configuration.controller {
            lines.append(
                "controller on \(controller.host):\(controller.port)\(controller.basePath)"
            )
        }
        for component in configuration.plans.components {
            lines.append("component  \(component.id) (\(component.type))")
        }
        let senders = senders(configuration)
        lines += configuration.plans.waits.map { wait($0, senders) }
        for workflow in configuration.plans.workflows {
            let title = workflow.title.map { " \"\($0)\"" } ?? ""
            lines.append(
                "workflow   \(workflow.id)\(title), \(workflow.topCount) "
                    + (workflow.topCount == 1 ? "step" : "steps")
            )
        }
        return lines.map { TerminalText.line($0) + "\n" }.joined()
    }

    /// Who may send to each callback endpoint, by its name.
    private static func senders(_ configuration: Configuration) -> [String: String] {
        var senders: [String: String] = [:]
        for listener in configuration.listeners {
            guard case .callbacks(let endpoints) = listener.endpoints else { continue }
            for endpoint in endpoints {
                senders[endpoint.settings.name] =
                    endpoint.verifier.map { "verified by \($0.name)" } ?? "not verified"
            }
        }
        return senders
    }

    private static func wait(_ wait: PlannedWait, _ senders: [String: String]) -> String {
        let step = wait.step.map { " in job \($0)" } ?? ""
        let url = wait.url.map { " at \($0)" } ?? ""
        let place = wait.place.map { " (in \($0))" } ?? ""
        let keys = wait.keys.joined(separator: " or ")
        let answering =
            wait.endpoints.isEmpty
            ? "no endpoint"
            : wait.endpoints.map { name in
                senders[name].map { "\(name) (\($0))" } ?? name
            }.joined(separator: ", ")
        return
            "waits      \(wait.component)\(step) waits for a callback\(url)\(place), key \(keys), "
            + "at most \(DurationText.spell(wait.deadline)); answered by \(answering)"
    }
}
