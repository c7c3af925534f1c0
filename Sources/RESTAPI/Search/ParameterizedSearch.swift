import Gateway
import Kernel
import Language
import Metadata

/// A search given by parameters, turned into the statement that says the same.
struct ParameterizedSearch {
    /// What is wanted of one object.
    private struct Wanted {
        var name: String
        var fields: [String]
        var filter: String?
        var orderBy: String?
        var limit: Int?
    }

    private var term: String
    private var group: String
    private var objects: [Wanted]
    private var limit: Int?
    private var offset: Int?

    /// From a query string: `q`, `sobject`, `fields`, `in`, `overallLimit`, `defaultLimit`, and
    /// `Account.fields`, `Account.where`, `Account.limit`, `Account.orderBy`.
    init(_ call: APICall) throws {
        term = try call.required("q")
        group = call.request.parameter("in") ?? "ALL"
        let fields = call.list("fields") ?? []
        let fallback = try Self.number(call.request.parameter("defaultLimit"), "defaultLimit")
        objects = try (call.list("sobject") ?? []).map { name in
            Wanted(
                name: name,
                fields: call.list("\(name).fields") ?? fields,
                filter: call.request.parameter("\(name).where"),
                orderBy: call.request.parameter("\(name).orderBy"),
                limit: try Self.number(call.request.parameter("\(name).limit"), "limit")
                    ?? fallback
            )
        }
        limit = try Self.number(call.request.parameter("overallLimit"), "overallLimit")
        offset = try Self.number(call.request.parameter("offset"), "offset")
    }

    /// From a body: `{q, in, fields, sobjects:[{name, fields, where, orderBy, limit}], …}`.
    init(_ body: JSONObject) throws {
        guard let term = body["q"]?.string, !term.isEmpty else {
            throw RecordError(.missingArgument, "The q parameter is required")
        }
        self.term = term
        group = body["in"]?.string ?? "ALL"
        let fields = try Self.names(body["fields"], "fields")
        let fallback = try Self.number(body["defaultLimit"], "defaultLimit")
        objects = try (body["sobjects"]?.array ?? []).map { entry in
            guard let name = entry["name"]?.string ?? entry.string else {
                throw RecordError(.invalidInput, "Each of sobjects must have a name")
            }
            let own = try Self.names(entry["fields"], "fields")
            return Wanted(
                name: name,
                fields: own.isEmpty ? fields : own,
                filter: entry["where"]?.string,
                orderBy: entry["orderBy"]?.string,
                limit: try Self.number(entry["limit"], "limit") ?? fallback
            )
        }
        limit = try Self.number(body["overallLimit"], "overallLimit")
        offset = try Self.number(body["offset"], "offset")
    }

    func statement() throws -> SOSLStatement {
        do {
            let term = try SOSLParser.parseTerm(self.term)
            guard let group = SOSLStatement.Group(rawValue: group.lowercased()) else {
                throw RecordError(
                    .malformedSearch,
                    "in must be ALL, NAME, EMAIL, PHONE or SIDEBAR"
                )
            }
            return SOSLStatement(
                term: term,
                group: group,
                returning: try objects.map(Self.returning),
                limit: limit,
                offset: offset
            )
        } catch let error as SyntaxError {
            throw RecordError(.malformedSearch, error.detail)
        }
    }

    private static func returning(_ wanted: Wanted) throws -> SOSLStatement.Returning {
        let fields = try RelatedRoutes.checked(wanted.fields.isEmpty ? ["Id"] : wanted.fields)
        _ = try RelatedRoutes.checked([wanted.name])
        var text = "SELECT \(fields.joined(separator: ", ")) FROM \(wanted.name)"
        if let filter = wanted.filter { text += " WHERE \(filter)" }
        if let orderBy = wanted.orderBy { text += " ORDER BY \(orderBy)" }
        if let limit = wanted.limit { text += " LIMIT \(limit)" }
        let query = try SOQLParser.parse(text)
        return SOSLStatement.Returning(
            object: SOSLStatement.Name(wanted.name, span: query.span),
            query: query
        )
    }

    private static func number(_ text: String?, _ name: String) throws -> Int? {
        guard let text, !text.isEmpty else { return nil }
        guard let number = Int(text), (0...2_000).contains(number) else {
            throw RecordError(
                .illegalQueryParameterValue,
                "\(name) must be a number from 0 to 2000"
            )
        }
        return number
    }

    private static func number(_ value: JSONValue?, _ name: String) throws -> Int? {
        switch value {
        case .number(let number): try Self.number(number.literal, name)
        case .string(let text): try Self.number(text, name)
        case nil, .null: nil
        case .bool, .array, .object:
            throw RecordError(.invalidInput, "\(name) must be a number")
        }
    }

    private static func names(_ value: JSONValue?, _ name: String) throws -> [String] {
        switch value {
        case nil, .null: return []
        case .string(let text):
            return text.split(separator: ",").map { String($0).trimmed }
        case .array(let values):
            let names = values.compactMap(\.string)
            guard names.count == values.count else { fallthrough }
            return names
        case .bool, .number, .object:
            throw RecordError(.invalidInput, "\(name) must be a list of names")
        }
    }
}
