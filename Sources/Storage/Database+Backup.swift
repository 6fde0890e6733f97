internal import CSQLite
internal import Glibc

extension Database {
    /// Copies the database, as it is at one moment, to a new file while others go on reading and
    /// writing.
    ///
    /// The copy is made beside the target, for its owner only, checked, and gets its name only when it is whole.
    /// Blocks; best on a connection of its own, outside of a transaction.
    ///
    /// - Parameters:
    ///   - path: The new file; nothing may be there.
    ///   - pagesPerStep: How many pages are copied between two calls of `onStep`.
    ///   - onStep: Is told how many pages are left of how many; false gives up.
    ///   - mark: Is given the copy before it is checked and gets its name, to write into it that it is one.
    /// - Throws: `cannotOpen` where the target exists, `full`, `io`, `corrupt`, `other` when given
    ///   up.
    package func backUp(
        to path: String,
        pagesPerStep: Int32 = 1024,
        onStep: (_ left: Int, _ of: Int) -> Bool = { _, _ in true },
        mark: (Database) throws(StorageError) -> Void = { _ in }
    ) throws(StorageError) {
        guard unsafe access(path, F_OK) != 0 else {
            throw StorageError(.cannotOpen, "\(path) exists already")
        }
        let partial = path + ".partial"
        Self.remove(partial)
        try Self.make(partial)
        do throws(StorageError) {
            try copy(to: partial, pagesPerStep: pagesPerStep, onStep, mark)
            try Self.sync(partial)
        } catch let failure {
            Self.remove(partial)
            throw failure
        }
        guard unsafe rename(partial, path) == 0 else {
            let reason = errno
            Self.remove(partial)
            throw StorageError(.io, "\(partial) cannot be renamed to \(path) (errno \(reason))")
        }
        // The name too: a backup that was told of survives a power cut.
        let slash = path.lastIndex(of: "/")
        let parent = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        try Self.sync(parent)
    }

    /// Removes a file with what SQLite puts beside it: a journal that stayed would be taken for that of the next one.
    private static func remove(_ partial: String) {
        for suffix in ["", "-journal", "-wal", "-shm"] { unsafe unlink(partial + suffix) }
    }

    /// Has a file or directory reach the medium.
    private static func sync(_ path: String) throws(StorageError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw StorageError(.io, "\(path) cannot be opened (errno \(errno))")
        }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw StorageError(.io, "\(path) cannot be synced (errno \(errno))")
        }
    }

    /// Makes an empty file that only its owner may read: so is what comes into it.
    private static func make(_ path: String) throws(StorageError) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StorageError(.cannotOpen, "\(path) cannot be made (errno \(errno))")
        }
        close(descriptor)
    }

    private func copy(
        to partial: String,
        pagesPerStep: Int32,
        _ onStep: (Int, Int) -> Bool,
        _ mark: (Database) throws(StorageError) -> Void
    ) throws(StorageError) {
        var settings = DatabaseSettings(path: partial)
        settings.fileLayer = self.settings.fileLayer
        settings.synchronous = .full
        let target = try Database(bare: settings)
        // A read transaction holds one state of the source still, however many steps the copy
        // takes.
        try transaction(.deferred) { () throws(StorageError) in
            _ = try integer("SELECT count(*) FROM sqlite_master")
            try copyPages(to: target, pagesPerStep: max(pagesPerStep, 1), onStep)
        }
        try target.addRowSums()
        try mark(target)
        // A copy in WAL mode would get files beside it as soon as somebody reads it.
        guard try target.text("PRAGMA journal_mode = DELETE") == "delete" else {
            throw StorageError(.io, "the copy's log could not be moved into it")
        }
        let problems = try target.findProblems(isQuick: true, problemsMax: 1)
        if let problem = problems.first {
            throw StorageError(.corrupt, "the copy is damaged: \(problem)")
        }
    }

    private func copyPages(
        to target: Database,
        pagesPerStep: Int32,
        _ onStep: (Int, Int) -> Bool
    ) throws(StorageError) {
        guard let backup = unsafe sqlite3_backup_init(target.handle, "main", handle, "main") else {
            throw unsafe StorageError(
                code: sqlite3_extended_errcode(target.handle),
                database: target.handle
            )
        }
        var code = SQLITE_OK
        var goesOn = true
        while code == SQLITE_OK, goesOn {
            code = unsafe sqlite3_backup_step(backup, pagesPerStep)
            let left = Int(unsafe sqlite3_backup_remaining(backup))
            goesOn = onStep(left, Int(unsafe sqlite3_backup_pagecount(backup)))
        }
        let end = unsafe sqlite3_backup_finish(backup)
        guard code == SQLITE_DONE else {
            if code == SQLITE_OK { throw StorageError(.other, "the backup was given up") }
            throw unsafe StorageError(code: end == SQLITE_OK ? code : end, database: target.handle)
        }
        try target.check(end)
    }
}
