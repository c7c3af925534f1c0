/// What a field can hold, with what that kind needs to know.
///
/// The names are those of the Metadata API's field types. Switches over this enum have no `default`:
/// the compiler lists what a new type touches.
package enum FieldType: Sendable {
    /// The record's own id.
    case id
    case text(length: Int)
    case longTextArea(length: Int)
    case html(length: Int)
    /// Text that is sealed at rest and masked for those without "View Encrypted Data".
    case encryptedText(length: Int)
    case email
    case phone
    case url
    case checkbox
    /// Exact decimals: `precision` digits in all, `scale` of them behind the point.
    case number(precision: Int, scale: Int)
    case currency(precision: Int, scale: Int)
    case percent(precision: Int, scale: Int)
    case date
    case dateTime
    case time
    case picklist(Picklist)
    case multiselectPicklist(Picklist)
    case lookup(Reference)
    case masterDetail(Reference)
    /// `CASE-{00000000}`: the braces hold the least number of digits.
    case autoNumber(format: String)
    /// A compound of street, city, state, postal code, country and coordinates.
    case address
    /// A compound of two coordinates.
    case location
    /// Degrees; a component of an address or a location.
    case coordinate
    /// A file's bytes, kept beside the database.
    case file
    /// Computed when read.
    case formula(Formula)
    /// Computed from child records.
    case summary(Summary)

    /// A formula field's declaration.
    package struct Formula: Sendable, CustomStringConvertible {
        /// What a formula field gives: the type that it has for whoever reads it.
        package enum Result: String, Sendable, CaseIterable {
            case checkbox = "Checkbox"
            case currency = "Currency"
            case date = "Date"
            case dateTime = "DateTime"
            case number = "Number"
            case percent = "Percent"
            case text = "Text"
            case time = "Time"
        }

        package let returns: Result
        package let precision: Int
        package let scale: Int
        package let expression: String
        /// Whether an empty number counts as zero (`BlankAsZero`); else it makes the result empty.
        package let treatsBlanksAsZero: Bool
        /// The field's declaration, for problems found later.
        package let declaration: ShapedMap?

        package init(
            returns: Result,
            precision: Int = 18,
            scale: Int = 2,
            expression: String,
            treatsBlanksAsZero: Bool = true,
            declaration: ShapedMap? = nil
        ) {
            self.returns = returns
            self.precision = precision
            self.scale = scale
            self.expression = expression
            self.treatsBlanksAsZero = treatsBlanksAsZero
            self.declaration = declaration
        }

        /// What it says, wherever it stands.
        package var description: String {
            "\(returns.rawValue)(\(precision), \(scale)) \(treatsBlanksAsZero) \(expression)"
        }

        /// The longest text that a formula gives, in characters.
        package static let lengthMax = 3_900
    }
}

extension FieldType {
    /// Whether its value is worked out from other fields whenever it is read.
    package var isFormula: Bool {
        if case .formula = self { true } else { false }
    }
}

/// Where a lookup or master-detail field points, and what a deletion there does here.
package struct Reference: Sendable {
    /// What a delete of the parent does to the child.
    package enum DeleteConstraint: String, Sendable, CaseIterable {
        /// The field is cleared.
        case setNull = "SetNull"
        /// The delete is refused while children are there.
        case restrict = "Restrict"
        /// The children are deleted too.
        case cascade = "Cascade"
    }

    /// The objects it may point to: one, or several for a polymorphic field.
    package let targets: [APIName]
    /// The name under which a parent's query finds these children: `Contacts`.
    package let childRelationshipName: APIName?
    package let deleteConstraint: DeleteConstraint
    /// Whether who was given the child may read the parent, and whom the parent's owner, team and
    /// shares bring to the child.
    package let sharesImplicitly: Bool

    package init(
        targets: [APIName],
        childRelationshipName: APIName?,
        deleteConstraint: DeleteConstraint,
        sharesImplicitly: Bool = false
    ) {
        self.targets = targets
        self.childRelationshipName = childRelationshipName
        self.deleteConstraint = deleteConstraint
        self.sharesImplicitly = sharesImplicitly
    }

    package var isPolymorphic: Bool { targets.count > 1 }
}

/// The values a picklist field offers.
package struct Picklist: Sendable {
    package struct Value: Sendable, Hashable {
        /// What is stored and sent.
        package let name: String
        package let label: String
        package let isDefault: Bool
        package let isActive: Bool
        /// Named marks, such as `closed`, from which other fields derive.
        package let marks: Set<String>
        /// The controlling field's values under which this one is offered; empty: under all.
        package let controllingValues: [String]

        package init(
            name: String,
            label: String,
            isDefault: Bool = false,
            isActive: Bool = true,
            marks: Set<String> = [],
            controllingValues: [String] = []
        ) {
            self.name = name
            self.label = label
            self.isDefault = isDefault
            self.isActive = isActive
            self.marks = marks
            self.controllingValues = controllingValues
        }
    }

    package let values: [Value]
    /// Whether other values are refused.
    package let isRestricted: Bool
    package let controllingField: APIName?

    package init(values: [Value], isRestricted: Bool, controllingField: APIName? = nil) {
        self.values = values
        self.isRestricted = isRestricted
        self.controllingField = controllingField
    }

    /// The value of that name, without regard to case.
    package func value(named name: String) -> Value? {
        values.first { $0.name == name }
            ?? values.first { $0.name.lowercased() == name.lowercased() }
    }

    package var defaultValue: Value? { values.first(where: \.isDefault) }
}

extension FieldType {
    /// Whether a platform event may have a field of this type.
    var isInEvents: Bool {
        switch self {
        case .text, .longTextArea, .number, .checkbox, .date, .dateTime: true
        case .id, .html, .encryptedText, .email, .phone, .url, .currency, .percent, .time,
            .picklist, .multiselectPicklist, .lookup, .masterDetail, .autoNumber, .address,
            .location, .coordinate, .file, .formula, .summary:
            false
        }
    }
}
