internal import Documents
internal import JSONWire

extension Parser {
    /// Refuses a member that a source never has: it would be null for ever.
    func checkMember(_ source: Source, _ pieces: [PathPiece], _ start: Int) throws(SyntaxError) {
        guard let known = members(of: source), case .fixed(.member(let name))? = pieces.first,
            !known.contains(name.text)
        else { return }
        let listed = known.map { "`\($0)`" }.joined(separator: ", ")
        let near = NearestName.suggest(name.text, among: known)
        throw error(
            "`\(source.name)` has no `\(name.text.clipped)` here; it has \(listed)",
            start..<offset,
            suggestion: near.map { "\(source.name).\($0)" }
        )
    }

    /// Whether the expression is an endpoint's, and of nothing else.
    private var isInEndpoint: Bool {
        context.sources.contains(.method) && !context.sources.contains(.response)
    }

    /// The members of a source that has the same ones always; nil for others.
    private func members(of source: Source) -> [String]? {
        switch source {
        case .context where isInEndpoint: ["request_id", "timestamp"]
        case .context:
            [
                "run_id", "task_id", "workflow_id", "step_id", "attempt", "timestamp",
                "request_id",
            ]
        case .client: ["address"]
        case .error: ["code", "message", "step", "attempt", "component", "result"]
        default: nil
        }
    }
}
