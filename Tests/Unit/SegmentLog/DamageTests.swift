import LogKit
import Primitives
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

    @Test func `no bit of a killed process's last record can change without being told`() throws {
        _ = try fill(isClosed: false)
        let last = "segment-0000000000000002.log"
        let blocks = Array(stride(from: 4096, to: 32768, by: 4096))
        let offset = try #require(blocks.last { disk.bytes(of: last)[$0] != 0 })
        #expect(try SegmentLog.check(files: disk).torn == nil)
        for bit in 0..<(32 + 300) * 8 {
            disk.damage(last, at: offset + bit / 8) { $0 ^= 1 << (bit % 8) }
            let torn = try SegmentLog.check(files: disk).torn
            #expect(torn?.offset == UInt64(offset) && torn?.sequence == 12, "bit \(bit)")
            #expect((torn?.bytes ?? 0) > 0)
            disk.damage(last, at: offset + bit / 8) { $0 ^= 1 << (bit % 8) }
        }
    }

    @Test func `an end whose first block is gone is told, with what is left of it`() throws {
        let open = try OpenLog(disk)
        try open.commit("a")
        var batch = LogBatch()
        // The second record begins with the second block.
        batch.append([UInt8](repeating: 1, count: 4096 - 32).span)
        batch.append([UInt8](repeating: 2, count: 4000).span)
        open.events.wait(for: try open.log.append(batch))
        disk.cutNow()
        open.log.close()
        disk.restartProcess()
        for offset in 12288..<16384 { disk.damage(name, at: offset) { $0 = 0 } }
        let torn = try #require(try SegmentLog.check(files: disk).torn)
        #expect((torn.file, torn.offset, torn.sequence, torn.bytes) == (name, 12288, 2, 8192))
    }

    @Test func `damage in what the caller has elsewhere is passed over and reported`() throws {
        let texts = try fill(isClosed: false)
        var passed = 0
        for file in [name, "segment-0000000000000002.log"] {
            let count = disk.bytes(of: file).count
            for offset in stride(from: 0, to: count, by: 61) {
                disk.damage(file, at: offset) { $0 ^= 0x41 }
                defer { disk.damage(file, at: offset) { $0 ^= 0x41 } }
                var found: [UInt64: String] = [:]
                do throws(LogError) {
                    let report = try SegmentLog.check(files: disk, after: 9) { sequence, record in
                        found[sequence] = String(
                            decoding: unsafe record.withUnsafeBufferPointer { unsafe Array($0) },
                            as: UTF8.self
                        )
                        return true
                    }
                    passed += report.damaged.isEmpty ? 0 : 1
                    guard report.torn == nil else { continue }
                    let expected = [10: texts[9], 11: texts[10], 12: texts[11]] as [UInt64: String]
                    #expect(found == expected, "\(file) \(offset)")
                } catch {
                    // Only what is needed is refused: the headers of the last segment and what lies behind the ninth record.
                    let isHeader = offset < 4096 && (file != name || (8..<12).contains(offset))
                    let isNeeded = isHeader || offset >= 4096 && file != name
                    #expect(isNeeded, "\(file) \(offset): \(error)")
                }
            }
        }
        #expect(passed > 10)
    }

    @Test func `a log is opened over damage that the caller does not need, and used on`() throws {
        let open = try OpenLog(disk)
        for _ in 0..<30 { try open.commit(String(repeating: "x", count: 3000)) }
        open.log.close()
        disk.restartProcess()
        try disk.remove("segment-0000000000000003.log")
        disk.damage("segment-0000000000000002.log", at: 20) { $0 ^= 1 }
        disk.damage(name, at: 4096 * 3 + 5) { $0 ^= 1 }
        let again = try OpenLog(disk, after: 25)
        #expect(again.records.keys.sorted() == [26, 27, 28, 29, 30])
        #expect(
            again.log.report.damaged.map(\.file).sorted() == [
                "segment-0000000000000002.log", "segment-0000000000000003.log",
            ]
        )
        for _ in 0..<30 { try again.commit(String(repeating: "y", count: 3000)) }
        again.log.release(through: 60)
        again.log.close()
        let last = try OpenLog(disk, after: 60)
        #expect(last.log.report.damaged.isEmpty)
        #expect(last.log.nextSequence == 61)
        last.log.close()
    }

    @Test(arguments: 1...4)
    func `damage over the end of one life and the openings of others is not taken for the end`(
        _ lives: Int
    ) throws {
        let first = try OpenLog(disk)
        try first.commit("a")
        try first.commit("b")
        first.log.close()
        for _ in 0..<lives { try OpenLog(disk).log.close() }
        let last = try OpenLog(disk)
        try last.commit("c")
        try last.commit("d")
        last.log.close()
        let bytes = disk.bytes(of: name)
        let blocks = stride(from: 4096, to: 32768, by: 4096).filter { bytes[$0] != 0 }
        // All from the second record up to the last opening.
        for offset in 12288..<(blocks.last ?? 0) - 2 * 4096 {
            disk.damage(name, at: offset) { $0 = 0xFF }
        }
        #expect(throws: LogError.self) { _ = try SegmentLog.check(files: disk) }
    }

    @Test func `a newer format is refused by name`() throws {
        _ = try fill(isClosed: true)
        disk.damage(name, at: 8) { $0 = 2 }
        // Without its checksum it is damage.
        #expect(throws: LogError.self) { _ = try SegmentLog.check(files: disk) }
        do throws(LogError) { _ = try SegmentLog.check(files: disk) } catch {
            guard case .corrupt = error else { throw error }
        }
        let header = Array(disk.bytes(of: name).prefix(40))
        let sum = CRC32C.extend(0, header.span)
        for index in 0..<4 {
            disk.damage(name, at: 40 + index) {
                $0 = UInt8(truncatingIfNeeded: sum >> UInt32(8 * index))
            }
        }
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
