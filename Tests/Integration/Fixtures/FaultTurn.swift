import CFaultVFS

/// The right to let calls of the store's file layer fail, for as long as this lives: two suites of one process would
/// meddle with each other.
final class FaultTurn {
    init() {
        fault_vfs_take()
        fault_vfs_register()
    }

    /// Has every read of the store fail from now on.
    func refuseReads() {
        fault_vfs_arm(Int32(fault_read.rawValue), 266, 1, .max / 2)
    }

    /// Has every write to the store fail from now on, as on a disk that is full.
    func refuseWrites() {
        fault_vfs_arm(Int32(fault_write.rawValue), 13, 1, .max / 2)
    }

    /// Lets everything succeed again.
    func end() {
        fault_vfs_disarm()
    }

    deinit {
        fault_vfs_disarm()
        fault_vfs_give()
    }
}
