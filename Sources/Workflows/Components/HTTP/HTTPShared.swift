internal import Documents
internal import Expressions
internal import Primitives

/// The settings of an HTTP component that all of its actions share.
struct HTTPShared {
    /// The program of an `http-server`.
    struct LocalServer {
        let id: String
        /// What all paths are appended to; nil where the program is refused.
        let base: String?
    }

    var base: Node?
    var server: LocalServer?
    let headers: [(name: String, value: Template)]
    let completion: Node?

    /// Reads the keys that both types have.
    static func read(
        _ reader: inout SettingsReader,
        _ component: inout ComponentReading,
        _ compiler: PlanCompiler
    ) -> HTTPShared {
        let headers = compiler.headers(&reader)
        let completion = reader.node("completion")
        component.timeout = reader.duration("timeout", bareNumber: .documentMilliseconds)
        return HTTPShared(headers: headers, completion: completion)
    }

    /// Reads an action: its request, and how it ends.
    func action(_ reader: inout SettingsReader, _ action: inout ActionReading) -> HTTPAction? {
        if !action.isInline {
            action.timeout =
                reader.duration("timeout", bareNumber: .documentMilliseconds) ?? action.timeout
        }
        let compiler = action.compiler
        let owner = HTTPOwner(component: action.component, shared: self)
        let made = compiler.httpAction(&reader, owner, isInline: action.isInline)
        action.completion = compiler.completion(
            &reader,
            owner,
            action: action.id,
            made,
            isInline: action.isInline
        )
        return made.action
    }
}
