import Foundation
import Language
import Metadata
import StoreSQLite
import TestSupport
import Testing

@testable import Kernel

/// Random queries over random records: the stores give what the reference gives.
///
/// `STEWARD_SEED` and `STEWARD_QUERIES` choose another world and another number of queries.
@Suite struct AgreementTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let seeds: [UInt64] =
        environment["STEWARD_SEED"].flatMap { UInt64($0) }.map { [$0] } ?? [1, 2, 3, 4, 5]
    private static let queryCount = environment["STEWARD_QUERIES"].flatMap { Int($0) } ?? 1_200
    /// After so many differences a further one says nothing new.
    private static let differencesMax = 5

    @Test("every store answers random queries as the reference does", arguments: seeds)
    func agreement(_ seed: UInt64) async throws {
        let world = try await RandomWorld(seed: seed)
        var asked = 0
        var refused = 0
        var differences = 0
        for (place, caller) in world.callers.enumerated() {
            let share = Self.queryCount / world.callers.count
            let queries = try await world.queries(
                share,
                as: caller,
                seed: seed &* 1_000 + UInt64(place)
            )
            let expected = await world.answers(queries, as: caller, from: world.reference)
            let given = await world.answers(queries, as: caller, from: world.sqlite)
            for (query, (right, found)) in zip(queries, zip(expected, given)) {
                asked += 1
                if case .refusal = right { refused += 1 }
                guard right != found, differences < Self.differencesMax else { continue }
                differences += 1
                Issue.record(
                    """
                    seed \(seed), caller \(place) in \(caller.timeZone): \(query)
                    \(right.difference(from: found))
                    """
                )
            }
        }
        // The generator writes valid queries: a refusal is a mistake of the resolver, or its own.
        #expect(refused * 50 <= asked, "\(refused) of \(asked) were refused")
    }
}

/// What a store answers, in a form in which equal answers are equal.
enum Answer: Equatable, CustomStringConvertible {
    case rows([[String]], total: Int)
    case refusal(RecordError)

    /// - Parameter plan: groups without ORDER BY have no order, and any spelling of a key stands for
    ///   all of its spellings.
    init(_ sink: TestRecordSink, _ plan: AuthorizedRead, total: Int) {
        let isGrouped = plan.query.kind == .groups
        var nodes = sink.rows.map { rows in
            rows.map { row in
                "\(row.parent):"
                    + row.values.map { Answer.text($0, isFolded: isGrouped) }
                    .joined(separator: "|")
            }
        }
        if isGrouped, plan.query.orderBy.isEmpty { nodes[0].sort() }
        self = .rows(nodes, total: total)
    }

    private static func text(_ value: FieldValue, isFolded: Bool) -> String {
        switch value {
        case .null: "-"
        case .text(let text):
            // Escaped, since Swift takes different spellings of an accent for one.
            (isFolded ? text.uppercased() : text).unicodeScalars
                .map { $0.escaped(asASCII: true) }.joined()
        case .boolean(let value): String(value)
        case .number(let number): number.description
        case .date(let days): "day \(days)"
        case .dateTime(let moment): "moment \(moment.milliseconds)"
        case .time(let milliseconds): "time \(milliseconds)"
        case .id(let id): id.description
        // Sums of binary fractions depend on the order of their parts.
        case .coordinate(let number): String(format: "%.9g", number)
        case .blob(let bytes): "\(bytes.count) bytes"
        }
    }

    var description: String {
        switch self {
        case .rows(let nodes, let total): "\(total) records, \(nodes.map(\.count)) rows"
        case .refusal(let error): "\(error.code.rawValue): \(error.message)"
        }
    }

    /// The first places where another answer is not this one.
    func difference(from other: Answer) -> String {
        var lines = ["right: \(self)", "found: \(other)"]
        guard case .rows(let right, _) = self, case .rows(let found, _) = other else {
            return lines.joined(separator: "\n")
        }
        for (node, (one, two)) in zip(right, found).enumerated() {
            let count = max(one.count, two.count)
            let places = (0..<count).filter { place in
                place >= one.count || place >= two.count || one[place] != two[place]
            }
            for place in places.prefix(3) {
                lines.append(
                    "right \(node).\(place): \(place < one.count ? one[place] : "nothing")"
                )
                lines.append(
                    "found \(node).\(place): \(place < two.count ? two[place] : "nothing")"
                )
            }
        }
        return lines.joined(separator: "\n")
    }
}
