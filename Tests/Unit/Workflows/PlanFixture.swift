import Documents
import Expressions
import JSONWire
import Primitives
import TestKit

@testable import Workflows

/// Compiles a configuration for a test.
struct PlanFixture {
    let plans: PlanSet
    let diagnostics: Diagnostics

    /// The gateway on 8090, and endpoints reachable through it and on loopback.
    static let gateway = GatewayValues([
        GatewayValues.Gateway(
            port: 8090,
            publicURL: "http://127.0.0.1:8090",
            publicAddress: "127.0.0.1:8090",
            driver: "public"
        )
    ])

    /// The zones of the machine.
    static let zones = ZoneSource(
        find: { name in
            do {
                return TimeZone(file: try Files.bytes("/usr/share/zoneinfo/\(name)"))
            } catch {
                return nil
            }
        },
        names: { ["Europe/Berlin", "America/New_York", "America/Argentina/Buenos_Aires"] }
    )

    init(
        _ yaml: String,
        environment: [String: String] = [:],
        endpoints: [OwnEndpoint] = [],
        gateways: GatewayValues = PlanFixture.gateway,
        isFragment: Bool = false,
        components: ComponentTable = .standard,
        dialects: [any WorkflowDialect.Type] = WorkflowDialects.all
    ) {
        diagnostics = Diagnostics()
        let documents = YAMLReader.read(yaml, file: "s.yml", diagnostics: diagnostics)
        let empty = Node(.map([]), at: SourcePosition(file: "s.yml", line: 1, column: 1))
        let compiler = PlanCompiler(
            settings: PlanSettings(
                environment: environment,
                endpoints: endpoints,
                gateways: gateways,
                zones: Self.zones,
                isFragment: isFragment,
                components: components
            ),
            diagnostics: diagnostics
        )
        plans = compiler.compile(documents.first ?? empty, dialects: dialects)
    }

    /// Errors and warnings as `line:column message (suggestion)`.
    var findings: [String] {
        diagnostics.all.filter { $0.noteKind != .assumed }.map { finding in
            let place = "\(finding.position.line):\(finding.position.column)"
            return "\(place) \(finding.message)" + (finding.suggestion.map { " (\($0))" } ?? "")
        }
    }

    /// The readings that were assumed, as `line:column message`.
    var assumptions: [String] {
        diagnostics.all.filter { $0.noteKind == .assumed }.map {
            "\($0.position.line):\($0.position.column) \($0.message)"
        }
    }

    /// The notes of `check --fragment` of some kind, as `line:column message`.
    func notes(_ kind: Diagnostic.NoteKind) -> [String] {
        diagnostics.all.filter { $0.noteKind == kind && $0.severity == .note }.map {
            "\($0.position.line):\($0.position.column) \($0.message)"
        }
    }

    /// An endpoint of a listener on a port, reachable through the gateway on it and on loopback.
    static func endpoint(
        _ path: String,
        identifyBy: String? = nil,
        port: Int = 8090,
        channel: UInt32 = 0,
        url: String? = nil,
        name: String = "listener"
    ) -> OwnEndpoint {
        let position = SourcePosition(file: "l.yml", line: 1, column: 1)
        let template = identifyBy.flatMap { text in
            Template.compile(
                Node(.text(text), at: position, raw: text),
                context: CompileContext(sources: .listener),
                diagnostics: Diagnostics()
            )
        }
        var origins: [OwnEndpoint.Origin] = [
            .gateway(port: port), .url("http://localhost:\(port)"),
            .url("http://127.0.0.1:\(port)"), .url("http://[::1]:\(port)"),
        ]
        if let url { origins.append(.url(url)) }
        return OwnEndpoint(
            name: name,
            origins: origins,
            path: path,
            channel: channel,
            identifyBy: template
        )
    }
}
