/// One element of an XML file, with the line it stands on.
package struct SourceElement: Sendable {
    /// The name without its prefix.
    package let name: String
    package let line: Int
    /// The line of the first character of its text that is no space.
    package var textLine: Int
    package var text: String
    package var children: [SourceElement]

    package init(name: String, line: Int) {
        self.name = name
        self.line = line
        textLine = line
        text = ""
        children = []
    }

    package func first(_ name: String) -> SourceElement? { children.first { $0.name == name } }

    package func all(_ name: String) -> [SourceElement] { children.filter { $0.name == name } }

    /// Its own text without the spaces around it; `nil` where nothing is left.
    package var trimmed: String? {
        let trimmed = SourceElement.trimmed(text)
        return trimmed.isEmpty ? nil : trimmed
    }

    /// The text of a child.
    package func string(_ name: String) -> String? { first(name)?.trimmed }

    package func boolean(_ name: String) -> Bool? {
        switch string(name)?.lowercased() {
        case "true", "1": true
        case "false", "0": false
        default: nil
        }
    }

    package func integer(_ name: String) -> Int? { string(name).flatMap { Int($0) } }

    private static func trimmed(_ text: String) -> String {
        let isSpace: (Character) -> Bool = { $0.isWhitespace }
        guard let first = text.firstIndex(where: { !isSpace($0) }),
            let last = text.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(text[first...last])
    }
}

/// Why a file is no XML that can be read, and where.
package struct SourceFault: Error, Hashable, Sendable {
    package let line: Int
    package let message: String
}

