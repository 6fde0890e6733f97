internal import HTTPEngine
internal import JSONWire
internal import Listeners
internal import Primitives
internal import Store

/// What is asked of requests that are to be handled again, and what is told of it.
struct ReplayRequest: Sendable {
    /// Which requests; empty where the path names the one.
    private(set) var ids: [UUIDv7] = []
    /// Whether one that was refused may be replayed.
    let acceptsUnverified: Bool

    /// The most requests of one call.
    static let idsMax = 1000

    /// Reads a body: `{"ids": […], "accept_unverified": true}`, without `ids` where the path names the request.
    ///
    /// - Throws: 400, or 422 for what does not fit.
    init(_ body: RawSpan, isForMany: Bool) throws(Problem) {
        let object = try BodyMap.read(body)
        let known = isForMany ? ["ids", "accept_unverified"] : ["accept_unverified"]
        for member in object.members where !known.contains(member.name) {
            throw BodyMap.invalid(
                "Unknown member `\(member.name.prefix(64))`; known are \(known.joined(separator: ", "))."
            )
        }
        acceptsUnverified = try BodyMap.flag(object, "accept_unverified") ?? false
        guard isForMany else { return }
        guard case .array(let words)? = object["ids"], (1...Self.idsMax).contains(words.count)
        else { throw BodyMap.invalid("`ids` must be a list of 1 to \(Self.idsMax) request ids.") }
        for word in words {
            guard let id = word.string.flatMap({ UUIDv7(text: $0) }) else {
                throw BodyMap.invalid(
                    "`ids` has \(word.jsonText.prefix(64)), which is not the id of a request."
                )
            }
            ids.append(id)
        }
    }

    /// What an endpoint answered to a replay.
    static func json(_ answer: ReplayService.Answer, of id: UUIDv7) -> JSONValue {
        let body: JSONValue
        do throws(JSONError) {
            body = try JSONValue.parse(answer.body)
        } catch {
            body = .string(String(decoding: answer.body, as: UTF8.self))
        }
        return .object([
            "replay_of": .string(id.text), "request_id": .string(answer.requestID.text),
            "status": .integer(Int64(answer.status)), "answer": body,
        ])
    }

    /// Why a request was not replayed.
    static func json(_ problem: Problem, of id: UUIDv7) -> JSONValue {
        .object([
            "replay_of": .string(id.text),
            "error": .object([
                "code": .string(problem.code.rawValue), "message": .string(problem.detail),
            ]),
        ])
    }
}

extension LedgerAccess {
    /// Has one request handled again; on a thread for questions.
    func replay(
        _ id: UUIDv7,
        _ asked: ReplayRequest,
        _ done: @escaping ReplayService.Done
    ) {
        let entry: LedgerEntry?
        do throws(StoreError) {
            entry = try request(id)
        } catch {
            return done(.failure(ControllerAPI.unreadable(error)))
        }
        guard let entry else { return done(.failure(ControllerAPI.unknownRequest)) }
        replays.replay(entry, acceptsUnverified: asked.acceptsUnverified, done)
    }

    /// Has requests handled again, each after the answer to the one before.
    func replay(
        _ ids: ArraySlice<UUIDv7>,
        _ asked: ReplayRequest,
        after answers: [JSONValue],
        _ done: @escaping @Sendable ([JSONValue]) -> Void
    ) {
        guard let id = ids.first else { return done(answers) }
        replay(id, asked) { [self] result in
            let answer =
                switch result {
                case .success(let answer): ReplayRequest.json(answer, of: id)
                case .failure(let problem): ReplayRequest.json(problem, of: id)
                }
            goOn { self.replay(ids.dropFirst(), asked, after: answers + [answer], done) }
        }
    }
}
