import Foundation
import FoundationXML
import Metadata

/// A SOAP envelope's operation and leaf elements, by local names.
struct SOAPEnvelope {
    /// The local name of the body's one child.
    let operation: String
    /// The texts of elements without children, by their path of local names.
    ///
    /// A path has three names, the envelope not counted. One that occurs again has several texts.
    private let leaves: [[String]: [String]]

    /// Reads an envelope, whose size the caller has limited.
    init(_ bytes: [UInt8]) throws(SOAPReadFailure) {
        let delegate = LeafCollector()
        let parser = XMLParser(data: Data(try Self.safeXML(bytes)))
        parser.shouldResolveExternalEntities = false
        parser.delegate = delegate
        // What parse() returns is not enough: it can be true for XML that is cut short or has its
        // tags crossed.
        let isParsed = parser.parse()
        if let place = delegate.firstFault {
            throw .malformed(line: place.line, column: place.column)
        }
        guard isParsed, delegate.isAtEnd else {
            throw .malformed(line: max(1, parser.lineNumber), column: max(1, parser.columnNumber))
        }
        guard delegate.root == "Envelope", delegate.operations.count == 1,
            let operation = delegate.operations.first
        else { throw .notAnEnvelope }
        self.operation = operation
        leaves = delegate.leaves
    }

    /// The text of an element of a header, trimmed; `nil` when it is absent or empty.
    func header(_ name: String, _ element: String) throws(SOAPReadFailure) -> String? {
        guard let text = try leaf(["Header", name, element]) else { return nil }
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return trimmed.isEmpty ? nil : trimmed
    }

    /// The text of an element of the operation, as it stands; `nil` when it is absent.
    func argument(_ element: String) throws(SOAPReadFailure) -> String? {
        try leaf(["Body", operation, element])
    }

    private func leaf(_ path: [String]) throws(SOAPReadFailure) -> String? {
        guard let texts = leaves[path] else { return nil }
        // Which one counts would be a guess, and a proxy before us might guess otherwise.
        guard texts.count == 1 else { throw .repeated(path.last ?? "") }
        return texts.first
    }

    /// The XML without what may stand before it, if it is of the harmless kind.
    ///
    /// Only UTF-8 is let through, so that what is looked for here means the same to the parser:
    /// another encoding could hide a document type declaration.
    private static func safeXML(_ bytes: [UInt8]) throws(SOAPReadFailure) -> ArraySlice<UInt8> {
        let isUTF8 = bytes.withUnsafeBytes { UTF8Check.firstInvalidOffset(in: $0) == nil }
        var xml = bytes[...]
        if xml.starts(with: [0xEF, 0xBB, 0xBF]) { xml = xml.dropFirst(3) }
        xml = xml.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
        guard isUTF8, declaresUTF8(xml) else { throw .encoding }
        guard !contains("<!DOCTYPE", in: xml), !contains("<!ENTITY", in: xml) else {
            throw .documentType
        }
        return xml
    }

    /// Whether the XML declaration, if there is one, names UTF-8 or no encoding.
    private static func declaresUTF8(_ xml: ArraySlice<UInt8>) -> Bool {
        guard xml.starts(with: "<?xml".utf8), let end = xml.firstIndex(of: UInt8(ascii: ">"))
        else { return true }
        let declaration = String(decoding: xml[..<end], as: UTF8.self).lowercased()
        guard let encoding = declaration.range(of: "encoding") else { return true }
        let name = declaration[encoding.upperBound...].drop { " \t\r\n=\"'".contains($0) }
        return ["utf-8", "utf8", "us-ascii"].contains { name.hasPrefix($0) }
    }

    private static func contains(_ wanted: String, in xml: ArraySlice<UInt8>) -> Bool {
        let wanted = Array(wanted.utf8)
        return xml.indices.contains { index in
            xml[index] == wanted[0] && xml[index...].starts(with: wanted)
        }
    }
}

/// Collects what an envelope's elements say while XMLParser walks over them.
private final class LeafCollector: NSObject, XMLParserDelegate {
    private(set) var root: String?
    private(set) var operations: [String] = []
    private(set) var leaves: [[String]: [String]] = [:]
    private(set) var firstFault: (line: Int, column: Int)?
    private(set) var isAtEnd = false

    /// The open elements below the root.
    private var path: [String] = []
    private var depth = 0
    private var text = ""
    private var undeclaredPrefixCount = 0
    private static let undeclaredPrefixCountMax = 32
    /// Whether the element opened last has had no children.
    private var isLeaf = false

    func parser(
        _ parser: XMLParser,
        didStartElement elementName: String,
        namespaceURI: String?,
        qualifiedName qName: String?,
        attributes attributeDict: [String: String]
    ) {
        let name = localName(elementName)
        depth += 1
        if depth == 1 {
            root = name
        } else {
            path.append(name)
            if path.count == 2, path.first == "Body" { operations.append(name) }
        }
        text = ""
        isLeaf = true
    }

    func parser(
        _ parser: XMLParser,
        didEndElement elementName: String,
        namespaceURI: String?,
        qualifiedName qName: String?
    ) {
        // Everything of interest is that deep: a header or operation, and in it an element.
        if isLeaf, path.count == 3 { leaves[path, default: []].append(text) }
        isLeaf = false
        depth -= 1
        if !path.isEmpty { path.removeLast() }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        text += string
    }

    func parser(_ parser: XMLParser, foundCDATA block: Data) {
        text += String(decoding: block, as: UTF8.self)
    }

    func parser(_ parser: XMLParser, parseErrorOccurred parseError: any Error) {
        guard firstFault == nil else { return }
        // Some clients use prefixes that they have not declared; local names are all we need.
        let undeclaredPrefix = 201
        if (parseError as NSError).code == undeclaredPrefix {
            undeclaredPrefixCount += 1
            if undeclaredPrefixCount <= Self.undeclaredPrefixCountMax { return }
        }
        firstFault = (parser.lineNumber, parser.columnNumber)
        // Foundation never frees what it allocates for an error it reports here, so that a text
        // full of errors must not be read to its end.
        parser.abortParsing()
    }

    func parserDidEndDocument(_ parser: XMLParser) {
        isAtEnd = true
    }

    /// The name without its prefix.
    private func localName(_ name: String) -> String {
        guard let colon = name.lastIndex(of: ":") else { return name }
        return String(name[name.index(after: colon)...])
    }
}
