internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

/// A request as it matters to who may answer it.
struct CarryingRequest {
    let owner: HTTPOwner
    let action: String
    /// The URLs of ours that it carries.
    var urls: [PlanCompiler.CarriedURL]
    /// What it names.
    let references: [Reference]
    /// The step whose input carries some of the URLs; nil where all are the request's own.
    var step: String?
}

/// A wait whose key might be unknown outside, until all steps' inputs are known.
struct UnsentKey {
    let message: String
    let position: SourcePosition
    /// Whether the request sends what a step gives it.
    let sendsInput: Bool
}

extension PlanCompiler {
    /// Keeps a wait for `sluice check`, and says of an implicit one that it was assumed.
    func tell(
        _ plan: CallbackPlan,
        _ request: CarryingRequest,
        timeout: Nanoseconds?,
        key: String? = nil
    ) {
        let owner = request.owner
        var keys = plan.waitFor == nil ? ["${context.run_id}"] : [key ?? "__callback__"]
        let doorKeys = plan.doors.compactMap { Self.written($0, request.urls) }
        for second in doorKeys where !keys.contains(second) { keys.append(second) }
        let deadline = timeout ?? RunMachine.waitDefault
        let answering =
            plan.doors.isEmpty
            ? names(plan.channels, keys) : unique(plan.doors.map(\.endpoint.name))
        waits.append(
            PlannedWait(
                component: owner.id,
                action: request.action == "__action__" ? nil : request.action,
                step: request.step,
                url: request.urls.first?.written,
                place: request.urls.first?.keyPath,
                endpoints: answering,
                keys: keys,
                deadline: deadline,
                isImplicit: plan.isImplicit,
                position: owner.position
            )
        )
        remember(plan, request, canResponseTell: !doorKeys.isEmpty)
        guard plan.isImplicit, let first = request.urls.first else { return }
        diagnostics.assumed(
            "`\(owner.id)` waits for `\(first.endpoints.first?.path ?? first.path)` on "
                + "\(first.place), whose URL is in `\(first.keyPath)`: up to "
                + "\(DurationText.spell(deadline)), under \(keys.joined(separator: " or "))",
            at: owner.position
        )
    }

    private func unique(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }

    /// The endpoints that can answer a wait on some channels under some keys.
    func names(_ channels: [UInt32], _ keys: [String]) -> [String] {
        let named = Set(settings.channels.values)
        let isShared = keys == ["__callback__"]
        return settings.endpoints.filter { endpoint in
            let isThere =
                channels.contains(endpoint.channel)
                || channels.contains(0) && endpoint.answersUnnamed
                    && !named.contains(endpoint.channel)
            return isThere && (endpoint.identifyBy == nil) == isShared
        }.map(\.name)
    }

    /// Keeps a wait under the attempt's id where the request does not tell anybody that id.
    private func remember(
        _ plan: CallbackPlan,
        _ request: CarryingRequest,
        canResponseTell: Bool
    ) {
        if let waitFor = plan.waitFor {
            guard waitFor.constant == nil, waitFor.references.allSatisfy(Self.isRunID) else {
                return
            }
        } else if canResponseTell {
            return
        }
        guard !request.references.contains(where: Self.isRunID) else { return }
        unsentKeys.append(
            UnsentKey(
                message: "nobody outside can know the key that `\(request.owner.id)` waits for: "
                    + "its request does not carry `${context.run_id}`",
                position: request.owner.position,
                sendsInput: request.references.contains { $0.source == .input }
            )
        )
    }

    /// Whether a reference is the attempt's id, or has it inside.
    static func isRunID(_ reference: Reference) -> Bool {
        guard reference.source == .context else { return false }
        guard case .member(let name)? = reference.steps.first else { return true }
        return name.text == "run_id"
    }

    /// Warns of the waits whose key nobody was told.
    func tellUnsentKeys() {
        for unsent in unsentKeys where !(unsent.sendsInput && inputsCarryRunID) {
            diagnostics.warning(
                unsent.message,
                at: unsent.position,
                suggestion: nil
            )
        }
    }

    /// How people read the key that a door's `identify_by` finds; nil where neither the response nor the sent URL tells it.
    private static func written(_ door: CallbackPlan.Target, _ urls: [CarriedURL]) -> String? {
        guard let identifyBy = door.endpoint.identifyBy else { return "__callback__" }
        if let constant = identifyBy.constant { return constant.string ?? "__callback__" }
        guard let reference = identifyBy.references.first else { return nil }
        // A cast or a function around the path belongs to what is told.
        if identifyBy.plainReference == nil, !identifyBy.written.isEmpty {
            return identifyBy.written
        }
        switch reference.source {
        case .body, .item: return "${response" + reference.text.dropFirst(4) + "}"
        case .query, .path:
            guard case .member(let name)? = reference.steps.first else { return nil }
            let own = urls.filter { $0.endpoints.contains { $0.name == door.endpoint.name } }
            return own.lazy.compactMap { url in
                reference.source == .query
                    ? parameter(name.text, url.written)
                    : segment(name.text, url.path, url.written, door.endpoint.path)
            }.first
        default: return nil
        }
    }

    /// What a written URL's query has for a name.
    private static func parameter(_ name: String, _ url: String) -> String? {
        guard let mark = url.firstIndex(of: "?") else { return nil }
        let pairs = url[url.index(after: mark)...].split(separator: "&")
        guard let pair = pairs.first(where: { $0.hasPrefix(name + "=") }) else { return nil }
        return String(pair.dropFirst(name.count + 1))
    }

    /// What a written URL has where the endpoint's path has `{name}` or, at its end, `{name:path}`.
    private static func segment(
        _ name: String,
        _ path: String,
        _ written: String,
        _ pattern: String
    ) -> String? {
        let wanted = pattern.split(separator: "/", omittingEmptySubsequences: false)
        let whole = written.split(separator: "?", maxSplits: 1).first ?? ""
        let segments = whole.split(separator: "/", omittingEmptySubsequences: false)
        let rest = restCount(path, pattern)
        if wanted.last == "{\(name):path}" {
            return segments.count >= rest ? segments.suffix(rest).joined(separator: "/") : nil
        }
        guard let place = wanted.lastIndex(of: "{\(name)}") else { return nil }
        let fromEnd = wanted.count - 1 + rest - place
        return segments.count >= fromEnd ? String(segments[segments.count - fromEnd]) : nil
    }

    /// How many segments of a path the last one of a pattern stands for; the path may have a prefix before them.
    private static func restCount(_ path: String, _ pattern: String) -> Int {
        let own = pattern.drop { $0 == "/" }
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        for start in segments.indices.dropFirst() {
            let tail = segments[start...].joined(separator: "/")
            guard let values = OwnPath.values(tail, String(own)) else { continue }
            return values.last.map(\.segmentsCount) ?? 1
        }
        return 1
    }
}
