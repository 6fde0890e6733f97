internal import Documents
internal import Primitives

/// An HTTP component, as its requests and waits need to know it.
struct HTTPOwner {
    let component: ComponentReading
    let shared: HTTPShared

    var id: String { component.id }
    var position: SourcePosition { component.position }
    /// The bound of one try, where the action names none.
    var timeout: Nanoseconds? { component.timeout }
}
