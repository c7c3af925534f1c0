import Kernel
import Language
import Metadata

/// Groups: each set of keys that is summed over gives groups of its own.
extension ReferenceQuery {
    /// Every group, subtotals included, that HAVING lets through.
    func groups() -> [ReferenceGroup] {
        let rows = found()
        let keys = query.grouping?.keys ?? []
        let all = absentKeys().flatMap { groups(of: rows, keys, without: $0) }
        guard let having = query.having else { return all }
        return all.filter { evaluator($0).holds(having) }
    }

    private func groups(
        of rows: [ReferenceRow],
        _ keys: [ResolvedExpression],
        without absent: Set<Int>
    ) -> [ReferenceGroup] {
        let present = keys.enumerated().filter { !absent.contains($0.offset) }.map(\.element)
        // Without a key everything is one group, even if there is nothing.
        if present.isEmpty { return [ReferenceGroup(rows: rows, absent: absent)] }
        var places: [[ComparisonKey]: Int] = [:]
        var groups: [ReferenceGroup] = []
        for row in rows {
            let key = present.map { ComparisonKey(evaluator(row).value($0), $0.type) }
            if let place = places[key] {
                groups[place].rows.append(row)
            } else {
                places[key] = groups.count
                groups.append(ReferenceGroup(rows: [row], absent: absent))
            }
        }
        return groups
    }

    /// The keys that are summed over: none, each tail of them, or each subset.
    private func absentKeys() -> [Set<Int>] {
        guard let grouping = query.grouping else { return [[]] }
        let count = grouping.keys.count
        switch grouping.kind {
        case .plain: return [[]]
        case .rollup: return (0...count).map { Set((count - $0)..<count) }
        case .cube:
            return (0..<(1 << count)).map { mask in
                Set((0..<count).filter { mask & (1 << $0) != 0 })
            }
        }
    }

    func ordered(_ groups: [ReferenceGroup]) -> [ReferenceGroup] {
        sorted(groups) { evaluator($0) }
    }

    func evaluator(_ group: ReferenceGroup) -> ReferenceEvaluator {
        ReferenceEvaluator(
            rows: group.rows,
            keys: query.grouping?.keys ?? [],
            absentKeys: group.absent,
            context: read.context,
            now: now,
            formulas: query.formulas
        )
    }
}

/// The rows of one group.
struct ReferenceGroup {
    var rows: [ReferenceRow]
    /// Positions of the keys over which it sums.
    let absent: Set<Int>
}
