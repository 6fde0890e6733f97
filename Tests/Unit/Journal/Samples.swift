import JSONWire
import Journal
import Primitives
import Rendezvous
import Workflows

/// Records of every kind, with all that can be in them.
enum Samples {
    static let id = UUIDv7(high: 0x0192_0000_0000_7001, low: 0x8000_0000_0000_0002)
    static let other = UUIDv7(high: 0x0192_0000_0000_7003, low: 0x8000_0000_0000_0004)
    static let wait = WaitID(run: id, step: 3, attempt: 70_000)
    static let key = WaitKey(channel: Channel(number: 4_000_000_000), bytes: Array("order-1".utf8))
    static let short = WaitKey(channel: .standard, bytes: [0])
    static let stamp = Stamp(
        wall: WallTime(milliseconds: 1_774_000_000_123),
        random: (.max, 1),
        gateways: GatewayValues([
            .init(port: 8090, publicURL: "https://a.example", publicAddress: nil, driver: "public"),
            .init(port: 22, publicURL: nil, publicAddress: "h:22", driver: "ssh"),
        ])
    )
    static let attempt = AttemptRef(step: 2, attempt: 1)
    static let value = JSONValue.object([
        "text": .string("grüße\n\u{0}"), "list": .array([.null, .bool(true), .integer(.min)]),
        "number": .number(JSONNumber(validated: "1e400")),
    ])
    static let failure = StepFailure(
        code: .componentFailed,
        message: "no",
        step: "a[3]",
        attempt: 2,
        component: "c",
        result: value
    )

    static let events: [RunEvent] = [
        .start(input: value, requestID: nil), .start(input: .null, requestID: "r"),
        .responded(attempt, .success(value, status: -3)),
        .responded(attempt, .success(value, status: 202, headers: ["location": .string("/op/1")])),
        .responded(
            attempt,
            .failure(
                CallFailure(
                    code: .httpStatus,
                    message: "refused",
                    result: value,
                    head: AnswerHead(status: 429, headers: ["retry-after": .string("2")])
                )
            )
        ),
        .responded(
            attempt,
            .failure(CallFailure(code: .componentFailed, message: "m", result: value))
        ),
        .callback(
            attempt,
            CallbackOutcome(key: "k", isFailure: true, status: "failed", result: value)
        ),
        .callback(
            attempt,
            CallbackOutcome(key: "k", isFailure: false, status: nil, result: .null)
        ),
        .waitExpired(attempt), .waitRefused(attempt, .overloaded),
        .timer(TimerRef(attempt: AttemptRef(step: -1, attempt: 0), purpose: .runTimeout)),
        .childEnded(attempt, .completed(value)),
        .childEnded(attempt, .failed(RunFailure(failure))),
        .childEnded(attempt, .failed(RunFailure(code: .componentFailed, message: "m"))),
        .childEnded(attempt, .cancelled(reason: "why")), .cancel(reason: ""),
        .answered(interrupt: "s.before", nil), .answered(interrupt: "s.after", value), .retry,
    ]

