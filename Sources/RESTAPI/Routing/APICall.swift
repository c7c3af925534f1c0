package import Gateway
import Kernel
package import Metadata

/// A request that has found its route.
package struct APICall: Sendable {
    package let request: APIRequest
    package let version: APIVersion
    package let parts: APIParts
    /// The path's values by the names of the route's variables.
    private let values: [String: String]

    package init(
        request: APIRequest,
        version: APIVersion,
        parts: APIParts,
        values: [String: String]
    ) {
        self.request = request
        self.version = version
        self.parts = parts
        self.values = values
    }

    /// What the path has in the place of a variable; empty where the route has none of that name.
    package subscript(name: String) -> String { values[name] ?? "" }

    /// A URL of this API, relative to the host, in the request's version.
    package func url(_ rest: String) -> String { "\(version.path)/\(rest)" }

    /// Where a record is found.
    package func url(of record: RecordID, in object: ObjectDefinition) -> String {
        url("sobjects/\(object.name.text)/\(record.description)")
    }
}

// MARK: - Parameters

extension APICall {
    /// A parameter that may not be missing.
    package func required(_ name: String) throws -> String {
        guard let value = request.parameter(name), !value.isEmpty else {
            throw RecordError(.missingArgument, "The \(name) parameter is required")
        }
        return value
    }

    /// A parameter's parts between commas; `nil` where it is missing or empty.
    package func list(_ name: String) -> [String]? {
        let parts = (request.parameter(name) ?? "").split(separator: ",")
            .map { String($0).trimmed }.filter { !$0.isEmpty }
        return parts.isEmpty ? nil : parts
    }

    /// A whole number within bounds; a number beyond them is brought inside.
    package func number(
        _ name: String,
        default fallback: Int,
        in bounds: ClosedRange<Int>
    ) throws -> Int {
        guard let text = request.parameter(name), !text.isEmpty else { return fallback }
        guard let number = Int(text) else {
            throw RecordError(
                .illegalQueryParameterValue,
                "\(name) must be a whole number, not \(text)"
            )
        }
        return min(max(number, bounds.lowerBound), bounds.upperBound)
    }

    /// Whether a parameter or header value says yes.
    package static func isTrue(_ text: String?) -> Bool { text?.lowercased() == "true" }

    /// The members of a header such as `batchSize=200, client=x`, by name in lower case.
    package func headerOptions(_ name: String) -> [String: String] {
        let pairs = (request.header(name) ?? "").split(whereSeparator: { $0 == "," || $0 == ";" })
            .compactMap { option -> (String, String)? in
                let sides = option.split(separator: "=", maxSplits: 1).map { String($0).trimmed }
                return sides.count == 2 ? (sides[0].lowercased(), sides[1]) : nil
            }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }
}

// MARK: - Bodies

extension APICall {
    /// The body as JSON.
    package func json() throws -> JSONValue {
        if let type = request.header("content-type"), !Self.isJSON(type) {
            throw RecordError(
                .unsupportedMediaType,
                "Content-Type header specified in HTTP request is not supported: \(type)"
            )
        }
        return try Self.parse(request.body)
    }

    /// The body as a JSON object.
    package func jsonObject() throws -> JSONObject {
        let value = try json()
        guard let object = value.object else {
            throw RecordError(
                .jsonParserError,
                "The body must be a JSON object, not \(value.kindName) at [line:1, column:1]"
            )
        }
        return object
    }

    static func parse(_ bytes: [UInt8]) throws -> JSONValue {
        do {
            return try JSONParser.parse(bytes)
        } catch {
            throw RecordError(.jsonParserError, error.description)
        }
    }

    private static func isJSON(_ type: String) -> Bool {
        let media = type.split(separator: ";").first.map { String($0).trimmed.lowercased() } ?? ""
        return media.isEmpty || media.hasSuffix("json") || media == "*/*"
    }
}

extension String {
    /// Without blanks at either end.
    var trimmed: String {
        let isBlank = { (character: Character) in character == " " || character == "\t" }
        return String(
            drop(while: isBlank).reversed().drop(while: isBlank).reversed()
        )
    }
}
