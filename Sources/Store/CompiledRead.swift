package import Kernel
import Language
package import Metadata
private import Synchronization

/// The statements of a plan and of its child queries, made when they are first needed.
///
/// It is kept beside the plan, so that the next request for the same plan only runs them.
package final class CompiledRead: Sendable {
    /// The rows themselves: the first ones, or for a child query those of the given parents.
    package let rows: SQLStatement
    /// In the order of the plan's child queries.
    package let children: [CompiledRead]
    private let compiler: SQLCompiler
    private let others = Mutex<[Other: SQLStatement]>([:])
    /// The ids of the first rows by a walk in the list's order; `nil` where none is worth trying.
    private let walk: SQLStatement?
    /// Until when a walk that found no page is not tried again.
    private let walkRests = Mutex<Instant?>(nil)

    private enum Other {
        case allIDs, given, one
    }

    /// A child query is given its lookup to the parent.
    package init(
        _ read: AuthorizedRead,
        _ compiler: SQLCompiler,
        childrenBy lookup: FieldDefinition? = nil
    ) {
        self.compiler = compiler
        rows = compiler.compile(read, lookup.map { .children(of: $0) } ?? .first)
        walk = lookup == nil ? compiler.walk(read) : nil
        children = zip(read.query.children, read.children).map { child, plan in
            CompiledRead(plan, compiler, childrenBy: child.field)
        }
    }

    /// The ids of all rows.
    package func allIDs(of read: AuthorizedRead) -> SQLStatement {
        statement(.allIDs, read, .allIDs)
    }

    /// The rows of given ids.
    package func given(of read: AuthorizedRead, isOne: Bool) -> SQLStatement {
        isOne ? statement(.one, read, .one) : statement(.given, read, .given)
    }

    /// The walk that may find a page of so many rows, if it is to be tried now.
    package func walk(at now: Instant) -> SQLStatement? {
        guard let walk, walkRests.withLock({ $0.map { $0 <= now } ?? true }) else { return nil }
        return walk
    }

    /// A walk found no page: for a minute, what the caller sees is gathered at once.
    package func noteVainWalk(at now: Instant) {
        walkRests.withLock { $0 = now.adding(seconds: 60) }
    }

    private func statement(
        _ other: Other,
        _ read: AuthorizedRead,
        _ selection: RowSelection
    ) -> SQLStatement {
        if let made = others.withLock({ $0[other] }) { return made }
        let statement = compiler.compile(read, selection)
        others.withLock { $0[other] = statement }
        return statement
    }
}
