internal import Configuration
internal import Platform
internal import Primitives
internal import Sluice
internal import Store

/// Opens the store of a configuration, and waits for room where the disk is full: callers are answered meanwhile.
struct StoreOpening {
    let configuration: Configuration
    let log: Log
    let stop: StopSwitch

    private static let pause = Nanoseconds.seconds(1)
    /// How many pauses without any change of the free space end in an attempt nevertheless.
    private static let pausesMax = 60

    /// Opens it; nil where a signal came while there was no room.
    ///
    /// - Throws: ``StartFailure`` for every other reason not to open it.
    func persistence() throws -> Persistence? {
        do throws(StartFailure) {
            return try Persistence(configuration, log: log)
        } catch {
            guard error.isDiskFull else { throw error }
            return try waiting(error)
        }
    }

    private func waiting(_ failure: StartFailure) throws -> Persistence? {
        log(.error, "Nothing is taken until there is room on the disk: \(failure.message)")
        let server = try UnavailableServer(configuration, reason: failure.message, log: log)
        let parker = Parker()
        // Before anybody can see that the server is there.
        try stop.watch { [log] signal in
            log(.info, "Stopping", [.init("signal", signal.name)])
            parker.unpark()
        }
        try server.start()
        defer { server.stop() }
        while !stop.isPulled {
            waitForRoom(parker)
            if stop.isPulled { break }
            do throws(StartFailure) {
                let persistence = try Persistence(configuration, log: log)
                log(.info, "There is room on the disk again")
                return persistence
            } catch {
                guard error.isDiskFull else { throw error }
                server.setReason(error.message)
            }
        }
        return nil
    }

    /// Waits until the free space has changed, for each attempt writes a little to the log.
    private func waitForRoom(_ parker: Parker) {
        let before = FreeSpace.bytes(at: configuration.store.path)
        for _ in 0..<Self.pausesMax where !stop.isPulled {
            parker.park(until: .now().advanced(by: Self.pause))
            if FreeSpace.bytes(at: configuration.store.path) != before { return }
        }
    }
}
