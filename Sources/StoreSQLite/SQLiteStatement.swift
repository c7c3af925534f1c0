import CSQLite
import Store

/// A prepared statement of one connection.
final class SQLiteStatement {
    let handle: OpaquePointer
    let sql: String
    /// Whether rows are being read from it; then a nested use of the same text gets its own.
    var isInUse = false
    /// The cache's count of uses when this was last used.
    var lastUse = 0

    init(handle: OpaquePointer, sql: String) {
        self.handle = handle
        self.sql = sql
    }

    deinit {
        sqlite3_finalize(handle)
    }

    /// Binds all parameters, and returns SQLite's first result code that is not `SQLITE_OK`.
    func bind(_ parameters: [SQLValue]) -> Int32 {
        var index: Int32 = 0
        for parameter in parameters {
            index += 1
            let code = bind(parameter, at: index)
            guard code == SQLITE_OK else { return code }
        }
        return SQLITE_OK
    }

    private func bind(_ value: SQLValue, at index: Int32) -> Int32 {
        switch value {
        case .null:
            return sqlite3_bind_null(handle, index)
        case .integer(let integer):
            return sqlite3_bind_int64(handle, index, integer)
        case .real(let real):
            return sqlite3_bind_double(handle, index, real)
        case .text(var text):
            return text.withUTF8 { bind(text: $0, at: index) }
        case .blob(let bytes):
            return bytes.withUnsafeBytes {
                csqlite_bind_blob(handle, index, $0.baseAddress, UInt64($0.count))
            }
        case .integers(let integers):
            var json = Self.json(integers)
            return json.withUTF8 { bind(text: $0, at: index) }
        case .formula(let program):
            // SQL sees a null; only the function that knows the pointer's type gets at it.
            return sqlite3_bind_pointer(
                handle,
                index,
                Unmanaged.passRetained(program).toOpaque(),
                Self.formulaType,
                { $0.map { Unmanaged<FormulaProgram>.fromOpaque($0).release() } }
            )
        }
    }

    /// The name of the type of pointers to formulas: SQLite keeps the pointer to it.
    static var formulaType: UnsafePointer<CChar> {
        let name: StaticString = "steward_formula"
        return UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
    }

    private func bind(text: UnsafeBufferPointer<UInt8>, at index: Int32) -> Int32 {
        csqlite_bind_text(handle, index, text.baseAddress, UInt64(text.count))
    }

    /// The integers as a JSON array, which is what `json_each` reads.
    private static func json(_ integers: [Int64]) -> String {
        var json = "["
        for (index, integer) in integers.enumerated() {
            if index > 0 { json += "," }
            json += String(integer)
        }
        json += "]"
        return json
    }

    /// Makes the statement ready for its next use, and lets go of the values bound to it.
    func reset() {
        // The result repeats the failure of the last step, which has been thrown already.
        _ = sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }
}

/// A connection's prepared statements, by text; the least recently used makes room.
struct SQLiteStatementCache {
    private var statements: [String: SQLiteStatement] = [:]
    private var uses = 0
    let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// The prepared statement for a text, unless there is none or it is in use.
    mutating func statement(for sql: String) -> SQLiteStatement? {
        guard let statement = statements[sql], !statement.isInUse else { return nil }
        uses += 1
        statement.lastUse = uses
        return statement
    }

    /// Keeps a new statement, unless its text already has one (which is then in use).
    mutating func keep(_ statement: SQLiteStatement) {
        guard statements[statement.sql] == nil else { return }
        if statements.count >= capacity { removeLeastRecentlyUsed() }
        uses += 1
        statement.lastUse = uses
        statements[statement.sql] = statement
    }

    mutating func removeAll() {
        statements.removeAll()
    }

    private mutating func removeLeastRecentlyUsed() {
        let idle = statements.values.lazy.filter { !$0.isInUse }
        guard let oldest = idle.min(by: { $0.lastUse < $1.lastUse }) else { return }
        statements.removeValue(forKey: oldest.sql)
    }
}
