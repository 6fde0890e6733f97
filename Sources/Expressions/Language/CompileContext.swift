/// What the compiler of expressions must know about the place a value stands at.
package struct CompileContext: Sendable {
    /// The sources that may be named here.
    package var sources: SourceSet
    /// The environment, read once at load; what `${env.NAME}` yields.
    package var environment: [String: String]
    /// The secrets, read once at load; what `${secret.NAME}` yields.
    package var secrets: [String: String]
    /// Whether a variable or secret that is not set is a note (`check --fragment`) and no error.
    package var unsetEnvironmentIsNote: Bool
    /// The path of keys down to the value: `listener.callbacks[0].identify_by`.
    package var keyPath: String
    /// The ids of the workflow's steps: `${ID.output}` is `${jobs.ID.output}` where no source has the name.
    package var stepIDs: Set<String>
    /// The spelling of expressions.
    package var syntax: ExpressionSyntax

    /// Describes a place.
    package init(
        sources: SourceSet,
        environment: [String: String] = [:],
        secrets: [String: String] = [:],
        unsetEnvironmentIsNote: Bool = false,
        keyPath: String = "",
        stepIDs: Set<String> = [],
        syntax: ExpressionSyntax = .dollar
    ) {
        self.sources = sources
        self.environment = environment
        self.secrets = secrets
        self.unsetEnvironmentIsNote = unsetEnvironmentIsNote
        self.keyPath = keyPath
        self.stepIDs = stepIDs
        self.syntax = syntax
    }

    /// The same place, one key further down.
    package func member(_ key: String) -> CompileContext {
        var inner = self
        inner.keyPath = keyPath.isEmpty ? key : "\(keyPath).\(key)"
        return inner
    }

    /// The same place, one list element further down.
    package func element(_ index: Int) -> CompileContext {
        var inner = self
        inner.keyPath = "\(keyPath)[\(index)]"
        return inner
    }
}
