/// Writes JSON text straight into bytes.
///
/// Commas are put where they belong; that keys stand in objects and that what begins also ends is
/// the caller's duty. Nothing is escaped but what RFC 8259 requires.
///
/// ```swift
/// var writer = JSONWriter()
/// writer.beginObject()
/// writer.key("Subject")
/// writer.string("Printer on fire")
/// writer.endObject()
/// ```
package struct JSONWriter: Sendable {
    /// What has been written so far.
    package private(set) var bytes: [UInt8]

    private let isPretty: Bool
    private var depth = 0
    /// Whether something stands before, in the same object or array.
    private var needsComma = false
    /// Whether a key was just written, so that its value follows on the same line.
    private var isAfterKey = false

    /// A writer of one JSON text, with room for `capacity` bytes from the start.
    ///
    /// If it is pretty, it breaks lines and indents by two blanks.
    package init(capacity: Int = 1_024, isPretty: Bool = false) {
        bytes = []
        bytes.reserveCapacity(capacity)
        self.isPretty = isPretty
    }
}

// MARK: Structure

extension JSONWriter {
    /// Writes `{`.
    package mutating func beginObject() {
        begin(UInt8(ascii: "{"))
    }

    /// Writes `}`.
    package mutating func endObject() {
        end(UInt8(ascii: "}"))
    }

    /// Writes `[`.
    package mutating func beginArray() {
        begin(UInt8(ascii: "["))
    }

    /// Writes `]`.
    package mutating func endArray() {
        end(UInt8(ascii: "]"))
    }

    /// Writes the name of the member whose value comes next.
    package mutating func key(_ key: JSONKey) {
        key.bytes.withUnsafeBufferPointer { prepared in
            if isPretty {
                separate()
                // Between the prepared comma and colon is the name.
                bytes.append(contentsOf: prepared[1...])
                bytes.append(UInt8(ascii: " "))
            } else if needsComma {
                bytes.append(contentsOf: prepared)
            } else {
                bytes.append(contentsOf: prepared[1...])
            }
        }
        startValueAfterKey()
    }

    /// Writes a name that is known only now; `key(_: JSONKey)` is faster for those known before.
    package mutating func key(_ name: String) {
        separate()
        bytes.appendJSONString(name)
        bytes.append(UInt8(ascii: ":"))
        if isPretty { bytes.append(UInt8(ascii: " ")) }
        startValueAfterKey()
    }

    private mutating func begin(_ bracket: UInt8) {
        startValue()
        bytes.append(bracket)
        depth += 1
        needsComma = false
    }

    private mutating func end(_ bracket: UInt8) {
        depth -= 1
        if isPretty, needsComma { breakLine() }
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func startValueAfterKey() {
        needsComma = false
        isAfterKey = true
    }

    /// Puts what must stand between the value before and the one that comes.
    private mutating func startValue() {
        if isAfterKey {
            isAfterKey = false
        } else {
            separate()
        }
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        if isPretty, depth > 0 { breakLine() }
    }

    private mutating func breakLine() {
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: max(0, depth) * 2))
    }
}

// MARK: Values

extension JSONWriter {
    /// Writes `null`.
    package mutating func null() {
        startValue()
        bytes.append(contentsOf: "null".utf8)
    }

    /// Writes `true` or `false`.
    package mutating func bool(_ value: Bool) {
        startValue()
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    /// Writes an integer.
    package mutating func int(_ value: Int64) {
        startValue()
        bytes.appendInteger(value)
    }

    /// Writes an integer.
    package mutating func int(_ value: Int) {
        int(Int64(value))
    }

    /// Writes a binary number, or `null` for infinities and not-a-number.
    package mutating func double(_ value: Double) {
        startValue()
        if !bytes.appendDouble(value) { bytes.append(contentsOf: "null".utf8) }
    }

    /// Writes an exact decimal with one decimal at least: 12500 at scale 4 is `1.25`.
    ///
    /// The scale is 0 to 18.
    package mutating func decimal(_ value: Int64, scale: Int) {
        startValue()
        bytes.appendDecimal(value, scale: scale)
    }

    /// Writes a string, escaped.
    package mutating func string(_ value: String) {
        startValue()
        bytes.appendJSONString(value)
    }

    /// Writes a string from its UTF-8 bytes, which must be well-formed: they are not checked.
    package mutating func string(utf8: UnsafeRawBufferPointer) {
        startValue()
        bytes.appendJSONString(utf8)
    }

    /// Writes a value that is JSON text already: it is not checked.
    package mutating func raw(_ json: [UInt8]) {
        startValue()
        bytes.append(contentsOf: json)
    }

    /// Writes a value that is JSON text already: it is not checked.
    package mutating func raw(_ json: UnsafeRawBufferPointer) {
        startValue()
        bytes.append(contentsOf: json)
    }

    /// Writes `"2026-01-01"`, or `null` outside the years 1 to 9999.
    package mutating func date(daysSinceEpoch: Int) {
        quoted { $0.appendDate(daysSinceEpoch: daysSinceEpoch) }
    }

    /// Writes `"2026-01-01T00:00:00.000+0000"`, or `null` outside the years 1 to 9999.
    package mutating func datetime(
        millisecondsSinceEpoch: Int64,
        zone: [UInt8].ZoneForm = .offset
    ) {
        quoted {
            $0.appendDatetime(millisecondsSinceEpoch: millisecondsSinceEpoch, zone: zone)
        }
    }

    /// Writes `"10:30:00.000Z"`, or `null` for what is not a moment of one day.
    package mutating func time(millisecondsOfDay: Int) {
        quoted { $0.appendTime(millisecondsOfDay: millisecondsOfDay) }
    }

    /// Writes a whole tree.
    package mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let bool): self.bool(bool)
        case .number(let number):
            startValue()
            bytes.append(contentsOf: number.literal.utf8)
        case .string(let string): self.string(string)
        case .array(let elements):
            beginArray()
            for element in elements { self.value(element) }
            endArray()
        case .object(let object):
            beginObject()
            for member in object.members {
                key(member.name)
                self.value(member.value)
            }
            endObject()
        }
    }

    private mutating func quoted(_ write: (inout [UInt8]) -> Bool) {
        startValue()
        bytes.append(UInt8(ascii: "\""))
        if write(&bytes) {
            bytes.append(UInt8(ascii: "\""))
        } else {
            bytes.removeLast()
            bytes.append(contentsOf: "null".utf8)
        }
    }
}
