package import Loops

/// Makes the handler of some routes, one for each loop.
///
/// Routes that hold the same factory share its handlers.
package final class HandlerFactory: Sendable {
    private let make: @Sendable (EventLoop) -> any RequestHandler

    /// Makes a factory; `make` is called once a loop, on the loop, at start.
    package init(_ make: @escaping @Sendable (EventLoop) -> any RequestHandler) {
        self.make = make
    }

    /// The handler of one loop, new with each call.
    func handler(on loop: EventLoop) -> any RequestHandler {
        make(loop)
    }
}
