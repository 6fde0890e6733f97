import LogKit
import Testing

@testable import SegmentLog

@Suite struct DamageTests {
    private let disk = MemoryDisk()
    private let name = "segment-0000000000000001.log"

    /// A log of some batches over two segments; closed in order or left as a killed process leaves
    /// it.
    private func fill(isClosed: Bool) throws -> [String] {
        let open = try OpenLog(disk)
        for number in 0..<12 { try open.commit(String(repeating: "\(number % 10)", count: 300)) }
        if !isClosed { disk.cutNow() }
        open.log.close()
        disk.restartProcess()
        return (0..<12).map { String(repeating: "\($0 % 10)", count: 300) }
    }

    private func readAll() throws(LogError) -> [String] {
        var texts: [String] = []
        _ = try SegmentLog.check(files: disk) { _, record in
            let bytes = unsafe record.withUnsafeBufferPointer { part in unsafe Array(part) }
            texts.append(String(decoding: bytes, as: UTF8.self))
            return true
        }
        return texts
    }

    @Test func `no byte of a log that was closed can change without being noticed`() throws {
        let texts = try fill(isClosed: true)
        var noticed = 0
        for file in [name, "segment-0000000000000002.log"] {
            let count = disk.bytes(of: file).count
            for offset in stride(from: 0, to: count, by: 13) {
                disk.damage(file, at: offset) { $0 ^= 0x41 }
                do throws(LogError) {
                    #expect(try readAll() == texts, "\(file) \(offset)")
                } catch {
                    noticed += 1
                }
                disk.damage(file, at: offset) { $0 ^= 0x41 }
            }
        }
        #expect(noticed > 200)
        #expect(try readAll() == texts)
    }

    @Test func `damage in the middle names file, offset and sequence`() throws {
        _ = try fill(isClosed: false)
        // The opening takes the first block; every record after it one of its own.
        disk.damage(name, at: 4096 * 4 + 50) { $0 ^= 1 }
        do throws(LogError) {
            _ = try OpenLog(disk)
            Issue.record("a damaged log was opened")
        } catch {
            guard case .corrupt(let file, let offset, let sequence, _) = error else {
                Issue.record("\(error.description)")
                return
            }
            #expect(file == name)
            #expect(offset == 4096 * 4)
            #expect(sequence == 3)
            #expect(error.description.hasPrefix("\(name) is corrupt at offset 16384, sequence 3: "))
        }
    }

    @Test func `damage in the last record of a killed process is a torn tail, and cut`() throws {
        let texts = try fill(isClosed: false)
        let last = "segment-0000000000000002.log"
        let blocks = Array(stride(from: 4096, to: 32768, by: 4096))
        let offset = try #require(blocks.last { disk.bytes(of: last)[$0] != 0 })
        disk.damage(last, at: offset + 50) { $0 ^= 1 }
        let open = try OpenLog(disk)
        #expect(open.texts == texts.dropLast())
        let torn = try #require(open.log.report.torn)
        #expect(torn.file == last)
        #expect(torn.offset >= UInt64(offset))
        #expect(torn.sequence == 12)
        try open.commit("new")
        open.log.close()
        #expect(try readAll() == texts.dropLast() + ["new"])
    }

    @Test func `a newer format is refused by name`() throws {
        _ = try fill(isClosed: true)
        disk.damage(name, at: 8) { $0 = 2 }
        #expect(throws: LogError.newerVersion(file: name, found: 2, known: 1)) {
            _ = try OpenLog(disk)
        }
    }

    @Test func `a missing segment in the middle is told`() throws {
        let open = try OpenLog(disk)
        for _ in 0..<30 { try open.commit(String(repeating: "x", count: 3000)) }
        open.log.close()
        try disk.remove("segment-0000000000000003.log")
        #expect(throws: LogError.segmentMissing(file: "segment-0000000000000003.log")) {
            _ = try OpenLog(disk)
        }
    }

    @Test func `a file that is cut short is told`() throws {
        _ = try fill(isClosed: true)
        try disk.open(name, creating: false, direct: false).truncate(to: 20_000)
        #expect(throws: LogError.self) { _ = try OpenLog(disk) }
    }

    @Test func `a record that looks like a frame is only a record`() throws {
        let first = try OpenLog(disk)
        try first.commit("x")
        // The very block that the log has just written, as somebody could send it: aligned the same
        // way.
        let block = Array(disk.bytes(of: name)[8192..<12288])
        var batch = LogBatch()
        batch.append(([UInt8](repeating: 0, count: 4096 - 32) + block).span)
        first.events.wait(for: try first.log.append(batch))
        disk.cutNow()
        first.log.close()
        disk.restartProcess()
        let second = try OpenLog(disk)
        #expect(second.records.count == 2)
        second.log.close()
    }
}
