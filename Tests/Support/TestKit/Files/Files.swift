internal import Glibc

/// Reads, writes and lists files, in whole.
package enum Files {
    /// Whether there is a file or folder.
    package static func exists(_ path: String) -> Bool {
        unsafe access(path, F_OK) == 0
    }

    /// The whole content of a file.
    ///
    /// - Throws: ``KitError/missing(_:)`` where it cannot be opened.
    package static func bytes(_ path: String) throws(KitError) -> [UInt8] {
        guard let file = unsafe fopen(path, "rbe") else { throw .missing(path) }
        defer { unsafe fclose(file) }
        var content: [UInt8] = []
        while true {
            let part = unsafe [UInt8](unsafeUninitializedCapacity: 65536) { buffer, count in
                count = unsafe fread(buffer.baseAddress, 1, buffer.count, file)
            }
            if part.isEmpty { return content }
            content += part
        }
    }

    /// The whole content of a file as text.
    package static func text(_ path: String) throws(KitError) -> String {
        String(decoding: try bytes(path), as: UTF8.self)
    }

    /// Writes a file, in place of one that is there.
    package static func write(_ text: String, to path: String) throws(KitError) {
        try write(Array(text.utf8), to: path)
    }

    /// The permission bits of a file.
    package static func mode(_ path: String) throws(KitError) -> UInt32 {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw .missing(path) }
        return status.st_mode & 0o777
    }

    /// Writes a file, in place of one that is there.
    package static func write(_ bytes: [UInt8], to path: String) throws(KitError) {
        guard let file = unsafe fopen(path, "wbe") else { throw .missing(path) }
        let written = unsafe fwrite(bytes, 1, bytes.count, file)
        guard unsafe fclose(file) == 0, written == bytes.count else {
            throw .system(call: "write \(path)", errno: errno)
        }
    }

    /// The files below a folder, as sorted paths relative to it; folders whose name begins with a dot are left out.
    package static func below(_ folder: String) throws(KitError) -> [String] {
        var found: [String] = []
        var pending = [""]
        while let prefix = pending.popLast() {
            for (name, isFolder) in try entries("\(folder)/\(prefix)") where name.first != "." {
                if isFolder {
                    pending.append("\(prefix)\(name)/")
                } else {
                    found.append(prefix + name)
                }
            }
        }
        return found.sorted()
    }

    /// The names in one folder, sorted, and whether each is a folder itself; without `.` and `..`.
    package static func entries(
        _ folder: String
    ) throws(KitError) -> [(name: String, isFolder: Bool)] {
        guard let handle = unsafe opendir(folder) else { throw .missing(folder) }
        defer { unsafe closedir(handle) }
        var found: [(name: String, isFolder: Bool)] = []
        while let entry = unsafe readdir(handle) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
            }
            if name == "." || name == ".." { continue }
            found.append((name, unsafe entry.pointee.d_type == UInt8(DT_DIR)))
        }
        return found.sorted { $0.name < $1.name }
    }

    /// Removes a file, or a folder with everything in it; what is not there is fine.
    package static func removeTree(_ path: String) {
        do throws(KitError) {
            for (name, isFolder) in try entries(path) {
                let inner = "\(path)/\(name)"
                if isFolder { removeTree(inner) } else { unsafe remove(inner) }
            }
            unsafe rmdir(path)
        } catch {
            // It is a file, or not there.
            unsafe remove(path)
        }
    }
}
