/// Folders stay small enough to be taken in at a glance.
enum FolderRule {
    static let filesMax = 12

    /// Every folder that holds more Swift files than it may.
    static func findings(in files: [SourceFile]) -> [Finding] {
        let counts = files.reduce(into: [String: Int]()) { $0[$1.folder, default: 0] += 1 }
        return counts.sorted { $0.key < $1.key }.compactMap { folder, count in
            count > filesMax ? Finding(folder, filesMax, "\(count) files") : nil
        }
    }
}
