internal import Loops
internal import Outbound
internal import Platform
internal import Primitives

/// What the commands that serve without a configuration share.
enum TryingService {
    /// The port that a command line's one operand names; nil for anything else than one port.
    static func port(_ arguments: Arguments, default standard: Int) -> Int? {
        guard arguments.operands.count <= 1 else { return nil }
        guard let word = arguments.operands.first else { return standard }
        return Int(word).flatMap { (0...65_535).contains($0) ? $0 : nil }
    }

    /// Serves until a signal ends it.
    ///
    /// - Parameter start: Starts what is served, and gives it.
    /// - Returns: The exit code.
    static func serve<Service: AnyObject>(_ start: () throws -> Service) -> Int32 {
        do {
            let ended = Parker()
            let watcher = try SignalWatcher(onFirst: { _ in ended.unpark() })
            let service = try start()
            withExtendedLifetime((watcher, service)) { ended.park() }
            return 0
        } catch let error as LoopError {
            return Program.failed(error.message)
        } catch {
            return Program.failed("\(error)")
        }
    }
}
