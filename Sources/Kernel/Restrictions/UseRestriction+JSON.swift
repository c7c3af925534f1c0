package import Metadata

// How a restriction is kept, shown and signed: the same members in the same order each time.
extension UseRestriction {
    /// `{"id":…,"decision":…,"rule":…,"kind":…,"target":…,"startsAt":…,"endsAt":…}`.
    package var json: JSONObject {
        [
            "id": .string(id), "decision": .string(decision), "rule": .string(rule),
            "kind": .string(measure.kind), "target": .object(measure.target),
            "startsAt": .string(startsAt.text), "endsAt": .string(endsAt.text),
        ]
    }

    /// - Throws: `RecordError` `INVALID_INPUT` that names the member at fault.
    package init(_ json: JSONObject) throws {
        let reader = RestrictionReader(json)
        self.init(
            id: try reader.text("id"),
            decision: try reader.text("decision"),
            rule: try reader.text("rule"),
            measure: try Measure(json),
            startsAt: try reader.moment("startsAt"),
            endsAt: try reader.moment("endsAt")
        )
    }
}

extension UseRestriction.Measure {
    /// What the design calls it: `read-only`.
    package var kind: String {
        switch self {
        case .notice: "notice-only"
        case .purpose: "purpose"
        case .product: "feature"
        case .object: "object"
        case .field: "field"
        case .automation: "automation"
        case .channel: "channel"
        case .integration: "integration"
        case .rate: "rate"
        case .visibility: "visibility"
        case .growth: "growth"
        case .readOnly: "read-only"
        case .exportOnly: "export-only"
        case .end: "end"
        }
    }

    var target: JSONObject {
        switch self {
        case .purpose(let declaration, let product):
            ["declaration": .string(declaration), "product": .string(product)]
        case .product(let product): ["product": .string(product)]
        case .rate(let rate):
            [
                "operation": .string(rate.operation.rawValue),
                "count": .number(JSONNumber(Int64(rate.count))),
                "seconds": .number(JSONNumber(Int64(rate.seconds))),
            ]
        case .object(let name, let operations):
            [
                "object": .string(name.text),
                "operations": .array(operations.map(\.rawValue).sorted().map { .string($0) }),
            ]
        case .field(let object, let field):
            ["object": .string(object.text), "field": .string(field.text)]
        case .automation(let flow): ["flow": .string(flow.text)]
        case .channel(let channel): ["channel": .string(channel.rawValue)]
        case .integration(let client): ["client": .string(client)]
        case .notice, .visibility, .growth, .readOnly, .exportOnly, .end: [:]
        }
    }

    /// Reads `{"kind":…,"target":…}`.
    ///
    /// - Throws: `RecordError` `INVALID_INPUT` that names the member at fault.
    package init(_ json: JSONObject) throws {
        try self.init(
            kind: try RestrictionReader(json).text("kind"),
            target: RestrictionReader(json["target"]?.object ?? JSONObject(), in: "target.")
        )
    }

    init(kind: String, target: RestrictionReader) throws {
        switch kind {
        case "notice-only": self = .notice
        case "purpose":
            self = .purpose(
                declaration: try target.text("declaration"),
                product: try target.text("product").lowercased()
            )
        case "feature": self = .product(try target.text("product").lowercased())
        case "rate":
            let text = try target.text("operation")
            guard let operation = UseRestriction.Rate.Operation(rawValue: text) else {
                throw target.wrong("operation", "`\(text.prefix(40))` cannot be counted")
            }
            self = .rate(
                UseRestriction.Rate(
                    operation: operation,
                    count: try target.number("count", in: 0...1_000_000_000),
                    seconds: try target.number("seconds", in: 1...366 * 86_400)
                )
            )
        case "visibility": self = .visibility
        case "end": self = .end
        case "object":
            let operations = try target.texts("operations").map { text in
                guard let operation = UseRestriction.Operation(rawValue: text) else {
                    throw target.wrong("operations", "`\(text.prefix(40))` is no operation")
                }
                return operation
            }
            guard !operations.isEmpty else { throw target.wrong("operations", "names none") }
            self = .object(APIName(try target.text("object")), Set(operations))
        case "field":
            self = .field(
                object: APIName(try target.text("object")),
                field: APIName(try target.text("field"))
            )
        case "automation": self = .automation(APIName(try target.text("flow")))
        case "channel":
            let text = try target.text("channel")
            guard let channel = UseRestriction.Channel(rawValue: text) else {
                throw target.wrong("channel", "`\(text.prefix(40))` is no channel")
            }
            self = .channel(channel)
        case "integration": self = .integration(client: try target.text("client"))
        case "growth": self = .growth
        case "read-only": self = .readOnly
        case "export-only": self = .exportOnly
        default:
            throw RecordError(.invalidInput, "kind: `\(kind.prefix(40))` is no kind of restriction")
        }
    }
}

/// Reads the members of a restriction or an order, and names the one at fault.
struct RestrictionReader {
    let json: JSONObject
    /// Where the members stand: `target.`.
    let place: String

    init(_ json: JSONObject, in place: String = "") {
        self.json = json
        self.place = place
    }

    func wrong(_ name: String, _ reason: String) -> RecordError {
        RecordError(.invalidInput, "\(place)\(name): \(reason)")
    }

    func text(_ name: String) throws -> String {
        guard let text = json[name]?.string, text.contains(where: { !$0.isWhitespace }) else {
            throw wrong(name, "a text is needed")
        }
        return text
    }

    func texts(_ name: String) throws -> [String] {
        guard let values = json[name]?.array else { throw wrong(name, "a list is needed") }
        return try values.map { value in
            guard let text = value.string else { throw wrong(name, "a list of texts is needed") }
            return text
        }
    }

    func number(_ name: String, in range: ClosedRange<Int>) throws -> Int {
        // The log writes numbers as text.
        let text = json[name]?.number?.literal ?? json[name]?.string
        guard let number = text.flatMap({ Int($0) }), range.contains(number) else {
            throw wrong(
                name,
                "a whole number from \(range.lowerBound) to \(range.upperBound) is needed"
            )
        }
        return number
    }

    func moment(_ name: String) throws -> Instant {
        guard let value = CivilText.millisecondsSinceEpoch(try text(name)) else {
            throw wrong(name, "a moment is needed, as 2026-03-10T09:00:00Z")
        }
        return Instant(milliseconds: value)
    }
}
