import Gateway
import Kernel
import Metadata

/// One part of a composite, read and checked.
struct CompositePart {
    let method: APIRequest.Method
    let url: String
    let referenceID: String
    let body: JSONValue?
    let headers: [(name: String, value: String)]

    init(_ value: JSONValue, version: APIVersion) throws {
        guard let object = value.object else {
            throw RecordError(.invalidInput, "Each of compositeRequest must be an object")
        }
        guard let name = object["method"]?.string,
            let method = APIRequest.Method(rawValue: name.uppercased())
        else { throw RecordError(.invalidInput, "Each part must have a method such as GET") }
        guard let url = object["url"]?.string, !url.isEmpty else {
            throw RecordError(.invalidInput, "Each part must have a url")
        }
        guard let referenceID = object["referenceId"]?.string, !referenceID.isEmpty else {
            throw RecordError(.invalidInput, "Each part must have a referenceId")
        }
        if version.major >= 54 { try Self.check(referenceID) }
        self.method = method
        self.url = url
        self.referenceID = referenceID
        body = object["body"]
        headers = try Self.headers(object["httpHeaders"])
    }

    private static func check(_ id: String) throws {
        let isAlphanumeric = { (byte: UInt8) in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"):
                true
            default: false
            }
        }
        let isWellFormed =
            id.utf8.first.map(isAlphanumeric) == true
            && id.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "_") }
        guard isWellFormed else {
            throw RecordError(
                .invalidInput,
                "Provided referenceId ('\(id)') must start with a letter or a number, and it can "
                    + "contain only letters, numbers and underscores ('_')."
            )
        }
    }

    private static func headers(_ value: JSONValue?) throws -> [(name: String, value: String)] {
        try (value?.object?.members ?? []).map { member in
            let name = member.name.lowercased()
            guard !["accept", "authorization", "content-type"].contains(name) else {
                throw RecordError(
                    .invalidInput,
                    "The header \(member.name) is not allowed in a part"
                )
            }
            guard let text = member.value.string else {
                throw RecordError(.invalidInput, "The header \(member.name) must be a text")
            }
            return (name, text)
        }
    }

    /// Reads the parts of a body; their reference ids must differ.
    static func all(_ value: JSONValue?, max: Int, version: APIVersion) throws -> [CompositePart] {
        guard let values = value?.array, !values.isEmpty else {
            throw RecordError(.invalidInput, "compositeRequest must be a list of parts")
        }
        guard values.count <= max else {
            throw RecordError(
                .limitExceeded,
                "A composite has at most \(max) parts, not \(values.count)"
            )
        }
        let parts = try values.map { try CompositePart($0, version: version) }
        var seen: Set<String> = []
        for part in parts where !seen.insert(part.referenceID.lowercased()).inserted {
            throw RecordError(
                .invalidInput,
                "Duplicate ReferenceId provided: \(part.referenceID)"
            )
        }
        return parts
    }
}

/// Runs the parts of a composite one after the other.
struct CompositeRun {
    private let desk: SubrequestDesk
    private let reader: RecordReader

    init(_ call: APICall, _ reader: RecordReader) {
        desk = SubrequestDesk(call, reader)
        self.reader = reader
    }

    /// One part's answer beside its name.
    struct Answer {
        let referenceID: String
        let response: APIResponse
    }

    private struct Halted: Error {
        let index: Int
        let response: APIResponse
    }

    /// - Parameter allOrNone: the first failure undoes every part.
    func answers(_ parts: [CompositePart], allOrNone: Bool) throws -> [Answer] {
        guard allOrNone else { return answers(parts, stopsAtFailure: false) }
        do {
            guard let writer = reader as? RecordWriter else {
                return try undoable(parts)
            }
            return try writer.savepoint { try undoable(parts) }
        } catch let halt as Halted {
            let others = APIResponse.failure(Self.rolledBack)
            return parts.enumerated().map { index, part in
                Answer(
                    referenceID: part.referenceID,
                    response: index == halt.index ? halt.response : others
                )
            }
        }
    }

    static let rolledBack = RecordError(
        .processingHalted,
        "The transaction was rolled back since another operation in the same transaction failed."
    )

    private func undoable(_ parts: [CompositePart]) throws -> [Answer] {
        let answers = answers(parts, stopsAtFailure: true)
        if let index = answers.firstIndex(where: { Self.hasFailed($0.response) }) {
            throw Halted(index: index, response: answers[index].response)
        }
        return answers
    }

    private func answers(_ parts: [CompositePart], stopsAtFailure: Bool) -> [Answer] {
        var references = PartReferences()
        var answers: [Answer] = []
        for part in parts {
            let response = respond(to: part, &references)
            references.keep(
                part.referenceID,
                body: response.body,
                isSuccess: response.isSuccess
            )
            answers.append(Answer(referenceID: part.referenceID, response: response))
            if stopsAtFailure && Self.hasFailed(response) { break }
        }
        return answers
    }

    private static func hasFailed(_ response: APIResponse) -> Bool { !response.isSuccess }

    private func respond(
        to part: CompositePart,
        _ references: inout PartReferences
    ) -> APIResponse {
        do {
            let url = try references.resolved(part.url, encode: URLText.encoded)
            let request = try desk.request(
                method: part.method,
                url: url,
                body: try part.body.map { try references.resolved($0) },
                headers: try part.headers.map { ($0.name, try references.resolved($0.value)) }
            )
            return desk.respond(to: request)
        } catch {
            return APIResponse.failure(error)
        }
    }
}

/// Text put into a URL.
enum URLText {
    /// With everything percent-encoded that could mean something there.
    static func encoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: "."), UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return encoded
    }
}
