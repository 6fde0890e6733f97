package import Documents
package import Expressions
internal import HTTPEngine
internal import Verification

/// Reads the endpoints of a trigger listener: each of `triggers`, or the one written inline.
package struct TriggerEndpointReader {
    private let context: CompileContext
    private let place: EndpointPlace
    private var count = 0

    private static let bulkBodyBytesMax = 64 << 20
    private static let itemsMax = 100_000

    /// Begins to read the endpoints of one listener.
    package init(context: CompileContext, place: EndpointPlace) {
        self.context = context
        self.place = place
    }

    /// Reads one of `triggers`.
    package mutating func read(_ start: SettingsReader) -> TriggerEndpoint? {
        var reader = start
        let bodyBytesMax = reader.size("max_body_size") ?? place.bodyBytesMax
        let verifier = reader.verifier(place.verifiers, inherited: place.verifier)
        let endpoint = endpoint(&reader, bodyBytesMax, verifier)
        reader.finish()
        return endpoint
    }

    /// Reads the endpoint that stands in the listener's own block.
    package mutating func read(inline reader: inout SettingsReader) -> TriggerEndpoint? {
        endpoint(&reader, place.bodyBytesMax, place.verifier)
    }

    private mutating func endpoint(
        _ reader: inout SettingsReader,
        _ bodyBytesMax: Int?,
        _ verifier: Verifier?
    ) -> TriggerEndpoint? {
        let start = EndpointStart(&reader, place: place)
        let isBulk = reader.bool("bulk", default: false)
        let item = template("item", &reader)
        let input = template("input", &reader)
        let itemsMax = reader.integer("max_items", in: 1...10_000_000) ?? Self.itemsMax
        let deduplication = DeduplicationReader(context: context, isBulk: isBulk)
            .deduplication(&reader)
        let deduplicateFor = DeduplicationReader.window(&reader)
        if !reader.has("workflow") {
            reader.missing("workflow", expected: "the id of the workflow a request starts")
        }
        guard let position = reader.node("workflow")?.position,
            let workflow = template("workflow", &reader), let path = start.path
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
                ?? (isBulk ? Self.bulkBodyBytesMax : place.limits.bodyBytesMax),
            respondStatus: start.respondStatus,
            facts: SourceSet(of: templates.flatMap { $0.references.map(\.source) })
        )
    }

    private func template(_ key: String, _ reader: inout SettingsReader) -> Template? {
        guard let node = reader.node(key) else { return nil }
        var here = context
        here.keyPath = reader.path(key)
        return Template.compile(node, context: here, diagnostics: reader.diagnostics)
    }
}
