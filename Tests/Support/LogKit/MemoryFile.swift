package import SegmentLog
internal import TestKit

/// A file on a ``MemoryDisk``.
package final class MemoryFile: LogFile {
    package let name: String
    private let disk: MemoryDisk
    private let node: Int

    package init(disk: MemoryDisk, node: Int, name: String) {
        self.disk = disk
        self.node = node
        self.name = name
    }

    package func size() throws(FileFailure) -> UInt64 {
        try change(.size) { UInt64($0.current.count) }
    }

    package func preallocate(_ count: UInt64) throws(FileFailure) {
        try change(.preallocate) { node in
            node.current = [UInt8](repeating: 0, count: Int(count))
            node.durable = node.current
            node.dirty = []
        }
    }

    package func write(_ bytes: RawSpan, at offset: UInt64) throws(FileFailure) {
        let copy = unsafe bytes.withUnsafeBytes { part in unsafe [UInt8](part) }
        let start = Int(offset)
        let wasOff = disk.isOff
        do throws(FileFailure) {
            try change(.write) { Self.put(copy, at: start, in: &$0) }
        } catch {
            // A write that fails, or is under way when the power goes, may have reached the medium
            // in part.
            disk.state.withLock { state in
                guard !wasOff, var node = state.nodes[self.node] else { return }
                let part = Int.random(in: 0...copy.count / 512, using: &state.random) * 512
                Self.put(Array(copy.prefix(part)), at: start, in: &node)
                state.nodes[self.node] = node
            }
            throw error
        }
    }

    package func read(
        into bytes: inout MutableRawSpan,
        at offset: UInt64
    ) throws(FileFailure) -> Int {
        let content = try change(.read) { node -> [UInt8] in
            let start = min(Int(offset), node.current.count)
            return Array(node.current[start...].prefix(bytes.byteCount))
        }
        unsafe bytes.withUnsafeMutableBytes { unsafe $0.copyBytes(from: content) }
        return content.count
    }

    package func sync() throws(FileFailure) {
        do throws(FileFailure) {
            let ignored = disk.state.withLock { $0.ignoresSync }
            try change(.sync) { if !ignored { Self.persist(&$0) } }
        } catch {
            // As Linux has it: after a failed sync the pages count as clean, though any part of them was not written.
            disk.state.withLock { state in
                guard !state.isOff, var part = state.nodes.removeValue(forKey: node) else { return }
                MemoryDisk.writeBackSome(&part, &state.random)
                state.nodes[node] = part
            }
            throw error
        }
    }

    package func truncate(to count: UInt64) throws(FileFailure) {
        try change(.truncate) { node in
            let rest = max(0, Int(count) - node.current.count)
            node.current =
                Array(node.current.prefix(Int(count))) + [UInt8](repeating: 0, count: rest)
            node.durable = node.current
        }
    }

    package func discardCache() throws(FileFailure) {
        try change(.discardCache) { node in
            if node.dirty.isEmpty { node.current = node.durable }
        }
    }

    private static func put(_ bytes: [UInt8], at start: Int, in node: inout MemoryDisk.Node) {
        guard !bytes.isEmpty else { return }
        let end = start + bytes.count
        if node.current.count < end {
            let missing = [UInt8](repeating: 0, count: end - node.current.count)
            node.current += missing
            node.durable += missing
        }
        node.current.replaceSubrange(start..<end, with: bytes)
        node.dirty.append(start..<end)
    }

    private static func persist(_ node: inout MemoryDisk.Node) {
        for range in node.dirty { node.durable.replaceSubrange(range, with: node.current[range]) }
        node.dirty = []
    }

    private func change<Result>(
        _ operation: FileFailure.Operation,
        _ body: (inout MemoryDisk.Node) -> Result
    ) throws(FileFailure) -> Result {
        try disk.state.withLock { (state) throws(FileFailure) -> Result in
            try MemoryDisk.enter(&state, operation, name)
            var node = state.nodes.removeValue(forKey: self.node) ?? MemoryDisk.Node()
            defer { state.nodes[self.node] = node }
            return body(&node)
        }
    }
}
