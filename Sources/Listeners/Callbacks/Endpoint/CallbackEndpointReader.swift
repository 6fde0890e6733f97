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
    /// The numbers of who holds callbacks, in the journal.
    package private(set) var numbers: ListenerNumbers
    private var count = 0

    /// Begins to read the endpoints of one listener.
    package init(
        context: CompileContext,
        place: EndpointPlace,
        channels: ChannelNumbers,
        numbers: ListenerNumbers
    ) {
        self.numbers = numbers
        self.context = context
        self.place = place
        self.channels = channels
    }

    /// Reads one of `callbacks`.
    package mutating func read(_ start: SettingsReader, isInline: Bool) -> CallbackEndpoint? {
        var reader = start
        reader.accept(CallbackKeys.map)
        let bounds = Bounds(
            bodyBytesMax: reader.read(EndpointKeys.bodyBytesMax) ?? place.bodyBytesMax,
            holdFor: reader.read(CallbackKeys.holdFor) ?? place.holdFor,
            held: held(&reader),
            verifier: reader.verifier(place.verifiers, inherited: place.verifier)
        )
        let endpoint = endpoint(&reader, bounds)
        reader.finish()
        return endpoint
    }

    /// Reads the endpoint that stands in the listener's own block.
    package mutating func read(inline reader: inout SettingsReader) -> CallbackEndpoint? {
        reader.accept(CallbackKeys.inline)
        let bounds = Bounds(
            bodyBytesMax: place.bodyBytesMax,
            holdFor: place.holdFor,
            held: nil,
            verifier: place.verifier
        )
        return endpoint(&reader, bounds)
    }

    /// The bounds that an endpoint has.
    private struct Bounds {
        /// The most bytes of a body; nil for what is usual.
        let bodyBytesMax: Int?
        /// How long a callback is held.
        let holdFor: Nanoseconds
        /// How many callbacks it holds itself; nil: they count as its listener's.
        let held: WaiterTable.HeldLimits?
        /// Who may send; nil for anybody.
        let verifier: Verifier?
    }

    /// The number in the journal of who its held callbacks count against.
    private mutating func number(_ name: String, _ bounds: Bounds) -> Int {
        bounds.held == nil ? place.listenerNumber : numbers.number(of: "endpoint \(name)")
    }

    /// The bounds of held callbacks that an endpoint has for itself; nil where it names none.
    private func held(_ reader: inout SettingsReader) -> WaiterTable.HeldLimits? {
        let count = reader.read(CallbackKeys.heldCountMax)
        let size = reader.read(CallbackKeys.heldBytesMax)
        guard count != nil || size != nil else { return nil }
        return WaiterTable.HeldLimits(
            countMax: count ?? place.held.countMax,
            bytesMax: size ?? place.held.bytesMax
        )
    }

    private mutating func endpoint(
        _ reader: inout SettingsReader,
        _ bounds: Bounds
    ) -> CallbackEndpoint? {
        let start = EndpointStart(&reader, place: place, hasKeys: true)
        let isBulk = reader.read(EndpointKeys.isBulk)
        let identifyBy = template(CallbackKeys.identifyBy, &reader)
        let status = template(CallbackKeys.status, &reader)
        let successWhen = reader.read(CallbackKeys.successWhen)
        let failWhen = reader.read(CallbackKeys.failWhen)
        let result = template(CallbackKeys.result, &reader)
        let item = template(EndpointKeys.item, &reader)
        let channel = channel(&reader)
        let reusesKeys = reader.read(CallbackKeys.reusesKeys)
        let unmatched = reader.read(CallbackKeys.unmatched)
        let itemsMax = reader.read(EndpointKeys.itemsMax)
        let id = reader.read(CallbackKeys.id)
        let deduplication = deduplication(&reader, isBulk: isBulk)
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
            listenerNumber: number(name, bounds),
            held: bounds.held,
            name: name,
            id: id,
            path: path,
            pattern: start.pattern,
            pathPosition: start.position,
            methods: start.methods,
            verifier: bounds.verifier,
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
            bodyBytesMax: bounds.bodyBytesMax ?? usualBodyBytesMax(isBulk: isBulk),
            reusesKeys: reusesKeys ?? (identifyBy?.references.isEmpty ?? true),
            rejectsUnmatched: unmatched == .reject,
            holdFor: bounds.holdFor,
            respondStatus: start.respondStatus,
            rules: start.rules,
            facts: SourceSet(of: templates.flatMap { $0.references.map(\.source) }),
            countedHeaders: Self.headers(in: read)
        )
        return CallbackEndpoint(settings)
    }

    /// The bound of bodies where nothing says.
    private func usualBodyBytesMax(isBulk: Bool) -> Int {
        isBulk ? EndpointKeys.bulkBodyBytesMax : place.limits.bodyBytesMax
    }

    /// What tells repeated callbacks; the window is a trigger's alone.
    private func deduplication(_ reader: inout SettingsReader, isBulk: Bool) -> Deduplication? {
        let read = DeduplicationReader(context: context, isBulk: isBulk).deduplication(&reader)
        DeduplicationReader.refuseWindow(&reader)
        return read
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

    private func template(
        _ key: SettingKey<Node?>,
        _ reader: inout SettingsReader
    ) -> Template? {
        guard let node = reader.node(key) else { return nil }
        var here = context
        here.keyPath = reader.path(key.name)
        return Template.compile(node, context: here, diagnostics: reader.diagnostics)
    }

    /// The channel the endpoint names; nil for the default one.
    private mutating func channel(_ reader: inout SettingsReader) -> Channel? {
        let name = reader.read(CallbackKeys.channel)
        guard name != CallbackKeys.channel.fallback else { return nil }
        return Channel(number: channels.number(of: name))
    }

    /// The expression that a constant was probably meant as.
    private func suggestion(for text: String, _ member: Source) -> String? {
        ConstantText.expression(for: text, context.sources, memberOf: member)
    }

    /// Warns of a constant status, and of a result and an item that are written like paths.
    private func adviseOfConstants(_ reader: SettingsReader) {
        let read = [CallbackKeys.status, CallbackKeys.result, EndpointKeys.item].map(\.name)
        for entry in reader.entries where read.contains(entry.key) {
            guard case .text(let text) = entry.value.content, !text.contains("${") else { continue }
            let isStatus = entry.key == CallbackKeys.status.name
            let isPath =
                ConstantText.isPath(text, context.sources) || text.contains("{{")
                || (text.contains(".") && suggestion(for: text, .body) != nil)
            guard isStatus || isPath || entry.key == EndpointKeys.item.name else { continue }
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
        if identifyBy == nil, entry(CallbackKeys.identifyBy.name) == nil,
            let node = entry(EndpointKeys.path.name)?.value
        {
            reader.diagnostics.advise(
                "without `identify_by` all callbacks have one key: any of them answers any wait",
                at: node.position,
                keyPath: reader.path(EndpointKeys.path.name),
                suggestion: "identify_by: ${body.task_id}"
            )
        }
        if let identifyBy, identifyBy.references.isEmpty,
            let node = entry(CallbackKeys.identifyBy.name)?.value
        {
            let text = identifyBy.constant.map(TextForm.text) ?? ""
            reader.diagnostics.warning(
                "every callback has the same key `\(text.clipped)`: this is a constant",
                at: node.position,
                keyPath: reader.path(CallbackKeys.identifyBy.name),
                suggestion: suggestion(for: text, .body)
            )
        }
        adviseOfConstants(reader)
        if status != nil, successWhen != nil, failWhen == nil,
            let node = entry(CallbackKeys.status.name)?.value
        {
            reader.diagnostics.advise(
                "`fail_when` is not set: a failed job is never noticed; any status outside "
                    + "`success_when` counts as still in progress",
                at: node.position,
                keyPath: reader.path(CallbackKeys.status.name)
            )
        }
        contradict(reader, successWhen, failWhen)
        if status == nil,
            let node = (entry(CallbackKeys.successWhen.name) ?? entry(CallbackKeys.failWhen.name))?
                .value
        {
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
            let node = reader.entries.first(where: { $0.key == CallbackKeys.failWhen.name })
        else { return }
        reader.error(
            "`\(first.clipped)` is in `success_when` and in `fail_when`, expected it in one of them",
            at: node.value.position,
            key: CallbackKeys.failWhen.name
        )
    }
}
