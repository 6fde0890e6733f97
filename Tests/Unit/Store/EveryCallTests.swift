import CFaultVFS
import Foundation
import Primitives
import TestKit
import Testing

@testable import Journal
@testable import Store

/// In SQLite's own manner: one after the other every call of its file layer fails, once or from there on, and what the store
/// holds afterwards is what it holds without.
///
/// A sample of the calls of every kind is always run; with `SLUICE_EVERY_CALL=1` it is every one of them. One at a time, for the
/// file layer counts for the whole process.
@Suite(.serialized) struct EveryCallTests {
    private let turn = FaultTurn()

    private static let kinds: [(name: String, operation: fault_operation)] = [
        ("open", fault_open), ("read", fault_read), ("write", fault_write), ("sync", fault_sync),
        ("lock", fault_lock), ("truncate", fault_truncate), ("close", fault_close),
        ("file size", fault_file_size), ("unlock", fault_unlock), ("control", fault_control),
        ("shm map", fault_shm_map), ("shm lock", fault_shm_lock), ("delete", fault_delete),
        ("access", fault_access), ("path", fault_path),
    ]

    private static let isWhole =
        ProcessInfo.processInfo.environment["SLUICE_EVERY_CALL"] != nil

    /// A call that is made to fail, or with all after it.
    private struct Fault {
        let name: String
        let operation: fault_operation
        let call: Int64
        let times: Int64
    }

    /// Which calls are made to fail, of as many as a tour makes of each kind.
    private static func chosen(_ counts: [Int64], _ kind: StoreTour.Kind) -> [Fault] {
        var faults: [Fault] = []
        let place = StoreTour.Kind.allCases.firstIndex(of: kind) ?? 0
        for (index, (fault, count)) in zip(kinds, counts).enumerated() where count > 0 {
            if isWhole {
                for call in 1...count {
                    for times in [1, .max - call] {
                        faults.append(
                            Fault(
                                name: fault.name,
                                operation: fault.operation,
                                call: call,
                                times: times
                            )
                        )
                    }
                }
            } else if index % StoreTour.Kind.allCases.count == place {
                let call = [1, (count + 1) / 2, count][index / 3 % 3]
                let times = index % 2 == 0 ? 1 : .max - call
                faults.append(
                    Fault(name: fault.name, operation: fault.operation, call: call, times: times)
                )
            }
        }
        return faults
    }

    @Test(arguments: StoreTour.Kind.allCases)
    func `an error at any call loses nothing, doubles nothing and leaves the store sound`(
        _ kind: StoreTour.Kind
    ) throws {
        fault_vfs_register()
        fault_vfs_skip_syncs(1)
        defer { fault_vfs_skip_syncs(0) }
        let sound = try StoreTour(kind, like: nil)
        // Only counted.
        fault_vfs_arm(Int32(fault_every.rawValue), 0, .max, 1)
        sound.travel()
        let counts = Self.kinds.map { fault_vfs_calls_of(Int32($0.operation.rawValue)) }
        fault_vfs_disarm()
        #expect(sound.troubles.isEmpty)
        try sound.arrive("without a fault")
        var failed = 0
        let faults = Self.chosen(counts, kind)
        for fault in faults {
            let tour = try StoreTour(kind, like: sound)
            fault_vfs_arm(Int32(fault.operation.rawValue), 0, fault.call, fault.times)
            tour.travel()
            if fault_vfs_disarm() > 0 { failed += 1 }
            let place =
                "\(kind), \(fault.name) \(fault.call)\(fault.times > 1 ? " and all after" : "")"
            tour.expectToldAsTrouble(place)
            try tour.arrive(place)
        }
        // The store's own thread calls now a little earlier, now a little later.
        #expect(failed > faults.count / 2)
        let isSeen = zip(Self.kinds, counts).filter { $0.1 > 0 }.map(\.0.name)
        #expect(Set(isSeen).isSuperset(of: ["open", "read", "lock", "file size", "shm map"]))
    }
}