/// Reads the XML of which metadata files consist: elements and text.
///
/// There are no document types, and so no entities but the five of XML itself: nothing that a file
/// says can make the reader fetch or multiply anything.
package struct SourceXML {
    /// Elements within elements, at most.
    private static let depthMax = 64
    /// Bytes of one file, at most.
    package static let sizeMax = 16 << 20

    private let bytes: [UInt8]
    private var at = 0
    private var line = 1

    /// - Returns: the root element.
    package static func read(_ bytes: [UInt8]) throws(SourceFault) -> SourceElement {
        guard bytes.count <= sizeMax else {
            throw SourceFault(line: 0, message: "is larger than \(sizeMax >> 20) MB")
        }
        let isUTF8 = bytes.withUnsafeBytes { UTF8Check.firstInvalidOffset(in: $0) == nil }
        guard isUTF8 else { throw SourceFault(line: 0, message: "is no UTF-8 text") }
        var reader = SourceXML(bytes: bytes)
        return try reader.document()
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
    }

    private mutating func document() throws(SourceFault) -> SourceElement {
        try skipMisc()
        guard peek == UInt8(ascii: "<") else { throw fault("is no XML: an element is expected") }
        let root = try elements()
        try skipMisc()
        guard at == bytes.count else { throw fault("has more after its root element") }
        return root
    }

    /// The element that begins here, with all it holds; open elements are on a stack of our own.
    private mutating func elements() throws(SourceFault) -> SourceElement {
        var open: [SourceElement] = []
        while true {
            guard at < bytes.count else {
                let name = open.last?.name ?? ""
                throw fault("ends within <\(name)>, which began in line \(open.last?.line ?? 0)")
            }
            if starts(with: "<!--") {
                try skip(past: "-->", from: "<!--")
            } else if starts(with: "<![CDATA[") {
                try character(data: &open)
            } else if starts(with: "<?") {
                try skip(past: "?>", from: "<?")
            } else if starts(with: "<!") {
                throw fault("has a declaration that is not taken")
            } else if starts(with: "</") {
                if let root = try close(&open) { return root }
            } else if peek == UInt8(ascii: "<") {
                let (element, isEmpty) = try begin()
                if !isEmpty {
                    guard open.count < Self.depthMax else {
                        throw fault("has more than \(Self.depthMax) elements within each other")
                    }
                    open.append(element)
                } else if open.isEmpty {
                    return element
                } else {
                    open[open.count - 1].children.append(element)
                }
            } else {
                try text(&open)
            }
        }
    }

    private mutating func begin() throws(SourceFault) -> (SourceElement, isEmpty: Bool) {
        let start = line
        at += 1
        let element = SourceElement(name: try name(), line: start)
        while true {
            skipSpaces()
            guard let byte = peek else { throw fault("ends within a tag") }
            if byte == UInt8(ascii: ">") {
                at += 1
                return (element, false)
            }
            if starts(with: "/>") {
                at += 2
                return (element, true)
            }
            _ = try name()
            skipSpaces()
            guard peek == UInt8(ascii: "=") else { throw fault("an attribute needs a value") }
            at += 1
            skipSpaces()
            guard let quote = peek, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
                throw fault("an attribute's value needs quotes")
            }
            at += 1
            while let byte = peek, byte != quote { step(byte) }
            guard peek == quote else { throw fault("ends within an attribute") }
            at += 1
        }
    }

    private mutating func close(
        _ open: inout [SourceElement]
    ) throws(SourceFault) -> SourceElement? {
        at += 2
        let name = try name()
        skipSpaces()
        guard peek == UInt8(ascii: ">"), let element = open.popLast() else {
            throw fault("an end tag is not well formed")
        }
        at += 1
        guard element.name == name else {
            throw fault("</\(name)> does not close <\(element.name)> of line \(element.line)")
        }
        if open.isEmpty { return element }
        open[open.count - 1].children.append(element)
        return nil
    }

    private mutating func text(_ open: inout [SourceElement]) throws(SourceFault) {
        var found: [UInt8] = []
        var firstLine: Int?
        while let byte = peek, byte != UInt8(ascii: "<") {
            if byte > 0x20 && firstLine == nil { firstLine = line }
            if byte == UInt8(ascii: "&") {
                found += Array(try reference().utf8)
            } else {
                if byte != UInt8(ascii: "\r") { found.append(byte) }
                step(byte)
            }
        }
        add(found, firstLine, to: &open)
    }

    private mutating func character(data open: inout [SourceElement]) throws(SourceFault) {
        at += 9
        let start = at
        let firstLine = line
        try skip(past: "]]>", from: "")
        let found = bytes[start..<max(start, at - 3)].filter { $0 != UInt8(ascii: "\r") }
        add(Array(found), firstLine, to: &open)
    }

    private func add(_ found: [UInt8], _ firstLine: Int?, to open: inout [SourceElement]) {
        guard !open.isEmpty else { return }
        let last = open.count - 1
        if let firstLine, open[last].trimmed == nil { open[last].textLine = firstLine }
        open[last].text += String(decoding: found, as: UTF8.self)
    }

    private static let entities = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]

    private mutating func reference() throws(SourceFault) -> String {
        let rest = bytes[at...].prefix(12)
        guard let end = rest.firstIndex(of: UInt8(ascii: ";")) else {
            throw fault("has a `&` that is no `&amp;`")
        }
        let name = String(decoding: bytes[(at + 1)..<end], as: UTF8.self)
        at = end + 1
        if let text = Self.entities[name] { return text }
        let digits = name.dropFirst(name.hasPrefix("#x") || name.hasPrefix("#X") ? 2 : 1)
        let radix = name.hasPrefix("#x") || name.hasPrefix("#X") ? 16 : 10
        if name.hasPrefix("#"), let number = UInt32(digits, radix: radix),
            let scalar = Unicode.Scalar(number)
        {
            return String(Character(scalar))
        }
        throw fault("has the entity `&\(name);`, which is not known")
    }

    /// A name without its prefix.
    private mutating func name() throws(SourceFault) -> String {
        let start = at
        while let byte = peek, !" \t\r\n=/><\"'&".utf8.contains(byte) { at += 1 }
        guard at > start else { throw fault("a name is expected") }
        let name = String(decoding: bytes[start..<at], as: UTF8.self)
        return name.split(separator: ":").last.map(String.init) ?? name
    }

    private mutating func skipMisc() throws(SourceFault) {
        while true {
            skipSpaces()
            if starts(with: "<?") {
                try skip(past: "?>", from: "<?")
            } else if starts(with: "<!--") {
                try skip(past: "-->", from: "<!--")
            } else if starts(with: "<!") {
                throw fault("has a document type, which is not taken")
            } else {
                return
            }
        }
    }

    private mutating func skip(past end: String, from begin: String) throws(SourceFault) {
        let start = line
        at += begin.utf8.count
        while let byte = peek {
            if starts(with: end) {
                at += end.utf8.count
                return
            }
            step(byte)
        }
        throw SourceFault(line: start, message: "`\(end)` is missing")
    }

    private mutating func skipSpaces() {
        while let byte = peek, " \t\r\n".utf8.contains(byte) { step(byte) }
    }

    private mutating func step(_ byte: UInt8) {
        if byte == UInt8(ascii: "\n") { line += 1 }
        at += 1
    }

    private var peek: UInt8? { at < bytes.count ? bytes[at] : nil }

    private func starts(with text: String) -> Bool {
        bytes[min(at, bytes.count)...].starts(with: text.utf8)
    }

    private func fault(_ message: String) -> SourceFault {
        SourceFault(line: line, message: message)
    }
}
