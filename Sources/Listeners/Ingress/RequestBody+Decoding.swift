internal import Decoding
internal import HTTPEngine
internal import HTTPWire
internal import Primitives

/// The codings of bodies that listeners take off.
package enum ContentCodings {
    /// Their names, in lower case.
    package static let taken = ContentCoding.names
}

/// Bodies that are coded for their way (`Content-Encoding`).
extension RequestBody {
    /// A coded body larger than this is decoded on a worker: it may come to a hundred times as much.
    private static let decodedOnLoopMax = 4 << 10

    /// Whether reading a body takes too long for a loop.
    func isLaborious(_ body: RawSpan) -> Bool {
        guard case .coded = self else { return body.byteCount > CallbackHandler.loopBytesMax }
        return body.byteCount > Self.decodedOnLoopMax
    }

    /// Lends a body as it was before it was coded for its way, with what it is then; one that is not coded is lent as it is.
    ///
    /// - Parameters:
    ///   - body: The body as it came.
    ///   - limit: The most bytes that it may have.
    ///   - use: Is given the body, or why there is none: 400 where it is not what its coding says, 413 where it is too large.
    /// - Returns: What `use` gives.
    /// - Complexity: O(n), with n bytes decoded.
    func withDecoded<Output>(
        _ body: RawSpan,
        limit: Int,
        _ use: (_ form: RequestBody, _ body: RawSpan, _ problem: Problem?) -> Output
    ) -> Output {
        guard case .coded(let coding, let form) = self else { return use(self, body, nil) }
        do throws(DecodingError) {
            let decoded = try Inflater.decode(body, coding, limit: limit)
            return decoded.withRawSpan { use(decoded.isEmpty ? .empty : form, $0, nil) }
        } catch {
            return use(form, body, error.problem(coding))
        }
    }
}

extension DecodingError {
    /// What a sender is told.
    fileprivate func problem(_ coding: ContentCoding) -> Problem {
        let name = coding.rawValue
        return switch self {
        case .corrupt: Self.unparseable("The body is not valid \(name) data.")
        case .cut: Self.unparseable("The \(name) data of the body ends before it is complete.")
        case .trailing:
            Self.unparseable("There are further bytes behind the \(name) data of the body.")
        case .tooLarge(let limit):
            Self.tooLarge("The decoded body has more than \(limit) bytes.")
        case .tooDense(let ratio):
            Self.tooLarge(
                "The decoded body is more than \(ratio) times as large as it was sent."
            )
        case .outOfMemory:
            Problem(
                status: 503,
                code: .overloaded,
                detail: "There is no memory to decode the body; send it again later.",
                retryAfterSeconds: 5
            )
        }
    }

    private static func unparseable(_ detail: String) -> Problem {
        Problem(status: 400, code: .bodyUnparseable, detail: detail)
    }

    private static func tooLarge(_ detail: String) -> Problem {
        Problem(status: 413, code: .bodyTooLarge, detail: detail)
    }
}
