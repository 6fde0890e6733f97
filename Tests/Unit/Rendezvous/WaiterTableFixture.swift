import Primitives
import Rendezvous

/// A table with short names for what stories say; its clock starts at zero.
struct WaiterTableFixture {
    let table: WaiterTable
    let now = Instant(nanoseconds: 0)

    init(_ configuration: WaiterTable.Configuration = WaiterTable.Configuration()) {
        var configuration = configuration
        configuration.start = Instant(nanoseconds: 0)
        table = WaiterTable(configuration: configuration)
    }

    func at(_ milliseconds: UInt64) -> Instant {
        Instant(nanoseconds: milliseconds * 1_000_000)
    }

    func id(_ number: Int) -> WaitID {
        WaitID(run: UUIDv7(high: UInt64(number), low: 1), step: 2, attempt: 3)
    }

    func register(_ number: Int, _ keys: [String], deadline: UInt64 = 1_000_000) -> Outcome {
        Outcome(
            table.register(
                id(number),
                keys: keys.map { Keys.key($0) },
                deadline: at(deadline),
                now: now
            )
        )
    }

    func addKey(_ number: Int, _ key: String) -> Outcome {
        Outcome(table.addKey(id(number), key: Keys.key(key), now: now))
    }

    func arrive(
        _ key: String,
        _ content: String,
        _ options: ArriveOptions = ArriveOptions()
    )
        -> Arrival
    {
        arrive(Keys.key(key), content, options)
    }

    /// A callback; the tag of its record is 2 where the content is "two", else 1.
    func arrive(
        _ key: WaitKey,
        _ content: String,
        _ options: ArriveOptions = ArriveOptions()
    )
        -> Arrival
    {
        let print = FoldHash(key: (1, 2)).hash(
            key.channel.number,
            key.bytes.span,
            [UInt8](content.utf8).span
        )
        let tag = content == "two" ? 2 : 1
        guard let sought = table.prepare(channel: key.channel, key: key.bytes.span) else {
            return .rejected
        }
        return table.arrive(
            sought,
            key: key.bytes.span,
            fingerprint: print,
            options: options,
            now: now
        ) {
            CallbackRecord(
                key: key,
                status: nil,
                result: [UInt8](String(tag).utf8),
                hasFailed: false,
                requestID: UUIDv7(high: 0, low: 0)
            )
        }
    }
}
