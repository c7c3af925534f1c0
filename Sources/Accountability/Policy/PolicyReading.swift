import Language
import Metadata

/// What reading the files of a policy has in common: values of closed lists, facts, days, formulas.
enum PolicyReading {
    /// A value of a closed list, or a problem that says what would be right.
    static func known<Value: RawRepresentable & CaseIterable>(
        _ text: String,
        as type: Value.Type,
        at key: String,
        _ map: ShapedMap,
        _ problems: inout [PackageProblem]
    ) -> Value? where Value.RawValue == String {
        if let value = Value(rawValue: text) { return value }
        let all = Value.allCases.map(\.rawValue)
        let hint = Suggestion.phrase(for: text, among: all)
        problems.append(
            map.problem(
                "`\(key)` cannot be `\(text)`\(hint); one of \(all.joined(separator: ", "))",
                at: key
            )
        )
        return nil
    }

    /// The facts or features of a case; `null` says that one is not known.
    static func values(
        _ key: String,
        of map: ShapedMap,
        over vocabulary: [String: FeatureKind],
        _ problems: inout [PackageProblem]
    ) -> [String: FeatureValue] {
        var values: [String: FeatureValue] = [:]
        for written in map.values(key) {
            guard let kind = vocabulary[written.name] else {
                let hint = Suggestion.phrase(for: written.name, among: vocabulary.keys.sorted())
                problems.append(map.problem("there is no `\(written.name)`\(hint)", at: key))
                continue
            }
            guard let text = written.text else { continue }
            guard let value = kind.value(text) else {
                problems.append(
                    map.problem("`\(written.name)` is \(kind.advice), not `\(text)`", at: key)
                )
                continue
            }
            values[written.name] = value
        }
        return values
    }

    static func predicate(
        _ key: String,
        of map: ShapedMap,
        over vocabulary: [String: FeatureKind],
        _ problems: inout [PackageProblem]
    ) -> PolicyPredicate? {
        do {
            return try PolicyPredicate(map.text(key) ?? "", over: vocabulary)
        } catch let error {
            problems.append(
                map.problem(error.message, in: key, line: error.line, column: error.column)
            )
            return nil
        }
    }

    /// The midnight, in UTC, with which a day begins.
    static func day(
        _ key: String,
        of map: ShapedMap,
        _ problems: inout [PackageProblem]
    ) -> Instant? {
        guard let text = map.text(key) else { return nil }
        guard let days = CivilText.daysSinceEpoch(text) else {
            problems.append(map.problem("`\(key)` must be a day: 2026-11-24", at: key))
            return nil
        }
        return Instant(milliseconds: Int64(days) * CivilDate.millisecondsPerDay)
    }
}

extension Instant {
    /// The day in UTC, as the policy's files write it.
    var day: String {
        let days = Int(
            (Double(milliseconds) / Double(CivilDate.millisecondsPerDay)).rounded(.down)
        )
        guard let date = CivilDate(daysSinceEpoch: days) else { return "beyond the calendar" }
        let month = date.month < 10 ? "0\(date.month)" : "\(date.month)"
        let day = date.day < 10 ? "0\(date.day)" : "\(date.day)"
        return "\(date.year)-\(month)-\(day)"
    }
}
