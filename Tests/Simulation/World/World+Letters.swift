import JSONWire
import Journal
import Primitives
import Rendezvous
import Workflows

@testable import Listeners

/// Callbacks: new ones, repeated ones, early and late.
extension World {
    /// Sends a callback, or several in one request: mostly new ones, else such as were sent before.
    func sendLetter() {
        let isNew = letters.isEmpty || chance(2, in: 3)
        guard let index = isNew ? write() : draw(letters.count) else { return }
        let endpoint = letters[index].endpoint
        guard endpoint.isBulk else { return send([index], to: endpoint) }
        let others = letters.indices.filter { letters[$0].endpoint.path == endpoint.path }
        let more = (0..<draw(4)).compactMap { _ in pick(others) }
        send([index] + more, to: endpoint)
    }

    private func write() -> Int? {
        let key = chance(1, in: 2) ? pick(Array(keys.suffix(8))) : pick(keys)
        guard let key, let endpoint = pick(Self.endpoints) else { return nil }
        let body = JSONValue.object([
            "id": .string(String(decoding: key, as: UTF8.self)),
            "n": .integer(Int64(letters.count)),
            "status": .string(chance(1, in: 8) ? "failed" : "done"),
        ])
        letters.append(Letter(endpoint: endpoint, body: body.jsonBytes, key: key))
        return letters.count - 1
    }

    /// Most callbacks come where most waits are answered.
    private static let endpoints = SamplePlans.endpoints + [SamplePlans.endpoints[0]]

    /// Sends callbacks in one request, as the loop of a connection does: it is decided at once, and what was decided goes on when
    /// the loop's turn ends.
    private func send(_ indices: [Int], to endpoint: CallbackEndpoint) {
        for index in indices { letters[index].sentCount += 1 }
        tally.callbacks += indices.count
        let request = UUIDv7(time: wall, random: (random.next(), random.next()))
        lettersOfRequest[request] = indices
        let decision = life.decide(
            Letter.body(of: indices.map { letters[$0] }),
            at: endpoint,
            request
        )
        say(
            "letters \(indices) to \(endpoint.path), keys \(indices.map { letters[$0].keyText }): "
                + "\(decision.answer) under \(decision.number)"
        )
        life.answer(decision) { [unowned self] isCommitted in
            guard isCommitted, case .fast(let status, let body) = decision.answer else { return }
            acknowledge(indices, status, body)
        }
        // The turn may go on, while other threads do what they do.
        if chance(3, in: 4) { life.endTurn() }
    }

    private func acknowledge(_ indices: [Int], _ status: Int, _ body: [UInt8]) {
        do throws(JSONError) {
            guard case .object(let told) = try JSONValue.parse(body) else {
                return violate("an answer is no object")
            }
            guard told["status"] == .string("processed") else {
                let isDelivered = told["status"] == .string("delivered")
                return acknowledge(indices[0], isDelivered: isDelivered)
            }
            var refused: Set<Int> = []
            if case .array(let rejected)? = told["rejected"] {
                for case .object(let one) in rejected {
                    if case .integer(let place)? = one["index"] { refused.insert(Int(place)) }
                }
            }
            let areDelivered = told["delivered"] == .integer(Int64(indices.count))
            for (place, index) in indices.enumerated() where !refused.contains(place) {
                acknowledge(index, isDelivered: areDelivered)
            }
        } catch {
            violate("an answer is no JSON: \(error)")
        }
    }

    private func acknowledge(_ index: Int, isDelivered: Bool) {
        tally.acknowledged += 1
        letters[index].isAcknowledged = true
        let fate = ledger.fates[index]
        if fate == nil || fate?.isKnown == false {
            violate("letter \(index) was acknowledged and is not on the disk")
        }
        if isDelivered, fate?.deliveredCount == 0 {
            violate("letter \(index) was acknowledged as delivered, and no run has it")
        }
    }

    /// The letter that a callback is, by the request that carried it.
    func letter(of callback: CallbackRecord) -> Int? {
        lettersOfRequest[callback.requestID]?.first { letters[$0].body == callback.resultBytes }
    }
}

extension Letter {
    var keyText: String { String(decoding: key, as: UTF8.self) }

    /// The body of a request that carries these letters to their endpoint.
    static func body(of letters: [Letter]) -> [UInt8] {
        guard let first = letters.first, first.endpoint.isBulk else {
            return letters.first?.body ?? []
        }
        let items = letters.map(\.body).joined(separator: [UInt8(ascii: ",")])
        return Array(#"{"items":["#.utf8) + items + Array("]}".utf8)
    }
}

extension CallbackService.Head {
    /// A request of the simulation, of which the ledger keeps an entry.
    init(at endpoint: CallbackEndpoint, _ request: UUIDv7, time: WallTime) {
        self.init(
            endpoint: endpoint,
            requestID: request,
            trace: RequestTrace(
                head: TraceHead(
                    method: "POST",
                    target: endpoint.path,
                    peer: "127.0.0.1",
                    headers: []
                ),
                time: time,
                replayOf: nil
            )
        )
    }
}
