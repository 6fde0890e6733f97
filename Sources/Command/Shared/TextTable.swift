internal import Primitives

/// A table as lines of text: columns as wide as their widest cell, two spaces between.
struct TextTable {
    /// The names of the columns.
    let head: [String]
    /// The cells, a list a row.
    let rows: [[String]]

    /// The lines, without a line end after the last.
    var text: String {
        let all = ([head] + rows).map { $0.map(TerminalText.line) }
        let widths = head.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            var line = ""
            for (cell, width) in zip(row, widths) {
                line += cell + String(repeating: " ", count: width - cell.count + 2)
            }
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }
}
