import JSONWire
import Primitives
import Rendezvous

/// A bulk body: validated once, then every item read and matched.
final class Bulk {
    private let body: [UInt8]
    private let count: Int
    private let scanner = JSONScanner()
    private let hash = FoldHash(key: (1, 2))
    private let listName = JSONName("items")
    private let keyName = JSONName("task_id")
    private let resultName = JSONName("output")
    private let options = ArriveOptions()
    private var table = Stages.emptyTable()

    /// Makes a body of so many items.
    init(count: Int) {
        self.count = count
        body = Callback.bulk(count)
    }

    /// Measures one item.
    func row() -> Row {
        Measurement.row(
            "bulk: one item, validated and matched",
            bytes: body.count,
            waiters: count,
            count: 1,
            each: count,
            prepare: park,
            body: { [self] _ in take() }
        )
    }

    private func park() {
        table = Stages.emptyTable()
        let now = Instant.now()
        let deadline = now.advanced(by: .seconds(86_400))
        for index in 0..<count {
            let key = WaitKey(channel: .standard, bytes: Array(Callback.key(index).utf8))
            let run = UUIDv7(high: UInt64(index), low: UInt64(index) &* 0x9E37_79B9)
            let id = WaitID(run: run, step: 0, attempt: 1)
            _ = table.register(id, keys: [key], deadline: deadline, now: now)
        }
    }

    private func take() -> UInt64 {
        let body = body
        return scanner.read(body.span) { document in
            guard case .success(let document) = document,
                let list = document.root.member(listName)
            else { return 0 }
            var hash: UInt64 = 0
            var items: [JSONElement] = []
            var sought: [Sought?] = []
            for item in list.elements {
                items.append(item)
                guard items.count == 16 else { continue }
                hash = take(items, &sought, hash)
                items.removeAll(keepingCapacity: true)
            }
            return take(items, &sought, hash)
        }
    }

    /// Takes some items, whose keys are looked for together, as the server does.
    private func take(
        _ items: [JSONElement],
        _ sought: inout [Sought?],
        _ before: UInt64
    ) -> UInt64 {
        sought.removeAll(keepingCapacity: true)
        for item in items { sought.append(prepare(item)) }
        for callback in sought { if let callback { table.prefetchNode(callback.place) } }
        var hash = before
        for callback in sought {
            guard let callback else { continue }
            hash = hash &* 31 &+ take(callback)
        }
        return hash
    }

    /// A callback that was read, and whose key is being looked for.
    private struct Sought {
        let item: JSONElement
        let key: JSONElement
        let result: JSONElement
        let place: PreparedKey
    }

    private func prepare(_ item: JSONElement) -> Sought? {
        guard let key = item.member(keyName), let result = item.member(resultName) else {
            return nil
        }
        let sought = key.withStringBytes { bytes -> Sought? in
            guard let place = table.prepare(channel: .standard, key: bytes) else { return nil }
            table.prefetchIndex(place)
            return Sought(item: item, key: key, result: result, place: place)
        }
        return sought ?? nil
    }

    private func take(_ sought: Sought) -> UInt64 {
        let taken = sought.key.withStringBytes { key in
            sought.item.withRawBytes { bytes in
                sought.result.withRawBytes { arrive(sought.place, key, bytes, $0) }
            }
        }
        return taken ?? 0
    }

    private func arrive(
        _ place: PreparedKey,
        _ key: Span<UInt8>,
        _ bytes: Span<UInt8>,
        _ result: Span<UInt8>
    ) -> UInt64 {
        let arrival = table.arrive(
            place,
            key: key,
            fingerprint: hash.hash(0, key, bytes),
            options: options,
            now: Instant(nanoseconds: 1)
        ) {
            CallbackRecord(
                channel: .standard,
                key: key,
                status: nil,
                result: result,
                hasFailed: false,
                requestID: UUIDv7(high: 1, low: 2)
            )
        }
        guard case .delivered(let wait, _) = arrival else { return 0 }
        return wait.run.high &+ 1
    }
}
