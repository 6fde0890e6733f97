internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

extension PlanCompiler {
    /// How an action ends: as `completion` says, else with a callback where its request carries a URL of ours.
    func completion(
        _ reader: inout SettingsReader,
        _ owner: HTTPOwner,
        action: String,
        _ made: MadeHTTP,
        isInline: Bool
    ) -> Completion {
        let written =
            isInline
            ? owner.shared.completion : reader.node("completion") ?? owner.shared.completion
        let request = CarryingRequest(
            owner: owner,
            action: action,
            urls: ownURLs(made),
            references: made.references
        )
        guard let written else {
            openRequest = request
            return unsaid(request)
        }
        if written.scalarText == "none" { return .response }
        let path = reader.path("completion")
        if let word = written.scalarText, word == "callback" {
            return withoutKey(request, nil, nil)
        }
        guard case .map = written.content else {
            reader.mismatch(
                written,
                key: "completion",
                expected: "`none`, `callback`, or a map with `type`",
                suggestion: written.scalarText.flatMap {
                    NearestName.suggest($0, among: ["none", "callback"])
                }
            )
            return .response
        }
        var inner = SettingsReader(
            written,
            keyPath: path,
            diagnostics: diagnostics,
            filling: filling
        )
        defer { inner.finish(noted: ["stream_format", "stream_fragmented"]) }
        switch inner.oneOf("type", ["none", "callback", "polling"]) {
        case "callback": return explicit(&inner, request)
        case "polling": return polling(&inner, owner)
        case nil where !inner.has("type"):
            inner.missing("type", expected: "`none`, `callback` or `polling`")
            // What else stands there belongs to a type that nobody knows.
            for entry in inner.entries { inner.note(entry.key) }
            return .response
        default: return .response
        }
    }

    /// How an action without `completion` ends, with the URLs of its request and of a step's input.
    func unsaid(_ request: CarryingRequest) -> Completion {
        guard !request.urls.isEmpty else { return .response }
        let plan = implicit(request.urls, timeout: nil)
        tell(plan, request, timeout: request.owner.timeout)
        return .callback(plan)
    }

    private func explicit(
        _ reader: inout SettingsReader,
        _ request: CarryingRequest
    ) -> Completion {
        let timeout = reader.duration("timeout")
        let channels = channels(ChannelDraft(&reader))
        guard let written = Written(&reader, "wait_for") else {
            return withoutKey(request, timeout, channels)
        }
        guard let key = template(written, .answer) else { return .response }
        adviseOfConstant(key, written, .answer, "every wait has the same key")
        let plan = CallbackPlan(
            isImplicit: false,
            doors: [],
            waitFor: key,
            needsResponse: key.references.contains { $0.source == .response || $0.source == .http },
            channels: channels ?? [0],
            timeout: timeout
        )
        tell(plan, request, timeout: timeout ?? request.owner.timeout, key: written.node.raw)
        return .callback(plan)
    }

    /// `completion: callback` without a key: that of our URL, else the one key of endpoints without `identify_by`.
    private func withoutKey(
        _ request: CarryingRequest,
        _ timeout: Nanoseconds?,
        _ channels: [UInt32]?
    ) -> Completion {
        var plan = implicit(request.urls, timeout: timeout)
        if request.urls.isEmpty {
            plan = CallbackPlan(
                isImplicit: false,
                doors: [],
                waitFor: .constant(.string("__callback__")),
                needsResponse: false,
                channels: channels ?? [0],
                timeout: timeout
            )
        } else {
            plan = CallbackPlan(
                isImplicit: false,
                doors: plan.doors,
                waitFor: nil,
                needsResponse: false,
                channels: plan.channels,
                timeout: timeout
            )
        }
        tell(plan, request, timeout: timeout ?? request.owner.timeout, key: "__callback__")
        return .callback(plan)
    }

    private func implicit(_ carried: [CarriedURL], timeout: Nanoseconds?) -> CallbackPlan {
        var doors: [CallbackPlan.Target] = []
        for url in carried {
            for endpoint in url.endpoints {
                let needs =
                    endpoint.identifyBy?.references.contains {
                        $0.source == .body || $0.source == .item
                    } ?? false
                doors.append(
                    CallbackPlan.Target(endpoint: endpoint, url: url.template, needsResponse: needs)
                )
            }
        }
        var channels: [UInt32] = []
        for door in doors where !channels.contains(door.endpoint.channel) {
            channels.append(door.endpoint.channel)
        }
        channelsInUse.formUnion(channels)
        return CallbackPlan(
            isImplicit: true,
            doors: doors,
            waitFor: nil,
            needsResponse: false,
            channels: channels,
            timeout: timeout
        )
    }

    /// The channels that an endpoint or channel is on; nil where none is named, or none of that name is there.
    func channels(_ draft: ChannelDraft) -> [UInt32]? {
        if let name = draft.channel {
            if let number = settings.channels[name.text] { return [number] }
            diagnostics.error(
                "there is no channel `\(name.text)`",
                at: name.position,
                keyPath: name.keyPath,
                suggestion: NearestName.suggest(
                    name.text,
                    among: settings.channels.keys.sorted()
                )
            )
            return nil
        }
        guard let name = draft.endpoint else { return nil }
        let found = settings.endpoints.filter {
            $0.id == name.text || $0.path == name.text || $0.name == name.text
        }
        if found.isEmpty {
            let names = settings.endpoints.flatMap { [$0.id, $0.path].compactMap { $0 } }
            absent(
                "callback endpoint",
                "`\(name.text)`",
                at: name.position,
                keyPath: name.keyPath,
                suggestion: NearestName.suggest(name.text, among: names)
            )
            return nil
        }
        let channels = Set(found.map(\.channel))
        channelsInUse.formUnion(channels)
        return channels.sorted()
    }
}

extension ChannelDraft {
    /// Reads `channel`, else `endpoint`.
    init(_ reader: inout SettingsReader) {
        channel = WrittenName(&reader, "channel")
        endpoint = channel == nil ? WrittenName(&reader, "endpoint") : nil
    }
}

extension WrittenName {
    /// Reads a text at a key; nil where none stands there.
    fileprivate init?(_ reader: inout SettingsReader, _ key: String) {
        guard let (text, node) = reader.stringAndNode(key) else { return nil }
        self.init(text: text, position: node.position, keyPath: reader.path(key))
    }
}
