import Metadata

/// Criteria whose names and values are checked against an object: ready to be asked of its records.
struct CriteriaProgram: Sendable {
    /// Why criteria cannot be asked.
    struct Failure: Error {
        /// The condition at fault, counted from zero; `nil` for the logic or the formula.
        let item: Int?
        let message: String
    }

    /// Conditions joined, by their numbers.
    indirect enum Logic: Hashable, Sendable {
        case condition(Int)
        case all([Logic])
        case any([Logic])
        case not(Logic)
    }

    let conditions: [CriteriaCondition]
    let logic: Logic

    init(_ criteria: Criteria, on object: ObjectDefinition, in schema: OrgSchema) throws(Failure) {
        guard criteria.formula == nil else {
            throw Failure(
                item: nil,
                message: "rules of this kind take conditions: `criteriaItems`, not `formula`"
            )
        }
        var conditions: [CriteriaCondition] = []
        for (index, item) in criteria.items.enumerated() {
            do {
                conditions.append(try CriteriaCondition(item, on: object, in: schema))
            } catch {
                throw Failure(item: index, message: error.message)
            }
        }
        self.conditions = conditions
        if let text = criteria.booleanFilter {
            var parser = LogicParser(text, count: conditions.count)
            do {
                logic = try parser.parse()
            } catch {
                throw Failure(item: nil, message: error.message)
            }
        } else {
            logic = .all(conditions.indices.map { .condition($0) })
        }
    }

    /// Whether they hold of the record at a place, by the values that paths have.
    func holds(at place: Int, _ values: [RecordPath: [FieldValue]]) -> Bool {
        holds(logic, place, values)
    }

    private func holds(
        _ logic: Logic,
        _ place: Int,
        _ values: [RecordPath: [FieldValue]]
    ) -> Bool {
        switch logic {
        case .condition(let number):
            let condition = conditions[number]
            return condition.holds(values[condition.path]?[place] ?? .null)
        case .all(let parts): return parts.allSatisfy { holds($0, place, values) }
        case .any(let parts): return parts.contains { holds($0, place, values) }
        case .not(let part): return !holds(part, place, values)
        }
    }
}

/// Reads `1 AND (2 OR NOT 3)`.
private struct LogicParser {
    typealias Logic = CriteriaProgram.Logic

    struct Failure: Error {
        let message: String
    }

    private static let depthMax = 50

    private var tokens: [String]
    private let count: Int
    private let text: String

    init(_ text: String, count: Int) {
        self.text = text
        self.count = count
        tokens = text.replacing("(", with: " ( ").replacing(")", with: " ) ")
            .split(whereSeparator: \.isWhitespace).map { $0.uppercased() }.reversed()
    }

    mutating func parse() throws(Failure) -> Logic {
        let logic = try any(depth: 0)
        if let rest = tokens.last { throw wrong(rest) }
        return logic
    }

    private func wrong(_ token: String?) -> Failure {
        Failure(
            message: "`\(text)` is no logic of the conditions 1 to \(count): "
                + (token.map { "unexpected `\($0)`" } ?? "it ends too early")
        )
    }

    private mutating func any(depth: Int) throws(Failure) -> Logic {
        var parts = [try all(depth: depth)]
        while tokens.last == "OR" {
            tokens.removeLast()
            parts.append(try all(depth: depth))
        }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func all(depth: Int) throws(Failure) -> Logic {
        var parts = [try one(depth: depth)]
        while tokens.last == "AND" {
            tokens.removeLast()
            parts.append(try one(depth: depth))
        }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func one(depth: Int) throws(Failure) -> Logic {
        guard depth < LogicParser.depthMax, let token = tokens.popLast() else { throw wrong(nil) }
        if token == "NOT" { return .not(try one(depth: depth + 1)) }
        if token == "(" {
            let logic = try any(depth: depth + 1)
            guard tokens.popLast() == ")" else { throw wrong(nil) }
            return logic
        }
        guard let number = Int(token), (1...max(1, count)).contains(number), count > 0 else {
            throw wrong(token)
        }
        return .condition(number - 1)
    }
}
