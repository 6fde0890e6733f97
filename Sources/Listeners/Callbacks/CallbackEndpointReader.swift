package import Documents
package import Expressions
internal import HTTPEngine
internal import HTTPWire
internal import JSONWire
internal import Primitives
internal import Rendezvous
internal import Verification

/// Reads the endpoints of a callback listener: each of `callbacks`, or the one written inline.
package struct CallbackEndpointReader {
    /// The numbers of the channels so far.
    package private(set) var channels: ChannelNumbers
    private let context: CompileContext
    private let place: EndpointPlace
    private var count = 0

    private static let bulkBodyBytesMax = 64 << 20
    private static let itemsMax = 100_000

    /// Begins to read the endpoints of one listener.
    package init(context: CompileContext, place: EndpointPlace, channels: ChannelNumbers) {
        self.context = context
        self.place = place
        self.channels = channels
    }

    /// Reads one of `callbacks`.
    package mutating func read(_ start: SettingsReader, isInline: Bool) -> CallbackEndpoint? {
        var reader = start
        let bodyBytesMax = reader.size("max_body_size") ?? place.bodyBytesMax
        let holdFor = reader.duration("hold_for", default: place.holdFor)
        let verifier = reader.verifier(place.verifiers, inherited: place.verifier)
        let endpoint = endpoint(&reader, bodyBytesMax, holdFor, verifier)
        reader.finish()
        return endpoint
    }

    /// Reads the endpoint that stands in the listener's own block.
    package mutating func read(inline reader: inout SettingsReader) -> CallbackEndpoint? {
        endpoint(&reader, place.bodyBytesMax, place.holdFor, place.verifier)
    }

    private mutating func endpoint(
        _ reader: inout SettingsReader,
        _ bodyBytesMax: Int?,
        _ holdFor: Nanoseconds,
        _ verifier: Verifier?
    ) -> CallbackEndpoint? {
        let start = EndpointStart(&reader, place: place)
        let isBulk = reader.bool("bulk", default: false)
        let identifyBy = template("identify_by", &reader)
        let status = template("status", &reader)
        let (successWhen, failWhen) = (reader.texts("success_when"), reader.texts("fail_when"))
        let (result, item) = (template("result", &reader), template("item", &reader))
        let channel = channel(&reader)
        let reusesKeys = reader.bool("reuse_keys")
        let unmatched = reader.oneOf("unmatched", ["hold", "reject"])
        let itemsMax = reader.integer("max_items", in: 1...10_000_000) ?? Self.itemsMax
        let id = reader.string("id")
        let deduplication = DeduplicationReader(context: context, isBulk: isBulk)
            .deduplication(&reader)
        DeduplicationReader.refuseWindow(&reader)
        advise(reader, identifyBy: identifyBy, status: status, successWhen, failWhen, start.path)
        guard let path = start.path else { return nil }
        defer { count += 1 }
        let read = [identifyBy, status, result, item].compactMap(\.self)
        let templates = read + (deduplication?.templates ?? [])
        start.checkReferences(templates, reader)
        let name = "\(start.methodNames) :\(place.port)\(path)"
        let settings = CallbackSettings(
            index: count,
            listener: place.listener,
            listenerNumber: place.listenerNumber,
            name: name,
            id: id,
            path: path,
            pattern: start.pattern,
            pathPosition: start.position,
            methods: start.methods,
            verifier: verifier,
            channel: channel ?? Channel(number: channels.number(ofEndpoint: name)),
            isOnDefaultChannel: channel == nil,
            identifyBy: identifyBy,
            status: status,
            successWhen: successWhen,
            failWhen: failWhen,
            result: result,
            deduplication: deduplication,
            isBulk: isBulk,
            item: item,
            itemsMax: itemsMax,
            bodyBytesMax: bodyBytesMax
                ?? (isBulk ? Self.bulkBodyBytesMax : place.limits.bodyBytesMax),
            reusesKeys: reusesKeys ?? (identifyBy?.references.isEmpty ?? true),
            rejectsUnmatched: unmatched == "reject",
            holdFor: holdFor,
            respondStatus: start.respondStatus,
            facts: SourceSet(of: templates.flatMap { $0.references.map(\.source) }),
            countedHeaders: Self.headers(in: read)
        )
        return CallbackEndpoint(settings)
    }

    /// The names of the header fields that expressions name, in lower case and in their order.
    private static func headers(in templates: [Template]) -> [String] {
        let names = templates.flatMap(\.references).compactMap { reference -> String? in
            guard reference.source == .header, case .member(let name)? = reference.steps.first
            else { return nil }
            return name.text.lowercased()
        }
        return Set(names).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private func template(_ key: String, _ reader: inout SettingsReader) -> Template? {
        guard let node = reader.node(key) else { return nil }
        var here = context
        here.keyPath = reader.path(key)
        return Template.compile(node, context: here, diagnostics: reader.diagnostics)
    }

    /// The channel the endpoint names; nil for the default one.
    private mutating func channel(_ reader: inout SettingsReader) -> Channel? {
        guard let name = reader.string("channel"), name != "default" else { return nil }
        return Channel(number: channels.number(of: name))
    }

    /// The expression that a constant was probably meant as.
    private func suggestion(for text: String, _ member: Source) -> String? {
        ConstantText.expression(for: text, context.sources, memberOf: member)
    }

    /// Warns of a constant status, and of a result and an item that are written like paths.
    private func adviseOfConstants(_ reader: SettingsReader) {
        for entry in reader.entries where ["status", "result", "item"].contains(entry.key) {
            guard case .text(let text) = entry.value.content, !text.contains("${") else { continue }
            let isStatus = entry.key == "status"
            let isPath =
                ConstantText.isPath(text, context.sources) || text.contains("{{")
                || (text.contains(".") && suggestion(for: text, .body) != nil)
            guard isStatus || isPath || entry.key == "item" else { continue }
            reader.diagnostics.warning(
                "`\(text.clipped)` is a constant: "
                    + (isStatus
                        ? "every callback has the same status" : "no part of the request is read"),
                at: entry.value.position,
                keyPath: reader.path(entry.key),
                suggestion: suggestion(for: text, .body)
            )
        }
    }

    /// Warns of what loads and will surprise.
    private func advise(
        _ reader: SettingsReader,
        identifyBy: Template?,
        status: Template?,
        _ successWhen: [String]?,
        _ failWhen: [String]?,
        _ path: String?
    ) {
        let entry = { (key: String) in reader.entries.first { $0.key == key } }
        // One that is there and wrong has been told.
        if identifyBy == nil, entry("identify_by") == nil, let node = entry("path")?.value {
            reader.diagnostics.advise(
                "without `identify_by` all callbacks have one key: any of them answers any wait",
                at: node.position,
                keyPath: reader.path("path"),
                suggestion: "identify_by: ${body.task_id}"
            )
        }
        if let identifyBy, identifyBy.references.isEmpty, let node = entry("identify_by")?.value {
            let text = identifyBy.constant.map(TextForm.text) ?? ""
            reader.diagnostics.warning(
                "every callback has the same key `\(text.clipped)`: this is a constant",
                at: node.position,
                keyPath: reader.path("identify_by"),
                suggestion: suggestion(for: text, .body)
            )
        }
        adviseOfConstants(reader)
        if status != nil, successWhen != nil, failWhen == nil, let node = entry("status")?.value {
            reader.diagnostics.advise(
                "`fail_when` is not set: a failed job is never noticed; any status outside "
                    + "`success_when` counts as still in progress",
                at: node.position,
                keyPath: reader.path("status")
            )
        }
        contradict(reader, successWhen, failWhen)
        if status == nil, let node = (entry("success_when") ?? entry("fail_when"))?.value {
            reader.diagnostics.advise(
                "without `status` every callback is a success and this list has no effect",
                at: node.position,
                keyPath: reader.keyPath
            )
        }
    }

    /// Refuses a status that would be a success and a failure.
    private func contradict(
        _ reader: SettingsReader,
        _ successWhen: [String]?,
        _ failWhen: [String]?
    ) {
        let both = (failWhen ?? []).filter { successWhen?.contains($0) == true }
        guard let first = both.first,
            let node = reader.entries.first(where: { $0.key == "fail_when" })
        else { return }
        reader.error(
            "`\(first.clipped)` is in `success_when` and in `fail_when`, expected it in one of them",
            at: node.value.position,
            key: "fail_when"
        )
    }
}
