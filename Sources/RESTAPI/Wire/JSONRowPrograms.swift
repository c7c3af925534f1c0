package import Kernel
package import Metadata

/// The programs of the plans in use, so that each is made once.
package final class JSONRowPrograms: Sendable {
    private struct Key: Hashable {
        let plan: ObjectIdentifier
        let version: APIVersion
    }

    /// Holds on to the plan, so that its identity is not given to another.
    private struct Entry {
        let plan: AuthorizedRead
        let program: JSONRowProgram
    }

    private let entries = Locked<[Key: Entry]>([:])
    private static let countMax = 1_024

    package init() {}

    /// The program for a plan's rows in answers of one API version.
    package func program(
        for plan: AuthorizedRead,
        schema: OrgSchema,
        version: APIVersion
    ) -> JSONRowProgram {
        let key = Key(plan: ObjectIdentifier(plan), version: version)
        if let kept = entries.withLock({ $0[key]?.program }) { return kept }
        let program = JSONRowProgram(plan.query, schema: schema, version: version)
        entries.withLock { entries in
            // Plans go out of use all at once, when the schema changes.
            if entries.count >= Self.countMax { entries.removeAll() }
            entries[key] = Entry(plan: plan, program: program)
        }
        return program
    }
}
