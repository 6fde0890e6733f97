import Documents
import JSONWire
import Primitives
import Security
import TestKit
import Testing
import Verification

/// Reads `verify:` for tests.
enum Setup {
    /// What a text yields, with all findings.
    static func read(
        _ yaml: String,
        named: String = ""
    ) -> (verifier: Verifier?, findings: [Diagnostic]) {
        let diagnostics = Diagnostics()
        var reader = VerifierReader(diagnostics: diagnostics)
        if let node = YAMLReader.read(named, file: "a.yml", diagnostics: diagnostics).first {
            reader.readNamed(node)
        }
        guard let node = YAMLReader.read(yaml, file: "a.yml", diagnostics: diagnostics).first else {
            return (nil, diagnostics.all)
        }
        return (reader.read(node), diagnostics.all)
    }

    /// A verifier that must be right.
    static func verifier(_ yaml: String, named: String = "") throws -> Verifier {
        let (verifier, findings) = read(yaml, named: named)
        let errors = findings.filter { $0.severity == .error }.map(\.message)
        return try #require(verifier, "\(errors)")
    }

    /// The messages of the errors of a text.
    static func errors(_ yaml: String) -> [String] {
        read(yaml).findings.filter { $0.severity == .error }.map(\.message)
    }

    /// A file of this folder.
    static func data(_ name: String) throws -> [UInt8] {
        try Files.bytes(PackageRoot.path("Tests/Unit/Verification/Data/\(name)"))
    }
}

/// A request of a sender, and the moment it comes.
struct Sent {
    var method = "POST"
    var url = "https://hooks.example.com/hook"
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []
    var now: Int64 = 1_800_000_000
    var client: String?

    /// The request as a verifier sees it.
    var request: SenderRequest {
        let rest = url.dropFirst(url.hasPrefix("https") ? 8 : 7)
        let authority = String(rest.prefix { $0 != "/" && $0 != "?" })
        let target = String(rest.dropFirst(authority.count))
        var request = SenderRequest(
            method: method,
            target: target.isEmpty ? "/" : target,
            scheme: String(url.prefix { $0 != ":" }),
            authority: authority,
            client: client.flatMap(IPAddress.init)
        )
        for header in headers { request.add(header.name, header.value) }
        return request
    }

    /// What a verifier says of it.
    func checked(
        by verifier: Verifier,
        ring: KeyRing = KeyRing(),
        shift: Int64 = 0
    ) -> VerificationOutcome {
        verifier.check(
            request,
            body: body.span,
            ring: ring,
            now: WallTime(milliseconds: (now + shift) * 1000)
        )
    }

    /// The same with other header fields.
    func with(_ change: (inout Sent) -> Void) -> Sent {
        var other = self
        change(&other)
        return other
    }

    /// The same with the value of a header changed.
    func changing(_ name: String, _ change: (String) -> String) -> Sent {
        with { sent in
            sent.headers = sent.headers.map { header in
                header.name.lowercased() == name.lowercased()
                    ? (header.name, change(header.value)) : header
            }
        }
    }
}

extension VerificationOutcome {
    /// Whether it is verified.
    var isVerified: Bool { if case .verified = self { true } else { false } }

    /// Who sent it; nil where that is not certain.
    var sender: VerifiedSender? { if case .verified(let sender) = self { sender } else { nil } }

    /// Why it is refused; nil where it is not.
    var refusal: VerificationRefusal.Kind? {
        if case .refused(let refusal) = self { refusal.kind } else { nil }
    }

    /// What it needs; nil for nothing.
    var need: KeyNeed? { if case .needsKey(let need) = self { need } else { nil } }
}
