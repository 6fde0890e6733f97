internal import CLibUV

/// How many processors this process is really given.
package enum ProcessorCount {
    /// The least of what the affinity mask (cpusets too) allows and what the CPU quotas of the process's control
    /// group and the groups above it allow (rounded up), at least 1.
    ///
    /// Reads a few small files under `/proc` and `/sys`: call it at start.
    package static func available() -> Int {
        let affinity = Int(sluice_affinity_count())
        let groups = readText("/proc/self/cgroup") ?? ""
        let quotas = groupPaths(groups).compactMap { quota(of: $0) }
        return max(1, quotas.reduce(affinity, min))
    }

    /// The control group's path and those above it, from the text of `/proc/self/cgroup` (version 2 only).
    static func groupPaths(_ text: String) -> [String] {
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("0::/") }) else {
            return []
        }
        var parts = line.dropFirst(4).split(separator: "/")
        var paths: [String] = []
        while true {
            paths.append((["/sys/fs/cgroup"] + parts.map(String.init)).joined(separator: "/"))
            if parts.isEmpty { return paths }
            parts.removeLast()
        }
    }

    /// The processors that a `cpu.max` text allows: its quota by its period, rounded up; nil for `max`.
    static func processors(_ text: String) -> Int? {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count == 2, let quota = Int(words[0]), let period = Int(words[1]),
            quota > 0, period > 0
        else { return nil }
        return (quota - 1) / period + 1
    }

    private static func quota(of group: String) -> Int? {
        readText(group + "/cpu.max").flatMap(processors)
    }

    private static func readText(_ path: String) -> String? {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = unsafe sluice_read_start(path, &bytes, bytes.count)
        return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
