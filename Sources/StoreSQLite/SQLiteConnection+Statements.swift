import CSQLite
package import Store

extension SQLiteConnection {
    /// Runs all statements of a script, one after the other, for what they do.
    ///
    /// For definitions and settings: nothing is bound and nothing is kept prepared. The first
    /// failure ends it, and what ran before stays done unless a transaction is open.
    package func execute(_ script: String) throws {
        var script = script
        try script.withUTF8 { bytes in
            guard var start = bytes.baseAddress else { return }
            let end = start + bytes.count
            while start < end {
                let (handle, tail) = try prepare(start, count: end - start, flags: 0)
                start = tail
                guard let handle else { continue }
                let sql = sqlite3_sql(handle).map { String(cString: $0) } ?? ""
                let statement = SQLiteStatement(handle: handle, sql: sql)
                while try step(statement) {}
            }
        }
    }

    /// Runs one statement for what it does; rows that it returns are passed over.
    package func execute(_ sql: String, _ parameters: [SQLValue]) throws {
        try withStatement(sql, parameters) { statement in
            while try step(statement) {}
        }
    }

    /// Runs one statement and lends each of its rows, in order.
    ///
    /// - Parameters:
    ///   - sql: One statement, with `?` where values belong.
    ///   - parameters: The values, in order.
    ///   - row: Reads the row in place; what it throws ends the query.
    /// - Throws: `SQLiteFailure`, also when `parameters` are not as many as the text asks for, or
    ///   when the text holds a second statement.
    package func query(
        _ sql: String,
        _ parameters: [SQLValue] = [],
        _ row: (borrowing SQLiteRow) throws -> Void
    ) throws {
        try withStatement(sql, parameters) { statement in
            while try step(statement) { try row(SQLiteRow(statement.handle)) }
        }
    }

    /// What the first row reads as; `nil` when there are no rows.
    ///
    /// A statement that writes has written all its rows by then (`RETURNING`).
    package func one<Result>(
        _ sql: String,
        _ parameters: [SQLValue] = [],
        _ row: (borrowing SQLiteRow) throws -> Result
    ) throws -> Result? {
        try withStatement(sql, parameters) { statement in
            try step(statement) ? try row(SQLiteRow(statement.handle)) : nil
        }
    }

    /// What each row reads as, in order.
    package func all<Result>(
        _ sql: String,
        _ parameters: [SQLValue] = [],
        _ row: (borrowing SQLiteRow) throws -> Result
    ) throws -> [Result] {
        var results: [Result] = []
        try query(sql, parameters) { results.append(try row($0)) }
        return results
    }

    private func withStatement<Result>(
        _ sql: String,
        _ parameters: [SQLValue],
        _ body: (SQLiteStatement) throws -> Result
    ) throws -> Result {
        let statement = try preparedStatement(sql)
        statement.isInUse = true
        defer {
            statement.reset()
            statement.isInUse = false
        }
        let expected = Int(sqlite3_bind_parameter_count(statement.handle))
        guard parameters.count == expected else {
            throw SQLiteFailure.misuse(
                "the statement takes \(expected) values and was given \(parameters.count)",
                sql: sql
            )
        }
        let code = statement.bind(parameters)
        guard code == SQLITE_OK else { throw failure(code, sql: sql) }
        return try body(statement)
    }

    /// Moves on to the next row; false when there is none.
    private func step(_ statement: SQLiteStatement) throws -> Bool {
        // Without this, a body that caught the failure which cost it its transaction would go on
        // in autocommit mode, and each of its later statements would be kept on its own.
        if isTransactionExpected, !isInTransaction { throw transactionLoss(sql: statement.sql) }
        let code = sqlite3_step(statement.handle)
        switch code {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw failure(code, sql: statement.sql)
        }
    }
}

extension SQLiteConnection {
    private func preparedStatement(_ sql: String) throws -> SQLiteStatement {
        if let statement = statements.statement(for: sql) { return statement }
        var text = sql
        let handle = try text.withUTF8 { bytes -> OpaquePointer? in
            guard let start = bytes.baseAddress else { return nil }
            let (handle, tail) = try prepare(
                start,
                count: bytes.count,
                flags: UInt32(SQLITE_PREPARE_PERSISTENT)
            )
            let rest = UnsafeBufferPointer(start: tail, count: start + bytes.count - tail)
            guard rest.allSatisfy(isBetweenStatements) else {
                sqlite3_finalize(handle)
                throw SQLiteFailure.misuse("only one statement at a time", sql: sql)
            }
            return handle
        }
        guard let handle else { throw SQLiteFailure.misuse("there is no statement", sql: sql) }
        let statement = SQLiteStatement(handle: handle, sql: sql)
        statements.keep(statement)
        return statement
    }

    /// Prepares the first statement of some text, and says where the rest begins.
    ///
    /// The statement is `nil` when there is only white space or a comment.
    private func prepare(
        _ start: UnsafePointer<UInt8>,
        count: Int,
        flags: UInt32
    ) throws
        -> (statement: OpaquePointer?, tail: UnsafePointer<UInt8>)
    {
        try start.withMemoryRebound(to: CChar.self, capacity: count) { text in
            var handle: OpaquePointer?
            var tail: UnsafePointer<CChar>?
            let code = sqlite3_prepare_v3(
                database,
                text,
                Int32(clamping: count),
                flags,
                &handle,
                &tail
            )
            guard code == SQLITE_OK else {
                let sql = UnsafeBufferPointer(start: start, count: count)
                throw failure(code, sql: String(decoding: sql, as: UTF8.self))
            }
            return (handle, start + (tail.map { $0 - text } ?? count))
        }
    }
}

/// Whether a byte may follow a statement that stands alone: white space or a semicolon.
private func isBetweenStatements(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ";") || byte == UInt8(ascii: " ") || (9...13).contains(byte)
}
