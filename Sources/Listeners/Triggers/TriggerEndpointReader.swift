package import Documents
package import Expressions
internal import HTTPEngine
internal import Verification

/// Reads the endpoints of a trigger listener: each of `triggers`, or the one written inline.
package struct TriggerEndpointReader {
    private let context: CompileContext
    private let place: EndpointPlace
    private var count = 0

    /// Begins to read the endpoints of one listener.
    package init(context: CompileContext, place: EndpointPlace) {
        self.context = context
        self.place = place
    }

    /// Reads one of `triggers`.
    package mutating func read(_ start: SettingsReader) -> TriggerEndpoint? {
        var reader = start
        reader.accept(TriggerKeys.map)
        let bodyBytesMax = reader.read(EndpointKeys.bodyBytesMax) ?? place.bodyBytesMax
        let verifier = reader.verifier(place.verifiers, inherited: place.verifier)
        let endpoint = endpoint(&reader, bodyBytesMax, verifier)
        reader.finish()
        return endpoint
    }

    /// Reads the endpoint that stands in the listener's own block.
    package mutating func read(inline reader: inout SettingsReader) -> TriggerEndpoint? {
        reader.accept(TriggerKeys.inline)
        return endpoint(&reader, place.bodyBytesMax, place.verifier)
    }

    private mutating func endpoint(
        _ reader: inout SettingsReader,
        _ bodyBytesMax: Int?,
        _ verifier: Verifier?
    ) -> TriggerEndpoint? {
        let start = EndpointStart(&reader, place: place, hasKeys: false)
        let isBulk = reader.read(EndpointKeys.isBulk)
        let item = template(EndpointKeys.item, &reader)
        let input = template(TriggerKeys.input, &reader)
        let itemsMax = reader.read(EndpointKeys.itemsMax)
        let deduplication = DeduplicationReader(context: context, isBulk: isBulk)
            .deduplication(&reader)
        let deduplicateFor = reader.read(TriggerKeys.deduplicateFor)
        if !reader.has(TriggerKeys.workflow) {
            reader.missing(
                TriggerKeys.workflow.name,
                expected: "the id of the workflow a request starts"
            )
        }
        guard let position = reader.node(TriggerKeys.workflow)?.position,
            let workflow = template(TriggerKeys.workflow, &reader), let path = start.path
        else { return nil }
        defer { count += 1 }
        let templates =
            [workflow, input, item].compactMap(\.self) + (deduplication?.templates ?? [])
        start.checkReferences(templates, reader)
        return TriggerEndpoint(
            index: count,
            name: "\(start.methodNames) :\(place.port)\(path)",
            path: path,
            pattern: start.pattern,
            pathPosition: start.position,
            methods: start.methods,
            verifier: verifier,
            workflow: workflow,
            workflowPosition: position,
            input: input,
            deduplication: deduplication,
            deduplicateFor: deduplicateFor,
            isBulk: isBulk,
            item: item,
            itemsMax: itemsMax,
            bodyBytesMax: bodyBytesMax
                ?? (isBulk ? EndpointKeys.bulkBodyBytesMax : place.limits.bodyBytesMax),
            respondStatus: start.respondStatus,
            rules: start.rules,
            facts: SourceSet(of: templates.flatMap { $0.references.map(\.source) })
        )
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
}
