import CSQLite
package import Store

/// The arguments of one call of a function that SQL calls and Swift answers, read in place.
package struct SQLiteArguments: ~Copyable {
    private let context: OpaquePointer
    private let values: UnsafeMutablePointer<OpaquePointer?>?
    /// How many arguments there are.
    package let count: Int

    init(context: OpaquePointer, count: Int, values: UnsafeMutablePointer<OpaquePointer?>?) {
        self.context = context
        self.count = count
        self.values = values
    }

    private subscript(index: Int) -> OpaquePointer? {
        precondition(index >= 0 && index < count, "a function has as many arguments as declared")
        return values?[index]
    }

    /// Whether an argument is NULL.
    package func isNull(_ index: Int) -> Bool {
        sqlite3_value_type(self[index]) == SQLITE_NULL
    }

    /// Whether an argument is an integer or a floating-point number.
    package func isNumber(_ index: Int) -> Bool {
        let type = sqlite3_value_type(self[index])
        return type == SQLITE_INTEGER || type == SQLITE_FLOAT
    }

    /// An argument as an integer, converted if it is something else.
    package func int64(_ index: Int) -> Int64 {
        sqlite3_value_int64(self[index])
    }

    /// An argument as a floating-point number, converted if it is something else.
    package func double(_ index: Int) -> Double {
        sqlite3_value_double(self[index])
    }

    /// An argument's UTF-8 bytes, which last as long as the call.
    package func textBytes(_ index: Int) -> UnsafeBufferPointer<UInt8> {
        // The text is asked for first: that converts the value, and so decides how many bytes.
        let start = sqlite3_value_text(self[index])
        return UnsafeBufferPointer(
            start: start,
            count: Int(sqlite3_value_bytes(self[index]))
        )
    }

    /// An argument that is a formula, bound as such; `nil` for anything else.
    package func formula(_ index: Int) -> FormulaProgram? {
        guard let pointer = sqlite3_value_pointer(self[index], SQLiteStatement.formulaType) else {
            return nil
        }
        return Unmanaged<FormulaProgram>.fromOpaque(pointer).takeUnretainedValue()
    }

    /// A copy of an argument.
    package func value(_ index: Int) -> SQLValue {
        switch sqlite3_value_type(self[index]) {
        case SQLITE_INTEGER: .integer(int64(index))
        case SQLITE_FLOAT: .real(double(index))
        case SQLITE_TEXT: .text(string(index))
        case SQLITE_BLOB: .blob(Array(textBytes(index)))
        default: .null
        }
    }

    /// A copy of an argument as text.
    package func string(_ index: Int) -> String {
        String(decoding: textBytes(index), as: UTF8.self)
    }

    /// What was made of a constant argument, made once for a statement and not for every row.
    ///
    /// Where the argument is not constant, it is made at every call. One argument must always be
    /// made into the same type.
    package func constant<Made: AnyObject>(_ index: Int, _ make: () throws -> Made) rethrows -> Made
    {
        if let known = sqlite3_get_auxdata(context, Int32(index)) {
            let object = Unmanaged<AnyObject>.fromOpaque(known).takeUnretainedValue()
            if let made = object as? Made { return made }
        }
        let made = try make()
        sqlite3_set_auxdata(
            context,
            Int32(index),
            Unmanaged<AnyObject>.passRetained(made).toOpaque(),
            { $0.map { Unmanaged<AnyObject>.fromOpaque($0).release() } }
        )
        return made
    }

    /// Answers the call with UTF-8 bytes as they are.
    func answer(text: UnsafeBufferPointer<UInt8>) {
        csqlite_result_text(context, text.baseAddress, UInt64(text.count))
    }

    func answer(_ value: SQLValue) {
        switch value {
        case .null: sqlite3_result_null(context)
        case .integer(let integer): sqlite3_result_int64(context, integer)
        case .real(let real): sqlite3_result_double(context, real)
        case .text(var text): text.withUTF8 { answer(text: $0) }
        case .blob(let bytes):
            bytes.withUnsafeBytes {
                csqlite_result_blob(context, $0.baseAddress, UInt64($0.count))
            }
        case .integers, .formula: refuse("a function answers with one plain value")
        }
    }

    func refuse(_ message: String) {
        sqlite3_result_error(context, message, -1)
    }
}

