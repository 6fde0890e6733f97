/// The sources that an expression may name at its place in the configuration.
///
/// `env` and `secret` are put in at load, so every ready-made set has them.
package struct SourceSet: OptionSet, Sendable, Hashable {
    /// One bit a source, at the place of its raw value.
    package let rawValue: UInt32

    /// Makes a set from its bits.
    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Makes a set from sources.
    package init(of sources: [Source]) {
        rawValue = sources.reduce(0) { $0 | Self.bit($1) }
    }

    /// What an endpoint of a listener may name.
    package static let listener = SourceSet(of: [
        .body, .item, .query, .header, .path, .method, .client, .request, .context, .env, .secret,
    ])
    /// What a component's action may name.
    package static let component = SourceSet(of: [
        .input, .response, .result, .context, .gateway, .env, .secret,
    ])
    /// What a component's action may name once there is an answer: its output, and how it ends.
    package static let answer = component.union(SourceSet(of: [.http]))
    /// What a step of a workflow may name.
    package static let job = SourceSet(of: [
        .input, .jobs, .output, .error, .item, .index, .context, .gateway, .env, .secret,
    ])
    /// What a workflow's own output may name.
    package static let workflowOutput = SourceSet(of: [
        .input, .jobs, .output, .context, .gateway, .env, .secret,
    ])
    /// What settings may name that are fixed at load.
    package static let atLoad = SourceSet(of: [.env, .secret])

    /// Whether a source is in the set.
    package func contains(_ source: Source) -> Bool {
        rawValue & Self.bit(source) != 0
    }

    /// The sources in the set, in the order of their declaration.
    package var sources: [Source] { Source.allCases.filter { contains($0) } }

    private static func bit(_ source: Source) -> UInt32 {
        1 << UInt32(source.rawValue)
    }
}
