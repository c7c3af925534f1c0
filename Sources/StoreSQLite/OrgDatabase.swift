import Kernel
import Metadata
import Store

/// One org's open file: who writes to it, who reads it, and what is remembered beside it.
final class OrgDatabase: Sendable {
    let writer: SQLiteWriter
    let readers: SQLiteReaderPool
    /// The record ids that may be issued without asking the file, by key prefix.
    let issuing = SQLiteLocked<[KeyPrefix: IDBlock]>([:])
    private let statements = SQLiteLocked<[ObjectIdentifier: RecordStatements]>([:])
    /// Turns plans into this file's SQL.
    let compiler: SQLCompiler

    /// Opens the file, and creates it if there is none.
    init(path: String, options: SQLiteOptions) throws {
        compiler = SQLCompiler(.sqlite, walkRecordsMax: options.walkRecordsMax)
        writer = try SQLiteWriter(path: path, options: options) { try OrgFormat.renew($0) }
        readers = SQLiteReaderPool(path: path, options: options)
    }

    /// The statements about an object's single records, made once for each definition.
    func statements(_ object: ObjectDefinition) -> RecordStatements {
        // What is kept keeps its definition alive, so an identifier is never taken over by another.
        let identifier = ObjectIdentifier(object)
        if let known = statements.withLock({ $0[identifier] }) { return known }
        let made = RecordStatements(object, .sqlite)
        statements.withLock { known in
            // Definitions of former schemas go with all others, and these come back.
            if known.count >= 1_000 { known.removeAll() }
            known[identifier] = made
        }
        return made
    }

    func close() async {
        readers.close()
        await writer.close()
    }
}

/// Numbers of record ids that the file has set aside.
struct IDBlock {
    /// None from here on has been issued by this process.
    var next: Int64
    /// None before here will be issued by another, as the file says.
    var end: Int64
}
