internal import Documents

/// The types of components there are.
package struct ComponentTable: Sendable {
    /// The types in the order in which messages list them; a type that is not here does not exist.
    static let types: [any ComponentType.Type] = [
        HTTPClientComponent.self,
        HTTPServerComponent.self,
        ShellComponent.self,
        ChildRunComponent.self,
        LoggerComponent.self,
        DelayComponent.self,
    ]

    /// The table of this program.
    package static let standard = ComponentTable(types)

    let types: [any ComponentType.Type]

    init(_ types: [any ComponentType.Type]) {
        self.types = types
    }

    /// The words after `type:`.
    package var names: [String] { types.map { $0.name } }

    /// The type with a name; nil where there is none.
    func find(_ name: String) -> (any ComponentType.Type)? {
        types.first { $0.name == name }
    }

    /// The names of the components that need not be declared.
    var builtInNames: [String] {
        types.filter { Self.builtIn($0) != nil }.map { $0.name }
    }

    /// A component that needs no configuration and can be named without being declared; nil for other names.
    func builtIn(_ id: String) -> ComponentPlan? {
        guard let type = find(id), let work = Self.builtIn(type) else { return nil }
        let position = SourcePosition(file: "", line: 0, column: 0)
        let action = ActionPlan(
            id: "__action__",
            component: id,
            isDefault: true,
            work: work,
            output: nil,
            completion: .response,
            timeout: nil,
            repeatsAfterCrash: true,
            position: position,
            inputReferences: [],
            inputHints: []
        )
        return ComponentPlan(
            id: id,
            type: type.name,
            maxConcurrentCount: 0,
            rateLimit: nil,
            server: nil,
            position: position,
            isDefault: false,
            actions: [action]
        )
    }

    private static func builtIn<Type: ComponentType>(_ type: Type.Type) -> (any ComponentType)? {
        type.builtIn
    }
}
