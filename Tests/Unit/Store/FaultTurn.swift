import CFaultVFS

/// The right to let calls of the file layer fail, for as long as this lives: two suites of one process would meddle with
/// each other.
final class FaultTurn {
    init() { fault_vfs_take() }

    deinit {
        fault_vfs_disarm()
        fault_vfs_give()
    }
}
