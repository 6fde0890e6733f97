import JSONWire
import Journal
import Primitives
import Rendezvous
import Workflows

@testable import Listeners

/// Callbacks: new ones, repeated ones, early and late.
extension World {
    /// Sends a callback: mostly a new one, else one that was sent before.
    func sendLetter() {
        let isNew = letters.isEmpty || chance(2, in: 3)
        guard let index = isNew ? write() : draw(letters.count) else { return }
        send(index)
    }

    private func write() -> Int? {
        let key = chance(1, in: 2) ? pick(Array(keys.suffix(8))) : pick(keys)
        guard let key, let endpoint = pick(Self.endpoints) else { return nil }
        let body = JSONValue.object([
            "id": .string(String(decoding: key, as: UTF8.self)),
            "n": .integer(Int64(letters.count)),
            "status": .string(chance(1, in: 8) ? "failed" : "done"),
        ])
        let scope = ListenerScope(
            body: .value(body),
            item: .value(body),
            facts: Self.facts,
            gateways: GatewayValues()
        )
        do {
            let reading = try CallbackReading(scope, endpoint: endpoint)
            letters.append(Letter(endpoint: endpoint, body: body.jsonBytes, reading: reading))
            return letters.count - 1
        } catch {
            violate("a callback could not be read: \(error)")
            return nil
        }
    }

    /// Most callbacks come where most waits are answered.
    private static let endpoints = SamplePlans.endpoints + [SamplePlans.endpoints[0]]

    private static let facts = RequestFacts(
        method: "POST",
        path: "/done",
        query: [],
        headers: [],
        time: origin
    )

    private func send(_ index: Int) {
        // As every request is refused while the journal takes none.
        guard life.commit.refusal == nil else { return }
        letters[index].sentCount += 1
        tally.callbacks += 1
        let letter = letters[index]
        let request = UUIDv7(time: wall, random: (random.next(), random.next()))
        letterOfRequest[request] = index
        let taken = life.matcher.take(
            letter.reading,
            bytes: letter.body.span,
            CallbackMatcher.Origin(
                endpoint: letter.endpoint,
                requestID: request,
                now: now,
                entry: letter.entry(at: wall),
                batch: nil
            )
        )
        say(
            "letter \(index) to \(letter.endpoint.path), key \(letter.keyText): \(taken.answer) under \(taken.number)"
        )
        life.commit.whenSettled(taken.number) { [unowned self] isCommitted in
            guard isCommitted else { return }
            acknowledge(index, taken.answer)
        }
    }

    private func acknowledge(_ index: Int, _ answer: CallbackAnswer) {
        switch answer {
        case .delivered, .held: break
        default: return
        }
        tally.acknowledged += 1
        letters[index].isAcknowledged = true
        let fate = ledger.fates[index]
        if fate == nil || fate?.isKnown == false {
            violate("letter \(index) was acknowledged as \(answer) and is not on the disk")
        }
        if case .delivered = answer, fate?.deliveredCount == 0 {
            violate("letter \(index) was acknowledged as delivered, and no run has it")
        }
    }
}

extension Letter {
    var keyText: String { String(decoding: reading.key, as: UTF8.self) }

    /// What the ledger keeps of it.
    func entry(at time: WallTime) -> ArrivalRequest {
        ArrivalRequest(
            trace: RequestTrace(
                head: TraceHead(
                    method: "POST",
                    target: endpoint.path,
                    peer: "127.0.0.1",
                    headers: []
                ),
                time: time,
                replayOf: nil
            ),
            body: body
        )
    }
}
