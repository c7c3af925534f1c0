import Foundation
import Language
import Metadata
import Testing

/// Formulas of public packages: all are read, have their declared types, and print as themselves.
@Suite struct FormulaExpressionCorpusTests {
    private static let file = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "shared/data/corpus-formula/expressions.json")

    /// The corpus lies beside the package, not in it; a checkout without it skips these tests.
    private static let isPresent = FileManager.default.fileExists(atPath: file.path)

    fileprivate struct Expression: Decodable {
        private enum CodingKeys: String, CodingKey {
            case id, kind, object, formulaTreatBlanksAs, expression, references
            case returnType = "return_type"
        }

        let id: String
        let kind: String
        let object: String
        let returnType: String
        let formulaTreatBlanksAs: String?
        let expression: String
        let references: [String: String?]

        /// Without the token that a packaging tool replaces by the name of a namespace.
        var text: String { expression.replacing("%%%NAMESPACE%%%", with: "") }

        var type: FormulaType? {
            kind == "validation_rule" ? .boolean : FormulaType(returnType: returnType)
        }
    }

    /// The function that is refused on purpose.
    private static let refused = ["GETSESSIONID"]

    @Test(
        "every expression of the corpus has the type it was declared with",
        .enabled(if: isPresent, "the corpus is missing: ../shared/data/corpus-formula")
    )
    func types() throws {
        let data = try Data(contentsOf: Self.file)
        for item in try JSONDecoder().decode([Expression].self, from: data) {
            let schema = item.schema
            var scope = FormulaScope(schema: schema, object: schema.object(APIName(item.object)))
            scope.blanks = item.formulaTreatBlanksAs == "BlankAsBlank" ? .asBlank : .asZero
            scope.hasPriorRecord = item.kind == "validation_rule"
            do {
                let formula = try FormulaCompiler.compile(item.text, in: scope, as: item.type)
                #expect(item.type == nil || formula.type == item.type || formula.type == .null)
                // An empty record traps nothing, and has a value or a reason why not.
                _ = try? FormulaEvaluator().value(of: formula, in: FormulaRow())
            } catch {
                let isRefused = Self.refused.contains { item.text.contains($0) }
                #expect(
                    isRefused,
                    "\(item.id): \(error.message) (line \(error.line), column \(error.column))"
                )
            }
        }
    }

    /// Where the name stands for itself, not as the end of a longer one.
    private static func place(of name: String, in text: String) -> Range<String.Index>? {
        text.ranges(of: name).first { range in
            guard range.lowerBound > text.startIndex else { return true }
            let before = text[text.index(before: range.lowerBound)]
            return !before.isLetter && !before.isNumber && !"_.$".contains(before)
        }
    }

    @Test(
        "a name that is not there is told at its column",
        .enabled(if: isPresent, "the corpus is missing: ../shared/data/corpus-formula")
    )
    func unknownNames() throws {
        let data = try Data(contentsOf: Self.file)
        for item in try JSONDecoder().decode([Expression].self, from: data) {
            let plain = item.references.keys.filter { !$0.contains(".") && $0.hasSuffix("__c") }
            guard let name = plain.sorted().first,
                let range = Self.place(of: name, in: item.text)
            else { continue }
            let broken = item.text.replacingCharacters(in: range, with: "Zqx__c")
            let schema = item.schema
            let scope = FormulaScope(schema: schema, object: schema.object(APIName(item.object)))
            let error = #expect(throws: FormulaError.self, "\(item.id)") {
                try FormulaCompiler.compile(broken, in: scope, as: nil)
            }
            guard let error, error.message.contains("Zqx__c") else { continue }
            let offset = broken.utf8.distance(
                from: broken.startIndex,
                to: broken.firstRange(of: "Zqx__c")?.lowerBound ?? broken.endIndex
            )
            #expect(error.offset == offset, "\(item.id)")
        }
    }
}

// MARK: - Objects of the corpus

extension FormulaExpressionCorpusTests.Expression {
    /// What the corpus does not tell, by the last name of the path; all else is text.
    private static let untold: [String: FieldType] = [
        "ClosedDate": .dateTime,
        "npo02__MembershipEndDate__c": .date,
        "npo02__Membership_Grace_Period__c": .number(precision: 18, scale: 2),
        "Newsletter_Incoming__c": .number(precision: 18, scale: 2),
        "Start_Month_of_Fiscal_Year__c": .number(precision: 18, scale: 0),
        "npe01__Preferred_Email__c": FormulaWorld.picklist(),
        "Grade_Level__c": FormulaWorld.picklist(),
        "Salutation": FormulaWorld.picklist(),
        "Test_Type__c": FormulaWorld.picklist(),
        "Account__c": FormulaWorld.lookup("Account__c_Parent"),
        "Parent_Facility__c": FormulaWorld.lookup("Parent_Facility__r_Parent"),
        "npo02__Household__c": FormulaWorld.lookup("Account"),
        "npe01__One2OneContact__c": FormulaWorld.lookup("Contact"),
    ]

    private func fieldType(_ name: String, _ told: String?) -> FieldType {
        switch told {
        case "Number", "Summary": .number(precision: 18, scale: 2)
        case "Picklist": FormulaWorld.picklist()
        case "MultiselectPicklist": .multiselectPicklist(Picklist(values: [], isRestricted: false))
        case "Date": .date
        case "DateTime": .dateTime
        case "Time": .time
        case "Checkbox": .checkbox
        case "Url": .url
        case "Id": .id
        case "Lookup", "MetadataRelationship": FormulaWorld.lookup("Thing__c")
        case "LongTextArea", "TextArea": .longTextArea(length: 1_000)
        case "Text": .text(length: 255)
        default: Self.untold[name] ?? .text(length: 255)
        }
    }

    /// One object for the formula, and one for every parent that it names.
    fileprivate var schema: OrgSchema {
        let world = FormulaWorld()
        world.add(object, "Name", .text(length: 80))
        // Parents before plain fields, so that a lookup points to its own parent.
        let paths = references.keys.sorted { a, b in
            let (x, y) = (a.split(separator: ".").count, b.split(separator: ".").count)
            return x == y ? a < b : x > y
        }
        for path in paths where path != "NAMESPACE" {
            add(path.split(separator: ".").map(String.init), references[path] ?? nil, to: world)
        }
        return world.schema()
    }

    private func add(_ path: [String], _ told: String?, to world: FormulaWorld) {
        guard let last = path.last, let first = path.first else { return }
        switch first {
        case "$Setup" where path.count == 3:
            return world.add(path[1], last, fieldType(last, nil))
        case "$CustomMetadata" where path.count == 4:
            return world.add(path[1], last, fieldType(last, nil))
        case "$User": return world.add("User", last, fieldType(last, told))
        case _ where first.hasPrefix("$"): return
        // `Owner:User.Id`
        case "Owner": return world.add(object, "OwnerId", FormulaWorld.lookup("User", "Group"))
        case "User": return
        default: break
        }
        var place = object
        for parent in path.dropLast() {
            let lookup = parent.hasSuffix("__r") ? "\(parent.dropLast())c" : "\(parent)Id"
            let target = "\(parent)_Parent"
            world.add(target, "Name", .text(length: 80))
            world.add(place, lookup, FormulaWorld.lookup(target))
            place = target
        }
        world.add(place, last, fieldType(last, told))
    }
}