    static let request = ReceivedRequest(
        id: id,
        time: WallTime(milliseconds: 5),
        endpoint: "POST :8090/x",
        method: "POST",
        target: "/x?a=b",
        peer: "127.0.0.1",
        headers: Array("a: b\n".utf8),
        body: Array(#"{"a":1}"#.utf8),
        status: .held,
        code: "",
        note: "n",
        key: key.bytes,
        replayOf: other
    )

    /// The request with what its sender's verification came to.
    static func request(_ verdict: SenderVerdict?) -> ReceivedRequest {
        ReceivedRequest(
            id: request.id,
            time: request.time,
            endpoint: request.endpoint,
            method: request.method,
            target: request.target,
            peer: request.peer,
            headers: request.headers,
            body: request.body,
            status: request.status,
            code: request.code,
            note: request.note,
            key: request.key,
            replayOf: nil,
            items: items,
            verdict: verdict
        )
    }

    private static var items: ItemPrints {
        var items = ItemPrints()
        items.add(7)
        return items
    }

    static let verdicts = [
        SenderVerdict(.verified, by: "github"),
        SenderVerdict(.refused, by: "partner", reason: "signature_wrong"),
        SenderVerdict(.acceptedUnverified, by: "stripe"), SenderVerdict(.handshake, by: "slack"),
    ]

    static let causes: [RunCause] = [
        RunCause(.trigger), RunCause(.controller), RunCause(.replay),
        RunCause(.event, event: .init(id: "evt-1", name: "order.created", source: "/shop")),
        RunCause(.replay, event: .init(id: "é", name: "a.b")),
    ]

    static func birth(_ cause: RunCause?) -> RunBirth {
        RunBirth(
            id: id,
            workflow: "w",
            plan: Fingerprint(high: 1, low: 2),
            parent: nil,
            parentAttempt: AttemptRef(step: 0, attempt: 0),
            depth: 0,
            labels: Array("{}".utf8),
            extras: BirthExtras(cause: cause),
            event: events[0],
            stamp: stamp
        )
    }

    static func arrival(result: String, request: ReceivedRequest?) -> CallbackArrival {
        CallbackArrival(
            callback: CallbackRecord(
                key: key,
                status: "done",
                result: Array(result.utf8),
                hasFailed: false,
                requestID: id
            ),
            endpoint: "POST :8090/x",
            fingerprint: Fingerprint(high: 7, low: .max),
            reusesKey: true,
            time: WallTime(milliseconds: -1),
            request: request
        )
    }

    static let records: [JournalRecord] =
        events.map { .advanced(id, $0, stamp) } + verdicts.map { .received(request($0)) }
        + verdicts.map { .delivered(wait, arrival(result: "1", request: request($0)), stamp) }
        + causes.map { .began([birth($0)], []) } + [
            .began(
                [
                    RunBirth(
                        id: id,
                        workflow: "w",
                        plan: Fingerprint(high: 1, low: 2),
                        parent: nil,
                        parentAttempt: AttemptRef(step: 0, attempt: 0),
                        depth: 0,
                        labels: Array("{}".utf8),
                        event: events[0],
                        stamp: stamp
                    ),
                    RunBirth(
                        id: other,
                        workflow: "v",
                        plan: Fingerprint(high: 1, low: 2),
                        parent: id,
                        parentAttempt: attempt,
                        depth: 31,
                        labels: [],
                        event: events[1],
                        stamp: stamp
                    ),
                ],
                [
                    Claim(
                        key: Fingerprint(high: 3, low: 4),
                        payload: Fingerprint(high: 5, low: 6),
                        until: WallTime(milliseconds: 9),
                        answer: [1, 2, 3]
                    ),
                    Claim(
                        key: Fingerprint(high: 7, low: 8),
                        payload: Fingerprint(high: 0, low: 0),
                        until: WallTime(milliseconds: .max),
                        answer: []
                    ),
                ]
            ),
            .began([], []),
            .delivered(wait, arrival(result: #"{"a":1}"#, request: request), stamp),
            .delivered(wait, arrival(result: #"{"a":2}"#, request: request), stamp),
            .held(
                arrival(result: "null", request: nil),
                until: WallTime(milliseconds: 6),
                listener: 2
            ),
            .fetched(wait, keys: [key, short], arrival(result: "1", request: nil).callback, stamp),
            .waiting(wait, keys: [short, key], deadline: WallTime(milliseconds: .max)),
            .keyAdded(wait, key), .ended(wait, .cancelled, WallTime(milliseconds: 0)),
            .timedOut(wait, stamp), .unfetched(number: 1 << 40, WallTime(milliseconds: 1)),
            .finished(id, .cancelled, WallTime(milliseconds: 2)), .received(request),
            .text(Fingerprint(high: 0, low: 1), [0, 255]),
        ]
}
