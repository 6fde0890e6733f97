package import Primitives

/// Decides who sent a request: compiled from `verify:` of the configuration, and the same for all requests.
///
/// It does no network and knows no server. Of a request it wants the fields that ``fieldNames`` names and, unless its phase
/// is ``Phase/head``, the body as it came. It may be used on any thread.
package struct Verifier: Sendable {
    /// What it needs of a request.
    package enum Phase: Sendable, Hashable {
        /// The head and the sender's address are enough: it can decide before the body, and before `100 Continue`.
        case head
        /// It needs the body, too.
        case body
    }

    /// Where a check is worth doing.
    package enum Cost: Sendable, Hashable {
        /// Some microseconds: on the loop.
        case loop
        /// More: on a worker.
        case worker
    }

    /// The largest body whose message code is computed on a loop.
    package static let loopBytesMax = 256 << 10

    /// What it is called: its name in `verifiers:`, else its preset or type.
    package let name: String
    /// What it knows of its sender beside how to verify it.
    package let profile: SenderProfile
    let check: SenderCheck

    /// What it needs of a request.
    package var phase: Phase { check.needsBody ? .body : .head }

    /// The header fields it reads, handshakes included; nil for all of a request.
    package var fieldNames: [HeaderName]? {
        guard let names = check.fieldNames else { return nil }
        return names + profile.handshakes.flatMap(\.fieldNames)
    }

    /// Where to check a request with a body of some size.
    package func cost(bodySize: Int) -> Cost {
        check.isAsymmetric || check.needsBody && bodySize > Self.loopBytesMax ? .worker : .loop
    }

    /// Header fields whose values are secrets: for logs, ledger and history.
    package var secretHeaders: [HeaderName] { check.secretReferences.flatMap(\.fieldNames) }

    /// Query parameters whose values are secrets.
    package var secretQueryNames: [String] {
        (check.secretReferences + profile.handshakes.compactMap(\.token)).compactMap {
            if case .query(let name) = $0 { name } else { nil }
        }
    }

    /// Places of a JSON body or names of form fields whose values are secrets, as they stand behind `body.` and `form.`.
    package var secretBodyPlaces: [String] {
        check.secretReferences.compactMap { reference in
            switch reference {
            case .member(let path), .item(let path): path.text
            case .form(let name): name
            default: nil
            }
        }
    }

    /// The place of a JSON body where the request's id stands, as it is written behind `body.`; nil where the outcome has it.
    package var bodyIDPlace: String? {
        guard case .signature(let check) = check, check.scheme.leavesIDToReader,
            case .member(let path)? = check.scheme.id
        else { return nil }
        return path.text
    }

    /// Whether what it verifies binds the whole body; one that does not verifies who sent it alone.
    package var coversBody: Bool { check.coversBody }

    /// Whether its outcome carries tokens that must not be seen again.
    package var usesOnceTokens: Bool { check.usesOnceTokens }

    /// The key sets it uses, which may be fetched before the first request.
    package var keySetURLs: [String] { check.keySetURLs }

    /// What can be said of a request without its body.
    package enum HeadOutcome: Sendable, Hashable {
        /// All is said.
        case decided(VerificationOutcome)
        /// It depends on the body.
        case needsBody
    }

    /// Decides as far as the head alone allows.
    package func checkHead(
        _ request: SenderRequest,
        ring: KeyRing = KeyRing(),
        now: WallTime
    ) -> HeadOutcome {
        switch check {
        case .all(let parts):
            var isOpen = false
            for part in parts {
                switch part.checkHead(request, ring: ring, now: now) {
                case .needsBody: isOpen = true
                case .decided(.verified): continue
                case .decided(let outcome): return .decided(outcome)
                }
            }
            return isOpen ? .needsBody : .decided(checkWhole(request, ring, now))
        case .any(let parts):
            var isOpen = false
            for part in parts {
                switch part.checkHead(request, ring: ring, now: now) {
                case .needsBody: isOpen = true
                case .decided(.verified(let sender)): return .decided(.verified(sender))
                case .decided: continue
                }
            }
            return isOpen ? .needsBody : .decided(checkWhole(request, ring, now))
        default:
            return phase == .body ? .needsBody : .decided(checkWhole(request, ring, now))
        }
    }

    /// Decides, with the body as it came.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - ring: The keys that were fetched.
    ///   - now: The present.
    ///   - body: Lends the body piece by piece; it may be asked more than once.
    /// - Returns: What it says of the request.
    /// - Complexity: O(n) in the body for each key.
    package func check(
        _ request: SenderRequest,
        ring: KeyRing = KeyRing(),
        now: WallTime,
        body: BodySource
    ) -> VerificationOutcome {
        var context = CheckContext(request: request, ring: ring, now: now.milliseconds)
        return check.outcome(&context, body, name)
    }

    /// Decides, with a body in one piece.
    package func check(
        _ request: SenderRequest,
        body: Span<UInt8>,
        ring: KeyRing = KeyRing(),
        now: WallTime
    ) -> VerificationOutcome {
        check(request, ring: ring, now: now) { look in look(body) }
    }

    /// The moment that a text means as RFC 3339 writes it; nil where it is none.
    package static func moment(_ text: String) -> WallTime? {
        RFC3339.milliseconds(text).map { WallTime(milliseconds: $0) }
    }

    private func checkWhole(
        _ request: SenderRequest,
        _ ring: KeyRing,
        _ now: WallTime
    ) -> VerificationOutcome {
        check(request, ring: ring, now: now) { _ in }
    }
}

/// What is known of a sender beside how it signs.
package struct SenderProfile: Sendable {
    /// What a body is.
    package enum BodyForm: String, Sendable, CaseIterable {
        case json, form, text, raw
    }

    /// What its bodies are, whatever their media type says; nil for what the media type says.
    package var body: BodyForm?
    /// The form field that holds the JSON, where a body is a form; nil for none.
    package var formField: String?
    /// The methods that its route takes; empty for POST alone.
    package var methods: [String] = []
    /// The handshakes it asks for.
    package var handshakes: [Handshake] = []
}
