import Gateway
import Kernel
import Metadata

/// The values of a record in a request's body: JSON, or a form with JSON and files.
enum RecordForm {
    /// The body's members; files are base64 text under their fields' names.
    static func values(_ call: APICall) throws -> JSONObject {
        guard let type = call.request.header("content-type"),
            type.lowercased().hasPrefix("multipart/form-data")
        else { return try call.jsonObject() }
        return try values(ofForm: call.request.body, type: type)
    }

    static func values(ofForm body: [UInt8], type: String) throws -> JSONObject {
        let parts = try MultipartBody.parts(of: body, contentType: type)
        guard let index = parts.firstIndex(where: \.isJSON) else {
            throw RecordError(
                .invalidInput,
                "The form has no part with the Content-Type application/json"
            )
        }
        guard var values = try APICall.parse(Array(parts[index].bytes)).object else {
            throw RecordError(.jsonParserError, "The JSON part must be an object")
        }
        for (position, part) in parts.enumerated() where position != index {
            values = values.without(part.name)
                .adding(part.name, .string(Base64.encode(part.bytes)))
        }
        return values
    }
}

/// A form with files, taken apart.
///
/// Source: RFC 7578.
package struct MultipartBody {
    /// One part: its field's name and its bytes, which are not copied.
    package struct Part {
        package let name: String
        package let fileName: String?
        package let contentType: String?
        package let bytes: ArraySlice<UInt8>

        /// The part with the record's values: says that it is JSON, or says nothing and is no file.
        var isJSON: Bool {
            guard let contentType else { return fileName == nil }
            return contentType.lowercased().contains("json") && fileName == nil
        }
    }

    private static let lineBreak = Array("\r\n".utf8)

    /// - Parameter contentType: with the boundary, quoted or not.
    /// - Throws: `RecordError` where the body is no such form.
    package static func parts(of body: [UInt8], contentType: String) throws -> [Part] {
        guard let boundary = parameter("boundary", of: contentType), !boundary.isEmpty else {
            throw malformed("the Content-Type header names no boundary")
        }
        let delimiter = Array("--\(boundary)".utf8)
        guard var position = find(delimiter, in: body, from: 0) else {
            throw malformed("the boundary does not occur")
        }
        var parts: [Part] = []
        while true {
            position += delimiter.count
            if body[position...].starts(with: Array("--".utf8)) { return parts }
            guard parts.count < partsMax else { throw malformed("more than \(partsMax) parts") }
            guard let start = find(lineBreak, in: body, from: position),
                let end = find(lineBreak + delimiter, in: body, from: start)
            else { throw malformed("the last boundary is missing") }
            parts.append(try part(body, start + lineBreak.count, max(end, start + 2)))
            position = end + lineBreak.count
        }
    }

    private static let partsMax = 100

    /// A part between the line break after its boundary and the one before the next.
    private static func part(_ body: [UInt8], _ start: Int, _ end: Int) throws -> Part {
        var headers: [String: String] = [:]
        var position = start
        while true {
            guard let lineEnd = find(lineBreak, in: body, from: position), lineEnd <= end else {
                throw malformed("a part has no blank line after its headers")
            }
            let line = String(decoding: body[position..<lineEnd], as: UTF8.self)
            position = lineEnd + lineBreak.count
            if line.isEmpty { break }
            let sides = line.split(separator: ":", maxSplits: 1).map(String.init)
            if sides.count == 2 { headers[sides[0].trimmed.lowercased()] = sides[1].trimmed }
        }
        guard let name = headers["content-disposition"].flatMap({ parameter("name", of: $0) })
        else { throw malformed("a part has no name") }
        return Part(
            name: name,
            fileName: headers["content-disposition"].flatMap { parameter("filename", of: $0) },
            contentType: headers["content-type"],
            bytes: body[min(position, end)..<end]
        )
    }

    /// The value of `name=value` or `name="value"` among a header's parameters.
    private static func parameter(_ name: String, of header: String) -> String? {
        for option in header.split(separator: ";").dropFirst() {
            let sides = option.split(separator: "=", maxSplits: 1).map { String($0).trimmed }
            guard sides.count == 2, sides[0].lowercased() == name else { continue }
            let value = sides[1]
            guard value.utf8.count >= 2, value.hasPrefix("\""), value.hasSuffix("\"") else {
                return value
            }
            return String(value.dropFirst().dropLast())
        }
        return nil
    }

    private static func find(_ needle: [UInt8], in body: [UInt8], from start: Int) -> Int? {
        guard let first = needle.first, body.count >= needle.count else { return nil }
        var position = start
        while position <= body.count - needle.count {
            guard let found = body[position...].firstIndex(of: first),
                found <= body.count - needle.count
            else { return nil }
            if body[found...].starts(with: needle) { return found }
            position = found + 1
        }
        return nil
    }

    private static func malformed(_ reason: String) -> RecordError {
        RecordError(.invalidInput, "The multipart body is malformed: \(reason)")
    }
}

/// Base64 with padding, in one line.
enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )

    static func encode(_ bytes: some Collection<UInt8>) -> String {
        var output: [UInt8] = []
        output.reserveCapacity((bytes.count + 2) / 3 * 4)
        var group: UInt32 = 0
        var count = 0
        for byte in bytes {
            group = group << 8 | UInt32(byte)
            count += 1
            if count == 3 {
                append(group, digits: 4, to: &output)
                group = 0
                count = 0
            }
        }
        if count > 0 {
            append(group << (8 * UInt32(3 - count)), digits: count + 1, to: &output)
            output.append(contentsOf: repeatElement(UInt8(ascii: "="), count: 3 - count))
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func append(_ group: UInt32, digits: Int, to output: inout [UInt8]) {
        for digit in 0..<digits {
            output.append(alphabet[Int(group >> (18 - 6 * UInt32(digit)) & 63)])
        }
    }
}
