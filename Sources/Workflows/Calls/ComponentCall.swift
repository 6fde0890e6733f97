/// What a step wants done by the world outside.
package enum ComponentCall: Sendable {
    /// Send an HTTP request and answer with ``RunEvent/responded(_:_:)``.
    case http(HTTPCall)
    /// Write a log line; nobody waits for it.
    case log(LogCall)
    /// Run a program and answer with ``RunEvent/responded(_:_:)``.
    case shell(ShellCall)
    /// Pause and answer with ``RunEvent/responded(_:_:)``, within the component's bound.
    case delay(DelayCall)
}