/// Why a function could not answer, in words; it becomes the message of a `SQLiteFailure`.
package struct SQLiteFunctionFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reason.
    package let description: String

    /// A refusal for a reason, in words for whoever wrote the statement.
    package init(_ description: String) {
        self.description = description
    }
}

extension SQLiteConnection {
    /// Lets SQL on this connection call a Swift function.
    ///
    /// - Parameters:
    ///   - name: As in SQL, in any case.
    ///   - argumentCount: How many arguments it takes; -1 for any number.
    ///   - isDeterministic: Whether the same arguments always give the same answer. Only such a
    ///     function may stand in an index, a view or a trigger.
    ///   - body: Answers a call; what it throws fails the statement, with its description.
    /// - Throws: `SQLiteFailure` when SQLite does not take the name.
    package func function(
        _ name: String,
        argumentCount: Int,
        isDeterministic: Bool,
        _ body: @escaping (borrowing SQLiteArguments) throws -> SQLValue
    ) throws {
        try answeringFunction(
            name,
            argumentCount: argumentCount,
            isDeterministic: isDeterministic
        ) { arguments in arguments.answer(try body(arguments)) }
    }

    /// The same for a body that answers by itself, so that bytes need not become a `String`.
    func answeringFunction(
        _ name: String,
        argumentCount: Int,
        isDeterministic: Bool,
        _ body: @escaping (borrowing SQLiteArguments) throws -> Void
    ) throws {
        let trust = isDeterministic ? SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS : SQLITE_DIRECTONLY
        let code = sqlite3_create_function_v2(
            database,
            name,
            Int32(argumentCount),
            SQLITE_UTF8 | trust,
            Unmanaged.passRetained(SQLiteFunctionBody(body)).toOpaque(),
            { context, count, values in
                guard let context, let data = sqlite3_user_data(context) else { return }
                let body = Unmanaged<SQLiteFunctionBody>.fromOpaque(data).takeUnretainedValue()
                body.answer(
                    SQLiteArguments(context: context, count: Int(count), values: values)
                )
            },
            nil,
            nil,
            { $0.map { Unmanaged<SQLiteFunctionBody>.fromOpaque($0).release() } }
        )
        guard code == SQLITE_OK else { throw failure(code, sql: "") }
    }

    /// Lets SQL on this connection compare texts by a Swift function.
    ///
    /// - Parameters:
    ///   - name: As in SQL, in any case.
    ///   - compare: Negative, zero or positive. It must put all texts in one order, or indexes that
    ///     use it are corrupt; it must never change while such an index exists.
    /// - Throws: `SQLiteFailure` when SQLite does not take the name.
    package func collation(
        _ name: String,
        _ compare: @escaping (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Int
    ) throws {
        let code = sqlite3_create_collation_v2(
            database,
            name,
            SQLITE_UTF8,
            Unmanaged.passRetained(SQLiteCollationBody(compare)).toOpaque(),
            { data, leftCount, left, rightCount, right in
                guard let data else { return 0 }
                let body = Unmanaged<SQLiteCollationBody>.fromOpaque(data).takeUnretainedValue()
                let order = body.compare(bytes(left, leftCount), bytes(right, rightCount))
                return Int32(order.signum())
            },
            { $0.map { Unmanaged<SQLiteCollationBody>.fromOpaque($0).release() } }
        )
        guard code == SQLITE_OK else { throw failure(code, sql: "") }
    }
}

private func bytes(_ start: UnsafeRawPointer?, _ count: Int32) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: start?.assumingMemoryBound(to: UInt8.self), count: Int(count))
}

/// A function's closure, where a C pointer can reach it.
private final class SQLiteFunctionBody {
    private let body: (borrowing SQLiteArguments) throws -> Void

    init(_ body: @escaping (borrowing SQLiteArguments) throws -> Void) {
        self.body = body
    }

    func answer(_ arguments: borrowing SQLiteArguments) {
        do {
            try body(arguments)
        } catch {
            arguments.refuse(String(describing: error))
        }
    }
}

/// A collation's closure, where a C pointer can reach it.
private final class SQLiteCollationBody {
    let compare: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Int

    init(
        _ compare: @escaping (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Int
    ) {
        self.compare = compare
    }
}
