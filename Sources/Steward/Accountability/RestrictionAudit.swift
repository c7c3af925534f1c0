import Accountability
import Foundation
import Kernel
import Metadata

/// Compares what is withheld from orgs with what the transparency log says is.
///
/// Somebody who can write the deployment's files can put a restriction there, or take one away, past the
/// order that two have signed; but not without the log and the store telling different stories.
struct RestrictionAudit {
    /// What every restriction order in the log says, as it stands there.
    private let logged: Set<CanonicalJSON>

    /// Verifies the log whole, and reads it.
    ///
    /// - Throws: `LogFault` where the log is not sound.
    init(_ log: DeploymentLog) async throws {
        guard log.exists else {
            logged = []
            return
        }
        let files = DirectoryTiles(reading: log.folder.path)
        let checkpoint = try await LogVerifier(log: log.verifierKey()).verify(files).checkpoint
        let tree = TileTree(files, size: checkpoint.size)
        var orders: Set<CanonicalJSON> = []
        try await tree.forEachEntry { bytes in
            let entry = try LogEntry(bytes)
            guard entry.kind == LogEntry.restrictionApplied, let order = entry.content["order"]
            else { return }
            orders.insert(order)
        }
        logged = orders
    }

    func isLogged(_ order: RestrictionOrder) -> Bool {
        logged.contains(LogEntry.content(of: order))
    }

    /// What differs for one org, in sentences; empty where nothing does.
    ///
    /// - Parameter pending: an order that is about to be applied, and may be in the log already: it was
    ///   stopped between the one and the other.
    func problems(
        in org: OrgID,
        _ records: Records,
        pending: RestrictionOrder? = nil
    ) async throws -> [String] {
        let stored = try await records.restrictionOrders(of: org)
        let known = Set(stored.map { LogEntry.content(of: $0) })
        var problems = stored.filter { !logged.contains(LogEntry.content(of: $0)) }.map {
            "the restriction \($0.restriction.id) is not in the transparency log"
        }
        let now = records.clock.now()
        for content in logged.subtracting(known) {
            guard let order = LogEntry.order(of: content), order.org == org, order != pending,
                now < order.restriction.endsAt
            else { continue }
            problems.append(
                "the restriction \(order.restriction.id) is in the transparency log and not in force"
            )
        }
        return problems.sorted()
    }
}
